/** The list of orders: whose turn it is, and why. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { listSource } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { capitalized } from '../shared/capitalized.ts';
import { DomainName } from '../shared/domain-name.tsx';
import { Icon } from '../shared/icons.tsx';
import type { Column, Filter, ListDefinition, View } from '../shared/list/definition.ts';
import { Prose } from '../shared/prose.tsx';
import { DaysLeft, Moment, Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './order.module.css';
import { OrderPeek } from './order-peek.tsx';
import { filtersOfView } from './search.ts';
import { type OrderRow, OrderStateChip, TurnChip } from './state-chips.tsx';

const idOf = ({ number }: OrderRow) => String(number);

export function orderList(texts: Texts, me: Me): ListDefinition<OrderRow> {
  const { orders, list } = texts;
  return {
    name: 'orders',
    title: orders.title,
    path: '/orders',
    source: listSource('orders', 'list'),
    paging: 'counted',
    text: {
      key: 'text',
      placeholder: orders.search,
      refusalOf: (text) => (/^(?:.{3,}|[0-9]+)$/u.test(text) ? null : list.searchTooShort),
    },
    filters: filtersOfOrders(texts),
    views: viewsOf(texts, me),
    columns: columnsOf(texts),
    isSortable: ({ failing }) => failing === undefined,
    count: orders.count,
    empty: {
      icon: 'orders',
      title: orders.empty,
      text: orders.emptyText,
      command: 'certmux order place tls-dv --csr www.csr',
    },
    actions: [
      ...(may(me, 'orders.check')
        ? [
            {
              key: 'check',
              label: orders.checkNow,
              icon: 'refresh',
              refusalOf: ({ issuanceState }: OrderRow) =>
                issuanceState === 'awaitingValidation' ? null : orders.nothingToCheck,
              action: 'orders.check',
              idOf,
            } as const,
          ]
        : []),
      ...(may(me, 'orders.cancel')
        ? [
            {
              key: 'cancel',
              label: orders.cancelMany,
              icon: 'stop',
              refusalOf: ({ state }: OrderRow) => (state === 'open' ? null : orders.nothingToCancel),
              action: 'orders.cancel',
              idOf,
              confirm: { title: orders.cancelManyTitle, text: orders.cancelManyText, tone: 'danger' },
            } as const,
          ]
        : []),
    ],
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ number }) => orders.order(number),
      pathOf: (reference) => `/orders/${reference}`,
      Panel: OrderPeek,
    },
    ...(may(me, 'orders.place') ? { tools: <NewOrderButton /> } : {}),
  };
}

function NewOrderButton() {
  const { newOrder } = useTexts();
  return (
    <Button component={Link} to="/orders/new" leftSection={<Icon name="plus" />}>
      {newOrder.title}
    </Button>
  );
}

/** Whose turn it is that this person can take. */
function viewsOf({ orders }: Texts, me: Me): readonly View[] {
  const turns = [
    ...(may(me, 'organizations.verify') ? ['operator'] : []),
    ...(may(me, 'orders.approve') ? ['approver'] : []),
    ...(me.account !== null && may(me, 'orders.check') ? ['customer'] : []),
  ];
  return [
    { key: 'all', label: orders.views.all, filters: {} },
    ...(turns.length === 0 ? [] : [{ key: 'mine', label: orders.views.mine, filters: { turn: turns.join(',') } }]),
    { key: 'open', label: orders.views.open, filters: filtersOfView.open },
    { key: 'failing', label: orders.views.failing, filters: filtersOfView.failing },
    { key: 'ending', label: orders.views.ending, filters: filtersOfView.ending },
    { key: 'failed', label: orders.views.failed, filters: filtersOfView.failed },
  ];
}

