/** What each month came to, by account: what the bars of the revenue are made of. */
import { Link } from '@tanstack/react-router';
import { listSource, type RowOf, withIds } from '../api/list.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { dayAfter } from '../shared/charts/points.ts';
import type { Column, ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { Back } from '../shared/object.tsx';
import { visible } from '../shared/visible.ts';

type Month = RowOf<'reports', 'months'> & { readonly id: string };

export function MonthsPage() {
  const texts = useTexts();
  return (
    <Needs operation="reports.months">
      <Back to="/reports">{texts.reports.title}</Back>
      <ListScreen list={monthList(texts)} />
    </Needs>
  );
}

function monthList(texts: Texts): ListDefinition<Month> {
  const { reports, orders } = texts;
  return {
    name: 'months',
    title: reports.months.title,
    path: '/reports/months',
    source: withIds(listSource('reports', 'months'), ({ accountId, month }) => `${accountId} ${month}`),
    paging: 'paged',
    filters: [
      { key: 'account', label: orders.columns.account },
      { key: 'from', label: reports.months.from },
      { key: 'until', label: reports.months.until },
    ],
    views: [],
    columns: columnsOf(texts),
    count: reports.months.count,
    empty: { icon: 'chart', title: reports.months.empty, text: reports.months.emptyText },
  };
}

function columnsOf({ reports, orders }: Texts): readonly Column<Month>[] {
  const { columns } = reports.months;
  const ofMonth = ({ accountNumber, month }: Month) => {
    const from = `${month}-01`;
    // A day of the month after, whatever the length of this one.
    const until = `${dayAfter(`${month}-28`, 4).slice(0, 7)}-01`;
    return { account: String(accountNumber), from, until };
  };
  return [
    {
      key: 'account',
      label: orders.columns.account,
      width: 'minmax(150px, 1.6fr)',
      onCard: 'title',
      cell: ({ accountName, accountNumber }) => (
        <Link to="/accounts/$reference" params={{ reference: String(accountNumber) }}>
          {visible(accountName)}
        </Link>
      ),
    },
    { key: 'month', label: columns.month, width: '92px', onCard: 'side', cell: ({ month }) => month },
    {
      key: 'net',
      label: columns.net,
      width: 'minmax(120px, 1fr)',
      hasCardLabel: true,
      cell: (row) => {
        const { account, from, until } = ofMonth(row);
        return (
          <Link to="/accounts/$reference/ledger" params={{ reference: account }} search={{ from, until }}>
            {row.net.amount}
          </Link>
        );
      },
    },
    {
      key: 'charged',
      label: columns.charged,
      width: 'minmax(110px, 1fr)',
      hasCardLabel: true,
      isWide: true,
      cell: ({ charged }) => charged.amount,
    },
    {
      key: 'refunded',
      label: columns.refunded,
      width: 'minmax(110px, 1fr)',
      hasCardLabel: true,
      cell: ({ refunded }) => refunded.amount,
    },
    {
      key: 'credited',
      label: columns.credited,
      width: 'minmax(110px, 1fr)',
      hasCardLabel: true,
      isWide: true,
      cell: ({ credited }) => credited.amount,
    },
    { key: 'orders', label: columns.orders, width: '80px', hasCardLabel: true, cell: (row) => row.orders },
    {
      key: 'certificates',
      label: columns.certificates,
      width: '100px',
      hasCardLabel: true,
      cell: ({ certificates }) => certificates,
    },
  ];
}
