/** Our own authorities. */
import type { AuthorityStore } from '../../domain/ports/stores/authorities.ts';
import { insertStatement } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { authorities, authorityKeys } from '../rows/certificates.ts';
import type { Session } from '../session.ts';

export const authorityStatements = {
  insert: insertStatement(authorities),
  list: statement((db, _: object) => db.selectFrom('authorities').selectAll().orderBy('created_at').orderBy('id')),
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
    async insertKey(id, sealedKey, createdAt) {
      session.write(q.insertKey, authorityKeys.toRow({ id, sealedKey, createdAt }));
    },
    async sealedKey(id) {
      return (await session.first(q.key, { id }))?.sealed_key;
    },
  };
}
