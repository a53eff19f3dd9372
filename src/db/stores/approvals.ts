/** Requests for approval. */

import { sql } from 'kysely';
import { type ApprovalId, numberOf } from '../../domain/ids.ts';
import type { ApprovalFilter, ApprovalStore } from '../../domain/ports/stores/approvals.ts';
import type { ApprovalState } from '../../domain/states.ts';
import { unindexed } from '../fields.ts';
import { numberedStatements, numberedStore } from '../numbered.ts';
import { type Builder, each, sized, statement } from '../prepared.ts';
import { approvals, decisionsJson } from '../rows/approvals.ts';
import { allOf, type Session } from '../session.ts';

/** Nobody has decided yet. */
const waiting = ['submitted', 'pending'] as const satisfies readonly ApprovalState[];

interface Move {
  id: ApprovalId;
  from: readonly ApprovalState[];
  to: ApprovalState;
  decisions: string;
}

export const approvalStatements = {
  ...numberedStatements(approvals),
  getNewestOfOrder: statement((db, p: { orderNumber: number }) =>
    db.selectFrom('approvals').selectAll().where('order_number', '=', p.orderNumber).orderBy('number', 'desc').limit(1),
  ),
  listNewestOfOrders: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('approvals')
        .selectAll()
        .where('number', 'in', (newest) =>
          newest
            .selectFrom('approvals as older')
            .select((row) => row.fn.max('older.number').as('number'))
            .where('older.order_number', 'in', each(p.ids, size))
            .groupBy('older.order_number'),
        ),
    ),
  ),
  listWaitingOfOrder: statement((db, p: { orderNumber: number }) =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('order_number', '=', p.orderNumber)
      .where('state', 'in', waiting)
      .orderBy('number', 'desc'),
  ),
  raiseVersion: statement((db, p: { id: ApprovalId }) =>
    db
      .updateTable('approvals')
      .set((row) => ({ version: row('version', '+', 1) }))
      .where('id', '=', p.id)
      .where('state', 'in', waiting),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('approvals')
        .set({ state: p.to, decisions_json: p.decisions })
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
};

export function createApprovalStore(session: Session): ApprovalStore {
  const q = approvalStatements;
  return {
    ...numberedStore(session, approvals, q),
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(approvals.fromRow);
    },
    async count(filter) {
      const rows = await session.select((db) =>
        filtered(db, filter).select((row) => row.fn.countAll<number>().as('n')),
      );
      return Number(rows[0]?.n ?? 0);
    },
    async listWaitingOfOrder(orderId) {
      return (await session.all(q.listWaitingOfOrder, { orderNumber: numberOf(orderId) })).map(approvals.fromRow);
    },
    async getNewestOfOrder(orderId) {
      const row = await session.first(q.getNewestOfOrder, { orderNumber: numberOf(orderId) });
      return row && approvals.fromRow(row);
    },
    async listNewestOfOrders(orderIds) {
      return (await allOf(session, q.listNewestOfOrders, orderIds.map(numberOf))).map(approvals.fromRow);
    },
    async raiseVersion(id) {
      return (await session.run(q.raiseVersion, { id })) === 1;
    },
    async move(id, from, to, decision) {
      const row = await session.first(q.get, { id });
      if (row === undefined || !from.includes(row.state)) return false;
      const decisions = decisionsJson.write([...approvals.fromRow(row).decisions, decision]);
      return (await session.run(q.move(from.length), { id, from, to, decisions })) === 1;
    },
  };
}

type ApprovalList = Parameters<ApprovalStore['list']>[0];

export function listQuery(db: Builder, { limit, offset, before, ...filter }: ApprovalList) {
  return filtered(db, filter)
    .selectAll('approvals')
    .$if(before !== undefined, (query) => query.where('approvals.number', '<', before ?? 0))
    .orderBy('approvals.number', 'desc')
    .limit(limit)
    .offset(offset);
}

/** The most frequent query is for those that wait: their index is named by its own condition, written out. */
function filtered(db: Builder, { accountId, dialect, states, asks, containerId, orderId }: ApprovalFilter) {
  const isOfWaiting = states?.every((state) => (waiting as readonly ApprovalState[]).includes(state)) === true;
  const isOfOrders = dialect !== undefined || containerId !== undefined;
  return (
    db
      .selectFrom('approvals')
      .$if(isOfWaiting, (query) =>
        query.where(
          'approvals.state',
          'in',
          waiting.map((state) => sql.lit(state)),
        ),
      )
      .$if(states !== undefined, (query) => query.where('approvals.state', 'in', states ?? []))
      .$if(asks !== undefined, (query) => query.where('approvals.asks', 'in', asks ?? []))
      // Those of one order are few: the index of the account would be looked through for them.
      .$if(orderId !== undefined, (query) =>
        query.where('approvals.order_number', '=', orderId === undefined ? 0 : numberOf(orderId)),
      )
      .$if(accountId !== null && orderId === undefined, (query) => query.where('approvals.account_id', '=', accountId))
      .$if(accountId !== null && orderId !== undefined, (query) =>
        query.where(unindexed('approvals.account_id'), '=', accountId),
      )
      .$if(isOfOrders, (query) =>
        query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('orders')
              .select('orders.number')
              .whereRef('orders.number', '=', 'approvals.order_number')
              .$if(dialect !== undefined, (orders) => orders.where('orders.dialect', '=', dialect ?? ''))
              .$if(containerId !== undefined, (orders) =>
                orders.where('orders.container_id', '=', containerId ?? null),
              ),
          ),
        ),
      )
  );
}
