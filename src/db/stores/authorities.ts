/** Our own authorities. */
import { sql } from 'kysely';
import type { AuthorityId } from '../../domain/ids.ts';
import type { AuthorityStore } from '../../domain/ports/stores/authorities.ts';
import type { TableOf } from '../codec.ts';
import { fromMs } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { pick, statement } from '../prepared.ts';
import { authorities, authorityCertificates, authorityKeys, authorityRequests } from '../rows/certificates.ts';
import type { Session } from '../session.ts';

export const authorityStatements = {
  insert: insertStatement(authorities),
  list: statement((db, _: object) => db.selectFrom('authorities').selectAll().orderBy('created_at').orderBy('id')),
  get: statement((db, p: { id: AuthorityId }) => db.selectFrom('authorities').selectAll().where('id', '=', p.id)),
  change: statement((db, p: TableOf<typeof authorities>) =>
    db
      .updateTable('authorities')
      .set(
        pick(p, [
          ...(['parent_id', 'certificate', 'not_after', 'key_place'] as const),
          ...(['signs_from', 'retired_at', 'closed_at', 'revoked_at', 'revocation_reason', 'imported_at'] as const),
        ]),
      )
      .where('id', '=', p.id),
  ),
  lastEnd: statement((db, p: { id: AuthorityId }) =>
    db
      .selectFrom('certificates')
      .select('not_after')
      .where('authority_id', '=', p.id)
      .orderBy('not_after', 'desc')
      .limit(sql.lit(1)),
  ),
  lastImportedEnd: statement((db, p: { id: AuthorityId }) =>
    db
      .selectFrom('imported_serials')
      .select((row) => row.fn.max('not_after').as('not_after'))
      .where('authority_id', '=', p.id)
      .limit(sql.lit(1)),
  ),
  insertKey: insertStatement(authorityKeys),
  key: statement((db, p: { id: string }) =>
    db.selectFrom('authority_keys').select('sealed_key').where('id', '=', p.id),
  ),
  removeKey: statement((db, p: { id: string }) => db.deleteFrom('authority_keys').where('id', '=', p.id)),
  insertReplaced: insertStatement(authorityCertificates),
  listReplaced: statement((db, p: { id: AuthorityId }) =>
    db.selectFrom('authority_certificates').selectAll().where('authority_id', '=', p.id).orderBy('replaced_at', 'desc'),
  ),
  insertRequest: insertStatement(authorityRequests),
  listRequests: statement((db, _: object) =>
    db.selectFrom('authority_requests').selectAll().orderBy('created_at').orderBy('id'),
  ),
  removeRequest: statement((db, p: { id: AuthorityId }) => db.deleteFrom('authority_requests').where('id', '=', p.id)),
};

export function createAuthorityStore(session: Session): AuthorityStore {
  const q = authorityStatements;
  return {
    async insert(authority) {
      session.write(q.insert, authorities.toRow(authority));
    },
    async list() {
      return (await session.all(q.list, {})).map(authorities.fromRow);
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row === undefined ? undefined : authorities.fromRow(row);
    },
    async change(authority) {
      session.write(q.change, authorities.toRow(authority));
    },
    async lastEndUnder(id) {
      const ends = await Promise.all([session.first(q.lastEnd, { id }), session.first(q.lastImportedEnd, { id })]);
      const latestMs = Math.max(...ends.map((row) => row?.not_after ?? 0));
      return latestMs === 0 ? undefined : fromMs(latestMs);
    },
    async insertKey(id, sealedKey, createdAt) {
      session.write(q.insertKey, authorityKeys.toRow({ id, sealedKey, createdAt }));
    },
    async sealedKey(id) {
      return (await session.first(q.key, { id }))?.sealed_key;
    },
    async removeKey(id) {
      session.write(q.removeKey, { id });
    },
    async insertReplaced(replaced) {
      session.write(q.insertReplaced, authorityCertificates.toRow(replaced));
    },
    async listReplaced(id) {
      return (await session.all(q.listReplaced, { id })).map(authorityCertificates.fromRow);
    },
    async insertRequest(request) {
      session.write(q.insertRequest, authorityRequests.toRow(request));
    },
    async listRequests() {
      return (await session.all(q.listRequests, {})).map(authorityRequests.fromRow);
    },
    async removeRequest(id) {
      session.write(q.removeRequest, { id });
    },
  };
}
