/** Sessions of people. */
import type { UserId, UserSessionId } from '../../domain/ids.ts';
import type { UserSessionStore } from '../../domain/ports/stores/user-sessions.ts';
import { toJson } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { each, sized, statement } from '../prepared.ts';
import { userSessions } from '../rows/users.ts';
import { allOf, type Session } from '../session.ts';

export const userSessionStatements = {
  insert: insertStatement(userSessions),
  get: statement((db, p: { id: UserSessionId }) => db.selectFrom('user_sessions').selectAll().where('id', '=', p.id)),
  listByIds: sized((size) =>
    statement((db, p: { ids: readonly UserSessionId[] }) =>
      db.selectFrom('user_sessions').selectAll().where('id', 'in', each(p.ids, size)),
    ),
  ),
  getBySecretHash: statement((db, p: { secretHash: Uint8Array }) =>
    db.selectFrom('user_sessions').selectAll().where('secret_hash', '=', p.secretHash),
  ),
  listOfUser: statement((db, p: { userId: UserId }) =>
    db.selectFrom('user_sessions').selectAll().where('user_id', '=', p.userId).orderBy('id', 'desc'),
  ),
  updateUse: statement((db, p: { id: UserSessionId; lastUsedAt: number; idleEndsAt: number }) =>
    db
      .updateTable('user_sessions')
      .set({ last_used_at: p.lastUsedAt, idle_ends_at: p.idleEndsAt })
      .where('id', '=', p.id),
  ),
  moveSecret: statement(
    (
      db,
      p: { id: UserSessionId; from: Uint8Array; secretHash: Uint8Array; confirmedAt: number | null; rolesJson: string },
    ) =>
      db
        .updateTable('user_sessions')
        .set({ secret_hash: p.secretHash, confirmed_at: p.confirmedAt, roles_json: p.rolesJson })
        .where('id', '=', p.id)
        .where('secret_hash', '=', p.from),
  ),
  remove: statement((db, p: { id: UserSessionId }) => db.deleteFrom('user_sessions').where('id', '=', p.id)),
  purgeIdle: statement((db, p: { now: number; limit: number }) =>
    db
      .deleteFrom('user_sessions')
      .where('id', 'in', (row) =>
        row
          .selectFrom('user_sessions')
          .select('id')
          .where('idle_ends_at', '<=', p.now)
          .orderBy('idle_ends_at')
          .limit(p.limit),
      ),
  ),
  purgeExpired: statement((db, p: { now: number; limit: number }) =>
    db
      .deleteFrom('user_sessions')
      .where('id', 'in', (row) =>
        row
          .selectFrom('user_sessions')
          .select('id')
          .where('expires_at', '<=', p.now)
          .orderBy('expires_at')
          .limit(p.limit),
      ),
  ),
};

export function createUserSessionStore(session: Session): UserSessionStore {
  const q = userSessionStatements;
  return {
    async insert(fresh) {
      session.write(q.insert, userSessions.toRow(fresh));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && userSessions.fromRow(row);
    },
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(userSessions.fromRow);
    },
    async getBySecretHash(secretHash) {
      const row = await session.first(q.getBySecretHash, { secretHash });
      return row && userSessions.fromRow(row);
    },
    async listOfUser(userId) {
      return (await session.all(q.listOfUser, { userId })).map(userSessions.fromRow);
    },
    async updateUse(id, { lastUsedAt, idleEndsAt }) {
      session.write(q.updateUse, { id, lastUsedAt: lastUsedAt.getTime(), idleEndsAt: idleEndsAt.getTime() });
    },
    async moveSecret(id, from, { secretHash, confirmedAt, roles }) {
      const change = { secretHash, confirmedAt: confirmedAt?.getTime() ?? null, rolesJson: toJson(roles) };
      return (await session.run(q.moveSecret, { id, from, ...change })) === 1;
    },
    async remove(id) {
      return (await session.run(q.remove, { id })) === 1;
    },
    async purge(now, limit) {
      const idle = await session.run(q.purgeIdle, { now: now.getTime(), limit });
      return idle + (await session.run(q.purgeExpired, { now: now.getTime(), limit: limit - idle }));
    },
  };
}
