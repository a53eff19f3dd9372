/** Our own authorities. */
import type { AuthorityStore } from '../../domain/ports/stores/authorities.ts';
import { insertStatement } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { authorities } from '../rows/certificates.ts';
import type { Session } from '../session.ts';

export const authorityStatements = {
  insert: insertStatement(authorities),
  list: statement((db, _: object) => db.selectFrom('authorities').selectAll().orderBy('created_at').orderBy('id')),
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
  };
}
