/** Confirmations by mail. */
import type { AuthorizationId, ConfirmationId, IssuanceId } from '../../domain/ids.ts';
import type { ConfirmationStore } from '../../domain/ports/stores/confirmations.ts';
import type { ConfirmationState } from '../../domain/states.ts';
import { toMsOrNull } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { each, sized, statement } from '../prepared.ts';
import { confirmations } from '../rows/authorizations.ts';
import type { Session } from '../session.ts';

interface Move {
  id: ConfirmationId;
  from: readonly ConfirmationState[];
  to: ConfirmationState;
  decidedFrom: string | null;
  decidedAt: number | null;
}

export const confirmationStatements = {
  insert: insertStatement(confirmations),
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
      session.write(q.insert, confirmations.toRow(confirmation));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && confirmations.fromRow(row);
    },
    async getByTokenHash(tokenHash) {
      const row = await session.first(q.getByTokenHash, { tokenHash });
      return row && confirmations.fromRow(row);
    },
    async listOfAuthorization(authorizationId) {
      return (await session.all(q.listOfAuthorization, { authorizationId })).map(confirmations.fromRow);
    },
    async listOfMail(mailId) {
      return (await session.all(q.listOfMail, { mailId })).map(confirmations.fromRow);
    },
    async listOfMailbox(issuanceId, address) {
      return (await session.all(q.listOfMailbox, { issuanceId, address })).map(confirmations.fromRow);
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
      session.write(q.updateToken, { id, tokenHash });
    },
    async updateSent(mailId, at) {
      session.write(q.updateSent, { mailId, sentAt: at.getTime() });
    },
  };
}
