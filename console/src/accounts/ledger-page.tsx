/** The ledger of an account: what came and went, and what was left. */
import { Link, useParams } from '@tanstack/react-router';
import { call, callForCsv } from '../api/call.ts';
import type { RowOf } from '../api/list.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import type { Column, ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { Back } from '../shared/object.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { useAccount } from './account-body.tsx';
import { Amount } from './account-list.tsx';

type Entry = RowOf<'accounts', 'ledger'>;

export function LedgerPage() {
  const texts = useTexts();
  const { reference = '' } = useParams({ strict: false });
  const { data } = useAccount(reference);
  const name = data === undefined ? texts.accounts.one(reference) : visible(data.name);
  return (
    <Needs operation="accounts.ledger">
      <Back to={`/accounts/${reference}`}>{name}</Back>
      <ListScreen list={ledgerList(texts, reference, name)} />
    </Needs>
  );
}

function ledgerList(texts: Texts, account: string, name: string): ListDefinition<Entry> {
  const { accounts } = texts;
  return {
    name: 'ledger',
    title: accounts.ledgerOf(name),
    path: `/accounts/${account}/ledger`,
    source: {
      noun: 'accounts',
      load: ({ limit, ...parameters }, signal) =>
        call('accounts', 'ledger', { ...parameters, ...numbered(limit), account, total: 'true' }, { signal }),
      csv: (parameters) => callForCsv('accounts', 'ledger', { ...parameters, account }),
    },
    paging: 'counted',
    filters: [
      { key: 'kind', label: accounts.ledgerColumns.kind, values: accounts.kinds },
      { key: 'from', label: accounts.from, kind: 'date' },
      { key: 'until', label: accounts.until, kind: 'date' },
      { key: 'order', label: accounts.ledgerColumns.order },
    ],
    views: [],
    columns: columnsOf(texts),
    count: accounts.entries,
    empty: { icon: 'wallet', title: accounts.noEntries, text: accounts.noEntriesText },
  };
}

function numbered(limit: string | undefined) {
  return limit === undefined ? {} : { limit: Number(limit) };
}

function columnsOf({ accounts }: Texts): readonly Column<Entry>[] {
  const { ledgerColumns: columns } = accounts;
  return [
    {
      key: 'at',
      label: columns.at,
      width: 'minmax(150px, 1.2fr)',
      onCard: 'title',
      cell: ({ at }) => <Moment at={at} />,
    },
    { key: 'kind', label: columns.kind, width: '84px', cell: ({ kind }) => accounts.kinds[kind] },
    {
      key: 'amount',
      label: columns.amount,
      width: 'minmax(110px, 1fr)',
      onCard: 'side',
      cell: ({ amount, kind }) => (
        <Amount minor={kind === 'charge' ? -Math.abs(amount.minor) : amount.minor}>{amount.amount}</Amount>
      ),
    },
    {
      key: 'after',
      label: columns.after,
      width: 'minmax(110px, 1fr)',
      hasCardLabel: true,
      cell: ({ balanceAfter }) => <Amount minor={balanceAfter.minor}>{balanceAfter.amount}</Amount>,
    },
    { key: 'note', label: columns.note, width: 'minmax(120px, 1.4fr)', cell: ({ note }) => visible(note) },
    {
      key: 'by',
      label: columns.by,
      width: 'minmax(90px, 0.8fr)',
      hasCardLabel: true,
      isWide: true,
      cell: ({ by }) => (by === null ? null : visible(by.name)),
    },
    {
      key: 'order',
      label: columns.order,
      width: '72px',
      cell: ({ orderId }) =>
        orderId === null ? null : (
          <Link to="/orders/$order" params={{ order: orderId }}>
            {accounts.showOrder}
          </Link>
        ),
    },
  ];
}
