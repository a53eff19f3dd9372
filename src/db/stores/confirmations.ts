/** Confirmations by mail. */
import type { Confirmation, ConfirmationState } from '../../domain/confirmation.ts';
import type { AuthorizationId, ConfirmationId, IssuanceId } from '../../domain/ids.ts';
import type { ConfirmationStore } from '../../domain/ports/stores/confirmations.ts';
import { fromMs, fromMsOrNull, toMsOrNull } from '../columns.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { ConfirmationRow } from '../tables.ts';

const columns = [
  'id',
  'account_id',
  'order_id',
  'issuance_id',
  'authorization_id',
  'address',
  'token_hash',
  'state',
  'requested_by',
  'requested_from',
  'requested_at',
  'sent_at',
  'expires_at',
  'decided_from',
  'decided_at',
  'mail_id',
] as const satisfies readonly (keyof ConfirmationRow)[];

interface Move {
  id: ConfirmationId;
  from: readonly ConfirmationState[];
  to: ConfirmationState;
  decidedFrom: string | null;
  decidedAt: number | null;
}

export const confirmationStatements = {
  insert: statement((db, p: ConfirmationRow) => db.insertInto('confirmations').values(pick(p, columns))),
  get: statement((db, p: { id: ConfirmationId }) => db.selectFrom('confirmations').selectAll().where('id', '=', p.id)),
  getByTokenHash: statement((db, p: { tokenHash: Uint8Array }) =>
    db.selectFrom('confirmations').selectAll().where('token_hash', '=', p.tokenHash),
  ),
  listOfAuthorization: statement((db, p: { authorizationId: AuthorizationId }) =>
    db.selectFrom('confirmations').selectAll().where('authorization_id', '=', p.authorizationId).orderBy('id', 'desc'),
  ),
  listOfMail: statement((db, p: { mailId: ConfirmationId }) =>
    db.selectFrom('confirmations').selectAll().where('mail_id', '=', p.mailId).orderBy('id'),
  ),
  listOfMailbox: statement((db, p: { issuanceId: IssuanceId; address: string }) =>
    db
      .selectFrom('confirmations')
      .selectAll()
      .where('issuance_id', '=', p.issuanceId)
      .where('address', '=', p.address)
      .orderBy('id', 'desc'),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('confirmations')
        .set((row) => ({
          state: p.to,
          decided_from: row.fn.coalesce(row.val(p.decidedFrom), 'decided_from'),
          decided_at: row.fn.coalesce(row.val(p.decidedAt), 'decided_at'),
        }))
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  updateToken: statement((db, p: { id: ConfirmationId; tokenHash: Uint8Array }) =>
    db.updateTable('confirmations').set({ token_hash: p.tokenHash }).where('id', '=', p.id),
  ),
  updateSent: statement((db, p: { mailId: ConfirmationId; sentAt: number }) =>
    db.updateTable('confirmations').set({ sent_at: p.sentAt }).where('mail_id', '=', p.mailId),
  ),
};

export function createConfirmationStore(session: Session): ConfirmationStore {
  const q = confirmationStatements;
  return {
    async insert(confirmation) {
      await session.run(q.insert, toRow(confirmation));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    async getByTokenHash(tokenHash) {
      const row = await session.first(q.getByTokenHash, { tokenHash });
      return row && fromRow(row);
    },
    async listOfAuthorization(authorizationId) {
      return (await session.all(q.listOfAuthorization, { authorizationId })).map(fromRow);
    },
    async listOfMail(mailId) {
      return (await session.all(q.listOfMail, { mailId })).map(fromRow);
    },
    async listOfMailbox(issuanceId, address) {
      return (await session.all(q.listOfMailbox, { issuanceId, address })).map(fromRow);
    },
    async move(id, from, to, decision) {
      const values: Move = {
        id,
        from,
        to,
        decidedFrom: decision?.from ?? null,
        decidedAt: toMsOrNull(decision?.at),
      };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async updateToken(id, tokenHash) {
      await session.run(q.updateToken, { id, tokenHash });
    },
    async updateSent(mailId, at) {
      await session.run(q.updateSent, { mailId, sentAt: at.getTime() });
    },
  };
}

function toRow(confirmation: Confirmation): ConfirmationRow {
  return {
    id: confirmation.id,
    account_id: confirmation.accountId,
    order_id: confirmation.orderId,
    issuance_id: confirmation.issuanceId,
    authorization_id: confirmation.authorizationId,
    address: confirmation.address,
    token_hash: confirmation.tokenHash,
    state: confirmation.state,
    requested_by: confirmation.requestedBy,
    requested_from: confirmation.requestedFrom,
    requested_at: confirmation.requestedAt.getTime(),
    sent_at: toMsOrNull(confirmation.sentAt),
    expires_at: confirmation.expiresAt.getTime(),
    decided_from: confirmation.decidedFrom,
    decided_at: toMsOrNull(confirmation.decidedAt),
    mail_id: confirmation.mailId,
  };
}

function fromRow(row: ConfirmationRow): Confirmation {
  return {
    id: row.id,
    mailId: row.mail_id,
    accountId: row.account_id,
    orderId: row.order_id,
    issuanceId: row.issuance_id,
    authorizationId: row.authorization_id,
    address: row.address,
    tokenHash: row.token_hash,
    state: row.state,
    requestedBy: row.requested_by,
    requestedFrom: row.requested_from,
    requestedAt: fromMs(row.requested_at),
    sentAt: fromMsOrNull(row.sent_at),
    expiresAt: fromMs(row.expires_at),
    decidedFrom: row.decided_from,
    decidedAt: fromMsOrNull(row.decided_at),
  };
}