function filtersOfOrders({ orders, list }: Texts): readonly Filter[] {
  const { filters, columns, facts } = orders;
  const yesNo = { true: list.yes, false: list.no };
  const { nobody: _, ...turns } = orders.turns;
  return [
    { key: 'state', label: filters.state, values: orders.states },
    { key: 'standing', label: filters.standing, values: orders.standings },
    { key: 'turn', label: columns.turn, values: turns },
    { key: 'failing', label: filters.failing, values: { true: list.yes } },
    { key: 'failingCode', label: filters.failingCode, isRare: true },
    { key: 'productCode', label: columns.product },
    { key: 'account', label: columns.account },
    { key: 'endsWithinDays', label: filters.endsWithinDays, kind: 'number' },
    { key: 'endsFrom', label: filters.endsFrom, kind: 'date' },
    { key: 'endsTo', label: filters.endsTo, kind: 'date' },
    { key: 'from', label: filters.from, kind: 'date' },
    { key: 'to', label: filters.to, kind: 'date' },
    { key: 'isRenewed', label: filters.isRenewed, values: yesNo },
    { key: 'name', label: filters.name },
    { key: 'namePart', label: filters.namePart, isRare: true },
    { key: 'reference', label: facts.reference },
    { key: 'serial', label: facts.serial },
    { key: 'organization', label: facts.organization, isRare: true },
    { key: 'container', label: filters.container, isRare: true },
    { key: 'issuerId', label: filters.issuer, isRare: true },
  ];
}

function columnsOf({ orders }: Texts): readonly Column<OrderRow>[] {
  const { columns } = orders;
  return [
    { key: 'number', label: columns.number, width: '92px', onCard: 'side', cell: ({ number }) => number },
    {
      key: 'names',
      label: columns.names,
      width: 'minmax(180px, 2fr)',
      onCard: 'title',
      cell: (row) => <Names row={row} orders={orders} />,
    },
    {
      key: 'turn',
      label: columns.turn,
      width: 'minmax(200px, 2.4fr)',
      cell: (row) => (
        <>
          <TurnChip turn={row.turn} state={row.state} />
          {/* Of one that is issued the next column says all. */}
          {(row.turn !== 'nobody' || row.state !== 'active') && (
            <span className={`dim small ${styles.why}`}>
              <Prose>{capitalized(row.failing?.text ?? row.summary)}</Prose>
            </span>
          )}
        </>
      ),
    },
    {
      key: 'product',
      label: columns.product,
      width: 'minmax(100px, 1fr)',
      isWide: true,
      onCard: 'none',
      cell: ({ productName }) => visible(productName),
    },
    {
      key: 'ends',
      label: columns.ends,
      width: 'minmax(120px, 0.9fr)',
      sort: 'ends',
      cell: ({ certificate }) => (certificate === null ? null : <DaysLeft until={certificate.notAfter} />),
    },
    {
      key: 'placed',
      label: columns.placed,
      width: '84px',
      sort: 'created',
      isWide: true,
      onCard: 'none',
      cell: ({ createdAt }) => <Relative at={createdAt} />,
    },
    { key: 'state', label: columns.state, width: '110px', isExtra: true, cell: (row) => <OrderStateChip {...row} /> },
    {
      key: 'placedAt',
      label: columns.placedAt,
      width: 'minmax(150px, 1fr)',
      isExtra: true,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
    {
      key: 'organization',
      label: orders.facts.organization,
      width: 'minmax(120px, 1fr)',
      isExtra: true,
      cell: ({ organizationName }) => visible(organizationName ?? ''),
    },
    {
      key: 'reference',
      label: orders.facts.reference,
      width: 'minmax(110px, 1fr)',
      isExtra: true,
      cell: ({ reference }) => visible(reference ?? ''),
    },
    { key: 'total', label: orders.facts.total, width: '110px', isExtra: true, cell: ({ total }) => total.amount },
    { key: 'api', label: orders.facts.api, width: '110px', isExtra: true, cell: ({ dialect }) => dialect },
  ];
}

function Names({ row, orders }: { readonly row: OrderRow; readonly orders: Texts['orders'] }) {
  const [first = ''] = row.names;
  const more = row.nameCount - 1;
  return (
    <>
      <span>
        <DomainName name={first} />{' '}
        {more > 0 && (
          <span className="dim" role="img" aria-label={orders.moreNamesLabel(more)}>
            {orders.moreNames(more)}
          </span>
        )}
      </span>
      <span className="dim small">{visible(row.accountName)}</span>
    </>
  );
}
