/** Serials that authorities had used before they came here. */
import { sql } from 'kysely';
import type { AuthorityId } from '../../domain/ids.ts';
import type { ImportedSerialStore } from '../../domain/ports/stores/imported-serials.ts';
import type { RowOf } from '../codec.ts';
import { fromMs } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { each, inPieces, pick, sized, statement } from '../prepared.ts';
import { importedSerials, serialUploads } from '../rows/certificates.ts';
import type { Session } from '../session.ts';

type Row = RowOf<typeof importedSerials>;
interface OfSerial {
  readonly authorityId: AuthorityId;
  readonly serial: string;
}

export const importedSerialStatements = {
  insertUpload: insertStatement(serialUploads),
  getUpload: statement((db, p: { id: AuthorityId }) =>
    db.selectFrom('serial_uploads').select('id').where('id', '=', p.id),
  ),
  uploadBefore: statement((db, p: { before: number }) =>
    db
      .selectFrom('serial_uploads')
      .select('id')
      .where('created_at', '<', p.before)
      .orderBy('created_at')
      .limit(sql.lit(1)),
  ),
  removeUpload: statement((db, p: { id: AuthorityId }) => db.deleteFrom('serial_uploads').where('id', '=', p.id)),
  put: statement((db, p: Row) =>
    db
      .insertInto('imported_serials')
      .values(pick(p, importedSerials.columns))
      .onConflict((conflict) =>
        conflict.columns(['authority_id', 'serial']).doUpdateSet((row) => ({
          certificate: row.fn.coalesce(row.ref('excluded.certificate'), row.ref('imported_serials.certificate')),
          not_after: row.ref('excluded.not_after'),
          revoked_at: row.fn.coalesce(row.ref('excluded.revoked_at'), row.ref('imported_serials.revoked_at')),
          revocation_reason: row.fn.coalesce(
            row.ref('excluded.revocation_reason'),
            row.ref('imported_serials.revocation_reason'),
          ),
        })),
      ),
  ),
  putRevocation: statement((db, p: Row) =>
    db
      .insertInto('imported_serials')
      .values(pick(p, importedSerials.columns))
      .onConflict((conflict) =>
        conflict.columns(['authority_id', 'serial']).doUpdateSet((row) => ({
          revoked_at: row.ref('excluded.revoked_at'),
          revocation_reason: row.ref('excluded.revocation_reason'),
        })),
      ),
  ),
  count: statement((db, p: { authorityId: AuthorityId }) =>
    db
      .selectFrom('imported_serials')
      .select((row) => [
        row.fn.countAll<number | string>().as('total'),
        row.fn.count<number | string>('revoked_at').as('revoked'),
      ])
      .where('authority_id', '=', p.authorityId),
  ),
  get: statement((db, p: OfSerial) =>
    db
      .selectFrom('imported_serials')
      .selectAll()
      .where('authority_id', '=', p.authorityId)
      .where('serial', '=', p.serial),
  ),
  has: statement((db, p: OfSerial) =>
    db
      .selectFrom('imported_serials')
      .select('crl_piece')
      .where('authority_id', '=', p.authorityId)
      .where('serial', '=', p.serial),
  ),
  moveToRevoked: statement((db, p: OfSerial & { at: number; reason: Row['revocation_reason'] }) =>
    db
      .updateTable('imported_serials')
      .set({ revoked_at: p.at, revocation_reason: p.reason })
      .where('authority_id', '=', p.authorityId)
      .where('serial', '=', p.serial)
      .where('revoked_at', 'is', null),
  ),
  // Negative: the list has it, with the former reason.
  raiseReason: statement((db, p: OfSerial & { reason: Row['revocation_reason'] }) =>
    db
      .updateTable('imported_serials')
      .set((row) => ({ revocation_reason: p.reason, crl_piece: sql<number>`-abs(${row.ref('crl_piece')})` }))
      .where('authority_id', '=', p.authorityId)
      .where('serial', '=', p.serial)
      .where('revoked_at', 'is not', null)
      .where('revocation_reason', '<>', p.reason),
  ),
  // Written out, not bound, so that the partial index is known to fit.
  listUnlisted: statement((db, p: { authorityId: AuthorityId; endedAfter: number; limit: number }) =>
    db
      .selectFrom('imported_serials')
      .select(['serial', 'revoked_at', 'revocation_reason', 'not_after', 'crl_piece'])
      .where('authority_id', '=', p.authorityId)
      .where('revoked_at', 'is not', null)
      .where('crl_piece', '<=', sql.lit(0))
      .where('not_after', '>=', p.endedAfter)
      .orderBy('not_after')
      .limit(p.limit),
  ),
  markListed: sized((size) =>
    statement((db, p: { authorityId: AuthorityId; piece: number; serials: readonly string[] }) =>
      db
        .updateTable('imported_serials')
        .set({ crl_piece: p.piece })
        .where('authority_id', '=', p.authorityId)
        .where('serial', 'in', each(p.serials, size)),
    ),
  ),
  rename: statement((db, p: { from: AuthorityId; to: AuthorityId }) =>
    db.updateTable('imported_serials').set({ authority_id: p.to }).where('authority_id', '=', p.from),
  ),
  remove: statement((db, p: { authorityId: AuthorityId; limit: number }) =>
    db
      .deleteFrom('imported_serials')
      .where('authority_id', '=', p.authorityId)
      .where('serial', 'in', (row) =>
        row
          .selectFrom('imported_serials as some')
          .select('some.serial')
          .where('some.authority_id', '=', p.authorityId)
          .limit(p.limit),
      ),
  ),
};

