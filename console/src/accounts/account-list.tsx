/** The list of accounts: who has how much. */
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip } from '../shared/chip.tsx';
import type { Column, ListDefinition } from '../shared/list/definition.ts';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { AccountBody } from './account-body.tsx';
import { AddAccount } from './add-account.tsx';

export type AccountRow = RowOf<'accounts', 'list'>;

export function accountList(texts: Texts, me: Me): ListDefinition<AccountRow> {
  const { accounts, list } = texts;
  const { views } = accounts;
  return {
    name: 'accounts',
    title: accounts.title,
    path: '/accounts',
    source: listSource('accounts', 'list'),
    paging: 'counted',
    text: { key: 'text', placeholder: accounts.search },
    filters: [
      { key: 'state', label: accounts.columns.state, values: accounts.states },
      { key: 'lowBalance', label: accounts.filters.lowBalance, values: { true: list.yes, false: list.no } },
      { key: 'balanceBelow', label: accounts.filters.balanceBelow, kind: 'number' },
    ],
    views: [
      { key: 'all', label: views.all, filters: {} },
      { key: 'low', label: views.low, filters: { lowBalance: 'true' } },
      { key: 'suspended', label: views.suspended, filters: { state: 'suspended' } },
    ],
    columns: columnsOf(texts),
    count: accounts.count,
    empty: {
      icon: 'wallet',
      title: accounts.empty,
      text: accounts.emptyText,
      command: 'certmux account create "Acme"',
    },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ name }) => visible(name),
      pathOf: (reference) => `/accounts/${reference}`,
      Panel: AccountBody,
    },
    ...(may(me, 'accounts.create') ? { tools: <AddAccount /> } : {}),
  };
}

function columnsOf({ accounts }: Texts): readonly Column<AccountRow>[] {
  const { columns } = accounts;
  return [
    {
      key: 'name',
      label: columns.name,
      width: 'minmax(180px, 2fr)',
      sort: 'name',
      onCard: 'title',
      cell: ({ name }) => visible(name),
    },
    {
      key: 'number',
      label: columns.number,
      width: '84px',
      sort: 'number',
      onCard: 'none',
      cell: ({ number }) => number,
    },
    {
      key: 'balance',
      label: columns.balance,
      width: 'minmax(120px, 1fr)',
      sort: 'balance',
      onCard: 'side',
      cell: ({ balance }) => <Amount minor={balance.minor}>{balance.amount}</Amount>,
    },
    { key: 'state', label: columns.state, width: '116px', cell: (row) => <AccountChip account={row} /> },
    {
      key: 'approval',
      label: columns.approval,
      width: 'minmax(90px, 0.8fr)',
      onCard: 'none',
      isWide: true,
      cell: ({ approval }) => accounts.approvals[approval][0],
    },
    {
      key: 'contact',
      label: columns.contact,
      width: 'minmax(130px, 1.2fr)',
      onCard: 'none',
      isWide: true,
      cell: ({ contactEmail }) => visible(contactEmail),
    },
    {
      key: 'created',
      label: columns.created,
      width: 'minmax(150px, 1fr)',
      isExtra: true,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
  ];
}

export function Amount({ minor, children }: { readonly minor: number; readonly children: string }) {
  return <span style={minor < 0 ? { color: 'var(--bad)' } : { fontVariantNumeric: 'tabular-nums' }}>{children}</span>;
}

export function AccountChip({ account: { state, isLow } }: { readonly account: Pick<AccountRow, 'state' | 'isLow'> }) {
  const { accounts } = useTexts();
  if (state === 'active' && isLow)
    return (
      <Chip icon="alert" tone="warn">
        {accounts.lowBalance}
      </Chip>
    );
  return (
    <Chip icon={state === 'active' ? 'check' : 'stop'} tone={state === 'active' ? 'good' : 'bad'}>
      {accounts.states[state]}
    </Chip>
  );
}
