/** The list of domains: which are proved, and until when. */
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import { accountColumn } from '../frame/account-column.tsx';
import type { Texts } from '../messages/texts.ts';
import { capitalized } from '../shared/capitalized.ts';
import { Chip } from '../shared/chip.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import type { Column, ListDefinition } from '../shared/list/definition.ts';
import { Prose } from '../shared/prose.tsx';
import { DaysLeft, Relative } from '../shared/time.tsx';
import { AddDomain } from './add-domain.tsx';
import { DomainBody } from './domain-body.tsx';

export type DomainRow = RowOf<'domains', 'list'>;

export function domainList(texts: Texts, me: Me): ListDefinition<DomainRow> {
  const { domains, orders } = texts;
  const canAdd = may(me, 'domains.add');
  return {
    name: 'domains',
    title: domains.title,
    path: '/domains',
    source: listSource('domains', 'list'),
    paging: 'counted',
    text: { key: 'name', placeholder: domains.search },
    filters: [
      { key: 'state', label: domains.columns.state, values: domains.states },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: [
      { key: 'all', label: domains.views.all, filters: {} },
      { key: 'active', label: domains.views.active, filters: { state: 'active' } },
      { key: 'inactive', label: domains.views.inactive, filters: { state: 'inactive' } },
    ],
    columns: columnsOf(texts, me),
    count: domains.count,
    empty: {
      icon: 'domain',
      title: domains.empty,
      text: domains.emptyText,
      command: 'certmux domain add example.com',
    },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ name }) => name,
      pathOf: (reference) => `/domains/${reference}`,
      Panel: DomainBody,
    },
    ...(canAdd ? { tools: <AddDomain /> } : {}),
  };
}

function columnsOf(texts: Texts, me: Me): readonly Column<DomainRow>[] {
  const { domains } = texts;
  const { columns } = domains;
  return [
    {
      key: 'name',
      label: columns.name,
      width: 'minmax(180px, 1.6fr)',
      onCard: 'title',
      cell: ({ name }) => <DomainName name={name} />,
    },
    ...accountColumn<DomainRow>(me, texts),
    {
      key: 'state',
      label: columns.state,
      width: '124px',
      onCard: 'side',
      cell: (row) => <DomainChip domain={row} texts={domains} />,
    },
    {
      key: 'summary',
      label: columns.summary,
      width: 'minmax(200px, 2fr)',
      cell: ({ summary }) => (
        <span className="dim">
          <Prose>{capitalized(summary)}</Prose>
        </span>
      ),
    },
    {
      key: 'proved',
      label: columns.proved,
      width: 'minmax(150px, 1fr)',
      cell: ({ provedUntil }) => (provedUntil === null ? null : <DaysLeft until={provedUntil} />),
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

export interface DomainChipProps {
  readonly domain: Pick<DomainRow, 'state' | 'provedUntil'>;
  readonly texts: Texts['domains'];
}

export function DomainChip({ domain: { state, provedUntil }, texts }: DomainChipProps) {
  if (state === 'inactive') {
    return (
      <Chip icon="stop" tone="idle">
        {texts.states.inactive}
      </Chip>
    );
  }
  return provedUntil === null ? (
    <Chip icon="clock" tone="warn">
      {texts.notProved}
    </Chip>
  ) : (
    <Chip icon="check" tone="good">
      {texts.proved}
    </Chip>
  );
}
