/** Our own authorities and the newest list of what each has revoked. */
import type { AuthorityId } from '../../domain/ids.ts';
import type { AuthorityStore } from '../../domain/ports/stores/authorities.ts';
import type { RowOf } from '../codec.ts';
import { insertStatement } from '../numbered.ts';
import { pick, statement } from '../prepared.ts';
import { authorities, authorityKeys, crls } from '../rows/certificates.ts';
import type { Session } from '../session.ts';

export const authorityStatements = {
  insert: insertStatement(authorities),
  list: statement((db, _: object) => db.selectFrom('authorities').selectAll().orderBy('created_at').orderBy('id')),
  insertKey: insertStatement(authorityKeys),
  key: statement((db, p: { id: string }) =>
    db.selectFrom('authority_keys').select('sealed_key').where('id', '=', p.id),
  ),
  /** RFC 5280 §5.2.3: CRL numbers only grow. A publisher that was overtaken must not put its older list back. */
  putCrl: statement((db, p: RowOf<typeof crls>) =>
    db
      .insertInto('crls')
      .values(pick(p, crls.columns))
      .onConflict((conflict) =>
        conflict
          .column('authority_id')
          .doUpdateSet(pick(p, ['number', 'der', 'this_update', 'next_update']))
          .whereRef('crls.number', '<', 'excluded.number'),
      ),
  ),
  getCrl: statement((db, p: { authorityId: AuthorityId }) =>
    db.selectFrom('crls').selectAll().where('authority_id', '=', p.authorityId),
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
    async putCrl(crl) {
      return (await session.run(q.putCrl, crls.toRow(crl))) === 1;
    },
    async getCrl(authorityId) {
      const row = await session.first(q.getCrl, { authorityId });
      return row && crls.fromRow(row);
    },
  };
}
