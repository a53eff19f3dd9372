/** Facts about the installation itself, and the server's own secrets, by name. */
import type { ServerSecretStore, SettingStore } from '../../domain/ports/stores/settings.ts';
import type { RowOf } from '../codec.ts';
import { fromJson, toJson } from '../fields.ts';
import { pick, statement } from '../prepared.ts';
import { serverSecrets, settings } from '../rows/settings.ts';
import type { Session } from '../session.ts';

export const settingStatements = {
  get: statement((db, p: { key: string }) => db.selectFrom('settings').select('value_json').where('key', '=', p.key)),
  put: statement((db, p: RowOf<typeof settings>) =>
    db
      .insertInto('settings')
      .values(pick(p, settings.columns))
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value_json: p.value_json })),
  ),
};

export function createSettingStore(session: Session): SettingStore {
  const q = settingStatements;
  return {
    async get(key) {
      const row = await session.first(q.get, { key });
      return row && fromJson<unknown>(row.value_json);
    },
    async put(key, value) {
      session.write(q.put, { key, value_json: toJson(value) });
    },
  };
}

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
