/** Requests for approval. */

import { sql } from 'kysely';
import type { Approval, ApprovalDecision, ApprovalState } from '../../domain/approval.ts';
import type { ApprovalId, OrderId } from '../../domain/ids.ts';
import type { ApprovalFilter, ApprovalStore } from '../../domain/ports/stores/approvals.ts';
import { fromJson, fromJsonOrNull, fromMs, toJson, toJsonOrNull } from '../columns.ts';
import { type Builder, each, pick, sized, statement } from '../prepared.ts';
import { allOf, type Session } from '../session.ts';
import type { ApprovalRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'order_id',
  'issuance_id',
  'asks',
  'revocation_json',
  'state',
  'requested_by',
  'comments',
  'decisions_json',
  'created_at',
] as const satisfies readonly (keyof ApprovalRow)[];

/** JSON has no dates: `at` is text in it. */
type StoredDecision = Omit<ApprovalDecision, 'at'> & { readonly at: string };

/** Nobody has decided yet. */
const waiting = ['submitted', 'pending'] as const satisfies readonly ApprovalState[];

interface Move {
  id: ApprovalId;
  from: readonly ApprovalState[];
  to: ApprovalState;
  decisions: string;
}

export const approvalStatements = {
  insert: statement((db, p: ApprovalRow) => db.insertInto('approvals').values(pick(p, columns))),
  getNewestOfOrder: statement((db, p: { orderId: OrderId }) =>
    db.selectFrom('approvals').selectAll().where('order_id', '=', p.orderId).orderBy('number', 'desc').limit(1),
  ),
  listNewestOfOrders: sized((size) =>
    statement((db, p: { ids: readonly OrderId[] }) =>
      db
        .selectFrom('approvals')
        .selectAll()
        .where('number', 'in', (newest) =>
          newest
            .selectFrom('approvals as older')
            .select((row) => row.fn.max('older.number').as('number'))
            .where('older.order_id', 'in', each(p.ids, size))
            .groupBy('older.order_id'),
        ),
    ),
  ),
  get: statement((db, p: { id: ApprovalId }) => db.selectFrom('approvals').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('approvals').selectAll().where('number', '=', p.number),
  ),
  listWaitingOfOrder: statement((db, p: { orderId: OrderId }) =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('order_id', '=', p.orderId)
      .where('state', 'in', waiting)
      .orderBy('number', 'desc'),
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
    async insert(approval) {
      const numbered = { ...approval, number: await session.nextNumber('approvals') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    async getByNumber(number) {
      const row = await session.first(q.getByNumber, { number });
      return row && fromRow(row);
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(fromRow);
    },
    async count(filter) {
      const rows = await session.select((db) =>
        filtered(db, filter).select((row) => row.fn.countAll<number>().as('n')),
      );
      return Number(rows[0]?.n ?? 0);
    },
    async listWaitingOfOrder(orderId) {
      return (await session.all(q.listWaitingOfOrder, { orderId })).map(fromRow);
    },
    async getNewestOfOrder(orderId) {
      const row = await session.first(q.getNewestOfOrder, { orderId });
      return row && fromRow(row);
    },
    async listNewestOfOrders(orderIds) {
      return (await allOf(session, q.listNewestOfOrders, orderIds)).map(fromRow);
    },
    async move(id, from, to, decision) {
      const row = await session.first(q.get, { id });
      if (row === undefined || !from.includes(row.state)) return false;
      const decisions = toJson([...fromRow(row).decisions, decision]);
      return (await session.run(q.move(from.length), { id, from, to, decisions })) === 1;
    },
  };
}

type ApprovalList = Parameters<ApprovalStore['list']>[0];

export function listQuery(db: Builder, { limit, offset, ...filter }: ApprovalList) {
  return filtered(db, filter).selectAll('approvals').orderBy('approvals.number', 'desc').limit(limit).offset(offset);
}

/** "What waits?" is asked most: then the index of those that wait is named by its own condition, written out. */
function filtered(db: Builder, { accountId, dialect, states, asks, containerId }: ApprovalFilter) {
  const isOfWaiting = states?.every((state) => (waiting as readonly ApprovalState[]).includes(state)) === true;
  const isOfOrders = dialect !== undefined || containerId !== undefined;
  return db
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
    .$if(accountId !== null, (query) => query.where('approvals.account_id', '=', accountId))
    .$if(isOfOrders, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('orders')
            .select('orders.number')
            .whereRef('orders.id', '=', 'approvals.order_id')
            .$if(dialect !== undefined, (orders) => orders.where('orders.dialect', '=', dialect ?? ''))
            .$if(containerId !== undefined, (orders) => orders.where('orders.container_id', '=', containerId ?? null)),
        ),
      ),
    );
}

function toRow(approval: Approval): ApprovalRow {
  return {
    number: approval.number,
    id: approval.id,
    account_id: approval.accountId,
    order_id: approval.orderId,
    issuance_id: approval.issuanceId,
    asks: approval.asks,
    revocation_json: toJsonOrNull(approval.revocation),
    state: approval.state,
    requested_by: approval.requestedBy,
    comments: approval.comments,
    decisions_json: toJson(approval.decisions),
    created_at: approval.createdAt.getTime(),
  };
}

function fromRow(row: ApprovalRow): Approval {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    orderId: row.order_id,
    issuanceId: row.issuance_id,
    asks: row.asks,
    revocation: fromJsonOrNull(row.revocation_json),
    state: row.state,
    requestedBy: row.requested_by,
    comments: row.comments,
    decisions: fromJson<readonly StoredDecision[]>(row.decisions_json).map((decision) => ({
      ...decision,
      at: new Date(decision.at),
    })),
    createdAt: fromMs(row.created_at),
  };
}
