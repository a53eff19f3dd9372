/** People who sign in. */
import type { User } from '../../domain/account.ts';
import type { AccountId, UserId } from '../../domain/ids.ts';
import { networksPerUser, type UserStore } from '../../domain/ports/stores/users.ts';
import { fromJson, fromMs, fromMsOrNull, toJson, toMsOrNull } from '../columns.ts';
import { pick, settingOf, statement } from '../prepared.ts';
import { type Session, update } from '../session.ts';
import type { UserNetworkRow, UserRow } from '../tables.ts';
import { takeActorNumber } from './actor-numbers.ts';

const columns = [
  'id',
  'number',
  'account_id',
  'kind',
  'username',
  'password_hash',
  'person_json',
  'container_id',
  'last_sign_in_at',
  'roles_json',
  'state',
  'created_by',
  'created_at',
] as const satisfies readonly (keyof UserRow)[];

export const userStatements = {
  insert: statement((db, p: UserRow) => db.insertInto('users').values(pick(p, columns))),
  get: statement((db, p: { id: UserId }) => db.selectFrom('users').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('users').selectAll().where('number', '=', p.number),
  ),
  getByUsername: statement((db, p: { username: string }) =>
    db.selectFrom('users').selectAll().where('username', '=', p.username),
  ),
  listAll: statement((db, p: { before: number; limit: number }) =>
    db.selectFrom('users').selectAll().where('number', '<', p.before).orderBy('number', 'desc').limit(p.limit),
  ),
  listOfAccount: statement((db, p: { accountId: AccountId; before: number; limit: number }) =>
    db
      .selectFrom('users')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('number', '<', p.before)
      .orderBy('number', 'desc')
      .limit(p.limit),
  ),
  updateLastSignIn: statement((db, p: { id: UserId; at: number }) =>
    db.updateTable('users').set({ last_sign_in_at: p.at }).where('id', '=', p.id),
  ),
  hasNetwork: statement((db, p: { id: UserId; network: string }) =>
    db.selectFrom('user_networks').select('last_at').where('user_id', '=', p.id).where('network', '=', p.network),
  ),
  putNetwork: statement((db, p: UserNetworkRow) =>
    db
      .insertInto('user_networks')
      .values(pick(p, ['user_id', 'network', 'last_at']))
      .onConflict((conflict) => conflict.columns(['user_id', 'network']).doUpdateSet({ last_at: p.last_at })),
  ),
  networksOf: statement((db, p: { id: UserId }) =>
    db.selectFrom('user_networks').select(['network', 'last_at']).where('user_id', '=', p.id),
  ),
  removeNetwork: statement((db, p: { id: UserId; network: string }) =>
    db.deleteFrom('user_networks').where('user_id', '=', p.id).where('network', '=', p.network),
  ),
  move: statement((db, p: { id: UserId; from: User['state']; to: User['state'] }) =>
    db.updateTable('users').set({ state: p.to }).where('id', '=', p.id).where('state', '=', p.from),
  ),
};

const updateOf = settingOf<UserRow>()(['roles_json', 'person_json', 'container_id'], (changed) =>
  statement((db, p: UserRow) => db.updateTable('users').set(pick(p, changed)).where('id', '=', p.id)),
);

export function createUserStore(session: Session): UserStore {
  const q = userStatements;
  return {
    async insert(user) {
      const numbered = { ...user, number: await takeActorNumber(session, user.id) };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      return session.kept(q.get, { id }, fromRow);
    },
    async getByNumber(number) {
      return optionalUser(await session.first(q.getByNumber, { number }));
    },
    async getByUsername(username) {
      return optionalUser(await session.first(q.getByUsername, { username }));
    },
    async list(accountId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      const rows = await (accountId === null
        ? session.all(q.listAll, { limit, before })
        : session.all(q.listOfAccount, { accountId, limit, before }));
      return rows.map(fromRow);
    },
    async update(id, change) {
      const now = optionalUser(await session.first(q.get, { id }));
      if (now === undefined) return;
      await update(session, updateOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
    },
    async updateLastSignIn(id, at) {
      await session.run(q.updateLastSignIn, { id, at: at.getTime() });
    },
    async hasNetwork(id, network) {
      return (await session.first(q.hasNetwork, { id, network })) !== undefined;
    },
    async putNetwork(id, network, at) {
      await session.run(q.putNetwork, { user_id: id, network, last_at: at.getTime() });
      const known = (await session.all(q.networksOf, { id })).toSorted((a, b) => b.last_at - a.last_at);
      for (const { network: oldest } of known.slice(networksPerUser)) {
        await session.run(q.removeNetwork, { id, network: oldest });
      }
    },
    async move(id, from, to) {
      return (await session.run(q.move, { id, from, to })) === 1;
    },
  };
}

function toRow(user: User): UserRow {
  return {
    id: user.id,
    number: user.number,
    account_id: user.accountId,
    kind: user.kind,
    username: user.username,
    password_hash: user.passwordHash,
    person_json: toJson(user.person),
    container_id: user.containerId,
    last_sign_in_at: toMsOrNull(user.lastSignInAt),
    roles_json: toJson(user.roles),
    state: user.state,
    created_by: user.createdBy,
    created_at: user.createdAt.getTime(),
  };
}

function optionalUser(row: UserRow | undefined): User | undefined {
  return row && fromRow(row);
}

function fromRow(row: UserRow): User {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    kind: row.kind,
    username: row.username,
    passwordHash: row.password_hash,
    person: fromJson(row.person_json),
    containerId: row.container_id,
    lastSignInAt: fromMsOrNull(row.last_sign_in_at),
    roles: fromJson(row.roles_json),
    state: row.state,
    createdBy: row.created_by,
    createdAt: fromMs(row.created_at),
  };
}
