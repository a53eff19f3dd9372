/** What people chose for themselves. */
import type { UserId } from '../../domain/ids.ts';
import type { UserPreferenceStore } from '../../domain/ports/stores/user-preferences.ts';
import type { RowOf } from '../codec.ts';
import { pick, statement } from '../prepared.ts';
import { userPreferences } from '../rows/users.ts';
import type { Session } from '../session.ts';

export const userPreferenceStatements = {
  get: statement((db, p: { userId: UserId }) =>
    db.selectFrom('user_preferences').selectAll().where('user_id', '=', p.userId),
  ),
  put: statement((db, p: RowOf<typeof userPreferences>) =>
    db
      .insertInto('user_preferences')
      .values(pick(p, userPreferences.columns))
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet({
          language: p.language,
          zone: p.zone,
          views_json: p.views_json,
          muted_mails_json: p.muted_mails_json,
        }),
      ),
  ),
  remove: statement((db, p: { userId: UserId }) => db.deleteFrom('user_preferences').where('user_id', '=', p.userId)),
};

export function createUserPreferenceStore(session: Session): UserPreferenceStore {
  const q = userPreferenceStatements;
  return {
    async get(userId) {
      const row = await session.first(q.get, { userId });
      return row && userPreferences.fromRow(row);
    },
    async put(preferences) {
      session.write(q.put, userPreferences.toRow(preferences));
    },
    async remove(userId) {
      await session.run(q.remove, { userId });
    },
  };
}
