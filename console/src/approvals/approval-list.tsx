/** The inbox: what this person can decide comes first. */
import { listSource } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { DomainName } from '../shared/domain-name.tsx';
import type { Column, Filter, ListDefinition } from '../shared/list/definition.ts';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { ApprovalBody } from './approval-body.tsx';
import { ApprovalChip, type ApprovalRow } from './approval-chip.tsx';

/** What the navigation leads to. As Home asks it. */
export const decidableApprovals = { waiting: 'true', decidable: 'true' } as const;

/** Each of them is read before it is decided. */
const mostDecisions = 50;

export function approvalList(texts: Texts, me: Me): ListDefinition<ApprovalRow> {
  const { approvals } = texts;
  const { views } = approvals;
  return {
    name: 'approvals',
    title: approvals.title,
    path: '/approvals',
    source: listSource('approvals', 'list'),
    paging: 'counted',
    filters: filtersOf(texts),
    views: [
      { key: 'decidable', label: views.decidable, filters: decidableApprovals },
      { key: 'waiting', label: views.waiting, filters: { waiting: 'true' } },
      { key: 'mine', label: views.mine, filters: { mine: 'true' } },
      { key: 'done', label: views.done, filters: { waiting: 'false' } },
      { key: 'all', label: views.all, filters: {} },
    ],
    columns: columnsOf(texts, me),
    count: approvals.count,
    empty: { icon: 'shield', title: approvals.empty, text: approvals.emptyText },
    actions: may(me, 'approvals.approve')
      ? [
          {
            key: 'approve',
            label: approvals.approve,
            icon: 'check',
            action: 'approvals.approve',
            idOf: ({ id }) => id,
            // Just the version that the list showed.
            versionOf: ({ version }) => version,
            most: mostDecisions,
            confirm: {
              title: approvals.approveManyTitle,
              text: approvals.approveManyText,
              noteLabel: approvals.noteOptional,
            },
          },
          {
            key: 'reject',
            label: approvals.reject,
            icon: 'close',
            action: 'approvals.reject',
            idOf: ({ id }) => id,
            // Just the version that the list showed.
            versionOf: ({ version }) => version,
            most: mostDecisions,
            confirm: {
              title: approvals.rejectManyTitle,
              text: approvals.rejectText,
              tone: 'danger',
              noteLabel: approvals.note,
              isNoteRequired: true,
            },
          },
        ]
      : [],
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ number }) => approvals.one(String(number)),
      pathOf: (reference) => `/approvals/${reference}`,
      Panel: ApprovalBody,
    },
  };
}

function filtersOf({ approvals, list, orders }: Texts): readonly Filter[] {
  const { filters } = approvals;
  return [
    { key: 'asks', label: filters.asks, values: approvals.asks },
    { key: 'waiting', label: filters.waiting, values: { true: list.yes, false: list.no } },
    { key: 'decidable', label: filters.decidable, values: { true: list.yes } },
    { key: 'mine', label: filters.mine, values: { true: list.yes } },
    { key: 'order', label: filters.order },
    { key: 'account', label: orders.columns.account, isRare: true },
  ];
}

function isWaiting(state: ApprovalRow['state']): boolean {
  return state === 'submitted' || state === 'pending';
}

function columnsOf({ approvals }: Texts, me: Me): readonly Column<ApprovalRow>[] {
  const { columns } = approvals;
  return [
    { key: 'number', label: columns.number, width: '92px', onCard: 'side', cell: ({ number }) => number },
    {
      key: 'names',
      label: columns.names,
      width: 'minmax(170px, 2fr)',
      onCard: 'title',
      cell: ({ names: [first = ''], nameCount, orderNumber, accountName }) => (
        <>
          <span>
            <DomainName name={first} /> {nameCount > 1 && <span className="dim">+{nameCount - 1}</span>}
          </span>
          <span className="dim small">
            {columns.order} {orderNumber}
            {me.account === null && ` · ${visible(accountName)}`}
          </span>
        </>
      ),
    },
    { key: 'asks', label: columns.asks, width: 'minmax(100px, 1fr)', cell: ({ asks }) => approvals.asks[asks] },
    {
      key: 'by',
      label: columns.by,
      width: 'minmax(110px, 1.2fr)',
      hasCardLabel: true,
      cell: ({ requestedBy }) => visible(requestedBy?.name ?? approvals.platform),
    },
    {
      key: 'state',
      label: columns.state,
      width: 'minmax(120px, 1.2fr)',
      cell: ({ state, why }) => (
        <>
          <ApprovalChip state={state} />
          {why !== null && isWaiting(state) && <span className="dim small">{visible(why)}</span>}
        </>
      ),
    },
    { key: 'at', label: columns.at, width: '96px', isWide: true, cell: ({ createdAt }) => <Relative at={createdAt} /> },
  ];
}