export function createImportedSerialStore(session: Session): ImportedSerialStore {
  const q = importedSerialStatements;
  return {
    async insertUpload(id, createdAt) {
      session.write(q.insertUpload, serialUploads.toRow({ id, createdAt }));
    },
    async hasUpload(id) {
      return (await session.first(q.getUpload, { id })) !== undefined;
    },
    async uploadBefore(before) {
      return (await session.first(q.uploadBefore, { before: before.getTime() }))?.id;
    },
    async removeUpload(id) {
      session.write(q.removeUpload, { id });
    },
    async put(serials) {
      for (const serial of serials) session.write(q.put, importedSerials.toRow({ ...serial, crlPiece: 0 }));
    },
    async putRevocations(serials) {
      for (const serial of serials) session.write(q.putRevocation, importedSerials.toRow({ ...serial, crlPiece: 0 }));
    },
    async count(authorityId) {
      const row = await session.first(q.count, { authorityId });
      return { total: Number(row?.total ?? 0), revoked: Number(row?.revoked ?? 0) };
    },
    async get(authorityId, serial) {
      const row = await session.first(q.get, { authorityId, serial });
      return row === undefined ? undefined : importedSerials.fromRow(row);
    },
    async has(authorityId, serial) {
      return (await session.first(q.has, { authorityId, serial })) !== undefined;
    },
    async moveToRevoked(authorityId, serial, at, reason) {
      return (await session.run(q.moveToRevoked, { authorityId, serial, at: at.getTime(), reason })) === 1;
    },
    async raiseReason(authorityId, serial, reason) {
      return (await session.run(q.raiseReason, { authorityId, serial, reason })) === 1;
    },
    async listUnlisted(authorityId, { endedAfter, limit }) {
      const rows = await session.all(q.listUnlisted, { authorityId, endedAfter: endedAfter.getTime(), limit });
      return rows.map(({ serial, revoked_at, revocation_reason, not_after, crl_piece }) => ({
        serial,
        revokedAt: revoked_at === null ? null : fromMs(revoked_at),
        revocationReason: revocation_reason,
        notAfter: fromMs(not_after),
        piece: crl_piece === 0 ? null : -crl_piece,
      }));
    },
    async markListed(authorityId, piece, serials) {
      for (const some of inPieces(serials)) {
        session.write(q.markListed(some.length), { authorityId, piece, serials: some });
      }
    },
    async rename(from, to) {
      await session.run(q.rename, { from, to });
    },
    async remove(authorityId, limit) {
      return session.run(q.remove, { authorityId, limit });
    },
  };
}
