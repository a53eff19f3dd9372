/** Facts about the installation itself. */
import type { SettingStore } from '../../domain/ports/stores/settings.ts';
import type { RowOf } from '../codec.ts';
import { fromJson, toJson } from '../columns.ts';
import { pick, statement } from '../prepared.ts';
import { settings } from '../rows/settings.ts';
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
      await session.run(q.put, { key, value_json: toJson(value) });
    },
  };
}
