/** The list of organizations: what of them is verified. */
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import { accountColumn } from '../frame/account-column.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';
import type { Column, ListDefinition } from '../shared/list/definition.ts';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { AddOrganization } from './add-organization.tsx';
import { OrganizationBody } from './organization-body.tsx';
import styles from './organizations.module.css';

export type OrganizationRow = RowOf<'organizations', 'list'>;
type Validation = OrganizationRow['validations'][number];

export function organizationList(texts: Texts, me: Me): ListDefinition<OrganizationRow> {
  const { organizations, orders, list } = texts;
  const { filters, views } = organizations;
  return {
    name: 'organizations',
    title: organizations.title,
    path: '/organizations',
    source: listSource('organizations', 'list'),
    paging: 'counted',
    text: { key: 'name', placeholder: organizations.search },
    filters: [
      { key: 'waiting', label: filters.waiting, values: { true: list.yes, false: list.no } },
      { key: 'level', label: filters.level, values: organizations.levels },
      { key: 'validUntilBefore', label: filters.validUntilBefore, kind: 'date' },
      { key: 'state', label: organizations.columns.state, values: organizations.states },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: [
      { key: 'waiting', label: views.waiting, filters: { waiting: 'true' } },
      { key: 'all', label: views.all, filters: {} },
      { key: 'inactive', label: views.inactive, filters: { state: 'inactive' } },
    ],
    columns: columnsOf(texts, me),
    count: organizations.count,
    empty: { icon: 'organization', title: organizations.empty, text: organizations.emptyText },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ details }) => visible(details.name),
      pathOf: (reference) => `/organizations/${reference}`,
      Panel: OrganizationBody,
    },
    ...(may(me, 'organizations.add') ? { tools: <AddOrganization /> } : {}),
  };
}

function columnsOf(texts: Texts, me: Me): readonly Column<OrganizationRow>[] {
  const { organizations } = texts;
  const { columns } = organizations;
  return [
    {
      key: 'name',
      label: columns.name,
      width: 'minmax(180px, 2fr)',
      onCard: 'title',
      cell: ({ details }) => visible(details.name),
    },
    ...accountColumn<OrganizationRow>(me, texts),
    {
      key: 'levels',
      label: columns.levels,
      width: 'minmax(150px, 1.3fr)',
      cell: ({ validations }) => <Validations validations={validations} />,
    },
    {
      key: 'orders',
      label: columns.orders,
      width: '120px',
      hasCardLabel: true,
      cell: ({ ordersWaiting }) => (ordersWaiting === 0 ? null : ordersWaiting.toLocaleString('en')),
    },
    {
      key: 'place',
      label: columns.place,
      width: 'minmax(130px, 1.2fr)',
      isWide: true,
      cell: ({ details }) => placeOf(details),
    },
    {
      key: 'state',
      label: columns.state,
      width: '100px',
      onCard: 'none',
      cell: ({ state }) => organizations.states[state],
    },
    {
      key: 'added',
      label: columns.added,
      width: '96px',
      isWide: true,
      onCard: 'none',
      cell: ({ createdAt }) => <Relative at={createdAt} />,
    },
  ];
}

export function placeOf({ city, state, country }: OrganizationRow['details']): string {
  return visible([...new Set([city, state, country])].filter((part) => part !== '').join(', '));
}

const looks = {
  pending: ['clock', 'warn'],
  valid: ['check', 'good'],
  rejected: ['stop', 'bad'],
} as const satisfies Record<Validation['state'], readonly [IconName, Tone]>;

export function Validations({ validations }: Pick<OrganizationRow, 'validations'>) {
  const { organizations } = useTexts();
  return (
    <span className={styles.chips}>
      {validations.map(({ level, state }) => {
        const [icon, tone] = looks[state];
        return (
          <Chip key={level} icon={icon} tone={tone}>
            {organizations.validation(organizations.levels[level], organizations.validations[state])}
          </Chip>
        );
      })}
    </span>
  );
}
