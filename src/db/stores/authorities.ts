/** Our own authorities. */
import { sql } from 'kysely';
import type { AuthorityId } from '../../domain/ids.ts';
import type { AuthorityStore } from '../../domain/ports/stores/authorities.ts';
import type { TableOf } from '../codec.ts';
import { fromMs } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { pick, statement } from '../prepared.ts';
import { authorities, authorityKeys } from '../rows/certificates.ts';
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
          ...(['signs_from', 'retired_at', 'closed_at', 'revoked_at', 'revocation_reason'] as const),
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
      .select('not_after')
      .where('authority_id', '=', p.id)
      .orderBy('not_after', 'desc')
      .limit(sql.lit(1)),
  ),
  insertKey: insertStatement(authorityKeys),
  key: statement((db, p: { id: string }) =>
    db.selectFrom('authority_keys').select('sealed_key').where('id', '=', p.id),
  ),
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
  };
}
