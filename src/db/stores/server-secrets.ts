/** The server's own secrets, by name. */
import type { ServerSecretStore } from '../../domain/ports/stores/settings.ts';
import type { RowOf } from '../codec.ts';
import { pick, statement } from '../prepared.ts';
import { serverSecrets } from '../rows/settings.ts';
import type { Session } from '../session.ts';

export const serverSecretStatements = {
  get: statement((db, p: { id: string }) =>
    db.selectFrom('server_secrets').select('sealed_value').where('id', '=', p.id),
  ),
  insert: statement((db, p: RowOf<typeof serverSecrets>) =>
    db
      .insertInto('server_secrets')
      .values(pick(p, serverSecrets.columns))
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
      const row = serverSecrets.toRow({ id: name, sealedValue: sealed, createdAt: at });
      return (await session.run(q.insert, row)) === 1;
    },
  };
}
