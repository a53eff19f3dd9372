/** Facts about the installation itself. */
import type { SettingStore } from '../../domain/ports/stores/settings.ts';
import { fromJson, toJson } from '../columns.ts';
import { statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { SettingRow } from '../tables.ts';

export const settingStatements = {
  get: statement((db, p: { key: string }) => db.selectFrom('settings').select('value_json').where('key', '=', p.key)),
  put: statement((db, p: SettingRow) =>
    db
      .insertInto('settings')
      .values({ key: p.key, value_json: p.value_json })
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
      await session.run(q.put, { key, value_json: toJson(value) });
    },
  };
}
