/** The page of the fields that an account adds to its orders. */
import { useQuery } from '@tanstack/react-query';
import { listSource } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { OfOneAccount } from '../frame/of-one-account.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip } from '../shared/chip.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { visible } from '../shared/visible.ts';
import { AddCustomField, CustomFieldActs } from './custom-field-acts.tsx';
import type { CustomField } from './use-custom-fields.ts';

export function CustomFieldsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="customFields.list">
      <OfOneAccount icon="note" title={texts.customFields.title}>
        <ListScreen list={customFieldList(texts, me)} />
      </OfOneAccount>
    </Needs>
  );
}

function customFieldList({ customFields, orders, list }: Texts, me: Me): ListDefinition<CustomField> {
  const { columns } = customFields;
  return {
    name: 'customFields',
    title: customFields.title,
    path: '/custom-fields',
    source: listSource('customFields', 'list'),
    paging: 'whole',
    hasNoCsv: true,
    filters: me.account === null ? [{ key: 'account', label: orders.columns.account }] : [],
    views: [],
    columns: [
      {
        key: 'label',
        label: columns.label,
        width: 'minmax(140px, 1.6fr)',
        onCard: 'title',
        cell: ({ label, description }) => (
          <>
            <strong>{visible(label)}</strong>
            {description !== '' && <span className="dim small">{visible(description)}</span>}
          </>
        ),
      },
      {
        key: 'kind',
        label: columns.kind,
        width: 'minmax(110px, 1fr)',
        hasCardLabel: true,
        cell: ({ kind }) => customFields.kinds[kind],
      },
      {
        key: 'required',
        label: columns.required,
        width: '124px',
        cell: ({ isRequired }) => (isRequired ? customFields.required : customFields.optional),
      },
      {
        key: 'default',
        label: columns.default,
        width: 'minmax(110px, 1.2fr)',
        hasCardLabel: true,
        cell: ({ defaultValue, keyDefaults }) => (
          <>
            <span>{defaultValue === null ? '—' : visible(defaultValue)}</span>
            {keyDefaults.length > 0 && <span className="dim small">{customFields.keysCount(keyDefaults.length)}</span>}
          </>
        ),
      },
      {
        key: 'state',
        label: columns.state,
        width: '112px',
        onCard: 'side',
        cell: ({ isActive }) => (
          <Chip icon={isActive ? 'check' : 'stop'} tone={isActive ? 'good' : 'idle'}>
            {isActive ? customFields.states.active : customFields.states.inactive}
          </Chip>
        ),
      },
      ...(may(me, 'customFields.change')
        ? [
            {
              key: 'acts',
              label: list.acts,
              width: '200px',
              cell: (row: CustomField) => <CustomFieldActs field={row} />,
            },
          ]
        : []),
    ],
    count: customFields.count,
    empty: {
      icon: 'note',
      title: customFields.empty,
      text: customFields.emptyText,
      command: 'certmux custom-field add "Cost centre" --required',
    },
    ...(may(me, 'customFields.add') ? { tools: <AddCustomField /> } : {}),
  };
}
