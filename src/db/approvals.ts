/** Requests for approval. */

import type { Approval, ApprovalState } from '../domain/approval.ts';
import type { ApprovalId, CredentialId, OrderId, UserId } from '../domain/ids.ts';
import type { ApprovalStore } from '../domain/stores.ts';
import { fromMs, fromMsOrNull, toMsOrNull } from './columns.ts';
import { each, pick, sized, statement } from './prepared.ts';
import type { Session } from './session.ts';
import type { ApprovalRow } from './tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'order_id',
  'issuance_id',
  'asks',
  'state',
  'decided_by',
  'note',
  'created_at',
  'decided_at',
] as const satisfies readonly (keyof ApprovalRow)[];

interface Move {
  id: ApprovalId;
  from: readonly ApprovalState[];
  to: ApprovalState;
  by: UserId | CredentialId | null;
  note: string;
  at: number;
}

export const approvalStatements = {
  insert: statement((db, p: ApprovalRow) => db.insertInto('approvals').values(pick(p, columns))),
  getNewestOfOrder: statement((db, p: { orderId: OrderId }) =>
    db.selectFrom('approvals').selectAll().where('order_id', '=', p.orderId).orderBy('number', 'desc').limit(1),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('approvals')
        .set({ state: p.to, decided_by: p.by, note: p.note, decided_at: p.at })
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
    async getNewestOfOrder(orderId) {
      const row = await session.first(q.getNewestOfOrder, { orderId });
      return row && fromRow(row);
    },
    async move(id, from, to, { by, note, at }) {
      return (await session.run(q.move(from.length), { id, from, to, by, note, at: at.getTime() })) === 1;
    },
  };
}

function toRow(approval: Approval): ApprovalRow {
  return {
    number: approval.number,
    id: approval.id,
    account_id: approval.accountId,
    order_id: approval.orderId,
    issuance_id: approval.issuanceId,
    asks: approval.asks,
    state: approval.state,
    decided_by: approval.decidedBy,
    note: approval.note,
    created_at: approval.createdAt.getTime(),
    decided_at: toMsOrNull(approval.decidedAt),
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
    state: row.state,
    decidedBy: row.decided_by,
    note: row.note,
    createdAt: fromMs(row.created_at),
    decidedAt: fromMsOrNull(row.decided_at),
  };
}
