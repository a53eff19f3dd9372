/** People who sign in. */
import { sql } from 'kysely';
import type { User } from '../../domain/account.ts';
import type { UserId } from '../../domain/ids.ts';
import { networksPerUser, type UserStore } from '../../domain/ports/stores/users.ts';
import type { RowOf } from '../codec.ts';
import {
  eitherWayPageOf,
  eitherWayStatements,
  numberedStatements,
  storeWithNumbers,
  updateNoun,
  updatesOf,
} from '../numbered.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import { userNetworks, users } from '../rows/users.ts';
import { allOf, type Session } from '../session.ts';
import { takeActorNumber } from './actor-numbers.ts';
import { countUsers, findUsers } from './narrowed-lists.ts';

export const userStatements = {
  ...numberedStatements(users),
  ...eitherWayStatements(users),
  listByIds: sized((size) =>
    statement((db, p: { ids: readonly UserId[] }) =>
      db.selectFrom('users').selectAll().where('id', 'in', each(p.ids, size)),
    ),
  ),
  getByUsername: statement((db, p: { username: string }) =>
    db.selectFrom('users').selectAll().where('username', '=', p.username).where('state', '!=', sql.lit('removed')),
  ),
  updateLastSignIn: statement((db, p: { id: UserId; at: number }) =>
    db.updateTable('users').set({ last_sign_in_at: p.at }).where('id', '=', p.id),
  ),
  hasNetwork: statement((db, p: { id: UserId; network: string }) =>
    db.selectFrom('user_networks').select('last_at').where('user_id', '=', p.id).where('network', '=', p.network),
  ),
  putNetwork: statement((db, p: RowOf<typeof userNetworks>) =>
    db
      .insertInto('user_networks')
      .values(pick(p, userNetworks.columns))
      .onConflict((conflict) => conflict.columns(['user_id', 'network']).doUpdateSet({ last_at: p.last_at })),
  ),
  networksOf: statement((db, p: { id: UserId }) =>
    db.selectFrom('user_networks').select(['network', 'last_at']).where('user_id', '=', p.id),
  ),
  removeNetwork: statement((db, p: { id: UserId; network: string }) =>
    db.deleteFrom('user_networks').where('user_id', '=', p.id).where('network', '=', p.network),
  ),
  movePassword: statement((db, p: { id: UserId; from: string; to: string }) =>
    db.updateTable('users').set({ password_hash: p.to }).where('id', '=', p.id).where('password_hash', '=', p.from),
  ),
  setFirstPassword: statement((db, p: { id: UserId; hash: string }) =>
    db.updateTable('users').set({ password_hash: p.hash }).where('id', '=', p.id).where('password_hash', 'is', null),
  ),
  move: statement((db, p: { id: UserId; from: User['state']; to: User['state'] }) =>
    db.updateTable('users').set({ state: p.to }).where('id', '=', p.id).where('state', '=', p.from),
  ),
};

const updates = updatesOf(users, ['roles_json', 'person_json', 'container_id']);

export function createUserStore(session: Session): UserStore {
  const q = userStatements;
  const takeNumber = (id: UserId) => takeActorNumber(session, id);
  const stored = storeWithNumbers(session, users, { q, takeNumber });
  return {
    ...stored,
    get: async (id) => session.kept(q.get, { id }, users.fromRow),
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(users.fromRow);
    },
    async getByUsername(username) {
      const row = await session.first(q.getByUsername, { username });
      return row && users.fromRow(row);
    },
    list: (accountId, page) => eitherWayPageOf(session, users, q, { accountId, ...page }),
    async find(query) {
      return (await findUsers(session, query)).map(users.fromRow);
    },
    count: (filter) => countUsers(session, filter),
    async updateLastSignIn(id, at) {
      session.write(q.updateLastSignIn, { id, at: at.getTime() });
    },
    async hasNetwork(id, network) {
      return (await session.first(q.hasNetwork, { id, network })) !== undefined;
    },
    async putNetwork(id, network, at) {
      session.write(q.putNetwork, userNetworks.toRow({ userId: id, network, lastAt: at }));
      const known = (await session.all(q.networksOf, { id })).toSorted((a, b) => b.last_at - a.last_at);
      for (const { network: oldest } of known.slice(networksPerUser)) {
        session.write(q.removeNetwork, { id, network: oldest });
      }
    },
    async movePassword(id, from, to) {
      return (await session.run(q.movePassword, { id, from, to })) === 1;
    },
    async setFirstPassword(id, hash) {
      return (await session.run(q.setFirstPassword, { id, hash })) === 1;
    },
    async move(id, from, to) {
      return (await session.run(q.move, { id, from, to })) === 1;
    },
    async update(id, change) {
      const now = await stored.get(id);
      await updateNoun(session, users, updates, { now, change });
    },
  };
}
