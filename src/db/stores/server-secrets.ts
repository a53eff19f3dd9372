/** The server's own secrets, by name. */
import type { ServerSecretStore } from '../../domain/ports/stores/settings.ts';
import { statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { ServerSecretRow } from '../tables.ts';

export const serverSecretStatements = {
  get: statement((db, p: { id: string }) =>
    db.selectFrom('server_secrets').select('sealed_value').where('id', '=', p.id),
  ),
  insert: statement((db, p: ServerSecretRow) =>
    db
      .insertInto('server_secrets')
      .values({ id: p.id, sealed_value: p.sealed_value, created_at: p.created_at })
      .onConflict((conflict) => conflict.column('id').doNothing()),
  ),
};

export function createServerSecretStore(session: Session): ServerSecretStore {
  const q = serverSecretStatements;
  return {
    async get(name) {
      return (await session.first(q.get, { id: name }))?.sealed_value;
    },
    async insert(name, sealed, at) {
      const row = { id: name, sealed_value: sealed, created_at: at.getTime() };
      return (await session.run(q.insert, row)) === 1;
    },
  };
}
