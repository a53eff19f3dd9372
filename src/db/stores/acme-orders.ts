/** Orders of ACME clients. */
import { sql } from 'kysely';
import type { AcmeOrderId, ApprovalId, CertificateId, CredentialId, IssuanceId } from '../../domain/ids.ts';
import type { AcmeOrderStore } from '../../domain/ports/stores/acme-orders.ts';
import type { AcmeOrderState } from '../../domain/states.ts';
import { fromHex, toJsonOrNull } from '../fields.ts';
import { lastId } from '../id-bytes.ts';
import { insertStatement } from '../numbered.ts';
import { each, sized, statement } from '../prepared.ts';
import { acmeOrders } from '../rows/acme-orders.ts';
import type { Session } from '../session.ts';

interface Move {
  readonly id: AcmeOrderId;
  readonly from: readonly AcmeOrderState[];
  readonly to: AcmeOrderState;
  readonly issuanceId: IssuanceId | null;
  readonly csrHash: Uint8Array | null;
  readonly csr: Uint8Array | null;
  readonly approvalId: ApprovalId | null;
  readonly problem: string | null;
}

export const acmeOrderStatements = {
  insert: insertStatement(acmeOrders),
  get: statement((db, p: { id: AcmeOrderId }) => db.selectFrom('acme_orders').selectAll().where('id', '=', p.id)),
  ofCredential: statement((db, p: { credentialId: CredentialId; issuanceId: IssuanceId }) =>
    db
      .selectFrom('acme_orders')
      .selectAll()
      .where('credential_id', '=', p.credentialId)
      .where('issuance_id', '=', p.issuanceId)
      .limit(sql.lit(1)),
  ),
  listOfCredential: statement((db, p: { credentialId: CredentialId; before: string; limit: number }) =>
    db
      .selectFrom('acme_orders')
      .selectAll()
      .where('credential_id', '=', p.credentialId)
      .where('id', '<', p.before as AcmeOrderId)
      .orderBy('id', 'desc')
      .limit(p.limit),
  ),
  // The state is written out, not bound, so that the partial index is known to fit.
  listReplacing: statement((db, p: { certificateId: CertificateId }) =>
    db
      .selectFrom('acme_orders')
      .selectAll()
      .where('replaces', '=', p.certificateId)
      .where('state', '=', sql.lit('placed')),
  ),
  listOfTerms: statement((db, p: { termsHash: Uint8Array; limit: number }) =>
    db
      .selectFrom('acme_orders')
      .selectAll()
      .where('terms_hash', '=', p.termsHash)
      .where('state', '=', sql.lit('placed'))
      .orderBy('id', 'desc')
      .limit(p.limit),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('acme_orders')
        .set((row) => ({
          state: p.to,
          issuance_id: row.fn.coalesce(row.val(p.issuanceId), 'issuance_id'),
          csr: p.csr,
          approval_id: row.fn.coalesce(row.val(p.approvalId), 'approval_id'),
          csr_hash: row.fn.coalesce(row.val(p.csrHash), 'csr_hash'),
          problem_json: row.fn.coalesce(row.val(p.problem), 'problem_json'),
        }))
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  purge: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('acme_orders')
      .where('id', 'in', (row) =>
        row
          .selectFrom('acme_orders')
          .select('id')
          .where('expires_at', '<', p.before)
          .where('issuance_id', 'is', null)
          .orderBy('expires_at')
          .limit(p.limit),
      ),
  ),
};

export function createAcmeOrderStore(session: Session): AcmeOrderStore {
  const q = acmeOrderStatements;
  return {
    async insert(order) {
      session.write(q.insert, acmeOrders.toRow(order));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && acmeOrders.fromRow(row);
    },
    async isOfCredential(issuanceId, credentialId) {
      return (await session.first(q.ofCredential, { issuanceId, credentialId })) !== undefined;
    },
    async listOfCredential(credentialId, { before = lastId('acmeOrder'), limit }) {
      return (await session.all(q.listOfCredential, { credentialId, before, limit })).map(acmeOrders.fromRow);
    },
    async listReplacing(certificateId) {
      return (await session.all(q.listReplacing, { certificateId })).map(acmeOrders.fromRow);
    },
    async listOfTerms(termsHash, limit) {
      const rows = await session.all(q.listOfTerms, { termsHash: fromHex(termsHash), limit });
      return rows.map(acmeOrders.fromRow);
    },
    async move(id, from, to, { issuanceId = null, csrHash = null, csr = null, problem = null, approvalId = null }) {
      const values: Move = {
        id,
        from,
        to,
        issuanceId,
        csr,
        approvalId,
        csrHash: csrHash === null ? null : Uint8Array.fromHex(csrHash),
        problem: toJsonOrNull(problem),
      };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async purge(before, limit) {
      return session.run(q.purge, { before: before.getTime(), limit });
    },
  };
}
