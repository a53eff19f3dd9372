/** The people who sign in, and whether they still may. */
import type { User } from '../domain/account.ts';
import { quoted, refuse } from '../domain/errors.ts';
import { isId, newId } from '../domain/ids.ts';
import { nobody } from '../domain/person.ts';
import type { Administration, Caller, NewUser } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { type Actor, recordAccount } from './account-event.ts';
import type { AppContext } from './context.ts';
import { hashPassword } from './passwords.ts';
import { findAccount, mayManage, requireManagerOf, requireRole } from './scope.ts';

const maxUsernameLength = 254;
const minPasswordLength = 10;

type UserUseCases = Pick<Administration, 'createUser' | 'users' | 'disableUser' | 'enableUser'>;

export function createUsers(context: AppContext): UserUseCases {
  const { database, clock } = context;
  const read = database.read;

  return {
    async createUser(caller, request) {
      requireManagerOf(caller, request.accountId, request.roles);
      if (request.accountId !== null) await findAccount(read, caller, request.accountId);
      const user = await newUser(context, request);
      return database.write((tx) => insertUser(tx, user, caller));
    },

    async users(caller) {
      requireRole(caller, 'administrator');
      return read.users.list(caller.accountId);
    },

    async disableUser(caller, idOrName) {
      const user = await findUser(read, caller, idOrName);
      await refuseOwn(read, caller, user);
      const at = clock.now();
      await database.write(async (tx) => {
        if (!(await tx.users.move(user.id, 'active', 'disabled'))) return;
        const { accountId } = user;
        await recordAccount(tx, caller, 'user.disabled', {
          accountId,
          subject: user.id,
          data: { username: user.username },
          at,
        });
        // Their keys end with them, so that no call needs to look at more than its key.
        for (const { id, dialect, label } of await tx.credentials.listUsableOfUser(user.id)) {
          await tx.credentials.moveToRevoked(id, at);
          await recordAccount(tx, caller, 'credential.revoked', {
            accountId,
            subject: id,
            data: { dialect, label },
            at,
          });
        }
      });
      return { ...user, state: 'disabled' };
    },

    async enableUser(caller, idOrName) {
      const user = await findUser(read, caller, idOrName);
      await database.write(async (tx) => {
        if (!(await tx.users.move(user.id, 'disabled', 'active'))) return;
        await recordAccount(tx, caller, 'user.enabled', {
          accountId: user.accountId,
          subject: user.id,
          data: { username: user.username },
          at: clock.now(),
        });
      });
      return { ...user, state: 'active' };
    },
  };
}

/** A user as they will be stored. Hashing takes a tenth of a second. @throws {CertError} invalidField */
export async function newUser(context: AppContext, request: NewUser): Promise<Omit<User, 'number'>> {
  const username = request.username.trim().toLowerCase();
  if (username === '' || username.length > maxUsernameLength) {
    const expected = { en: `1 to ${maxUsernameLength} characters`, zh: `1 至 ${maxUsernameLength} 个字符` };
    throw refuse('fieldInvalid', { field: 'username', value: quoted(username), expected });
  }
  if (request.password !== null && request.password.length < minPasswordLength) {
    const expected = { en: `at least ${minPasswordLength} characters long`, zh: `至少 ${minPasswordLength} 个字符` };
    throw refuse('fieldInvalid', { field: 'password', value: '[secret]', expected });
  }
  return {
    id: newId('user', context),
    accountId: request.accountId,
    kind: request.kind ?? 'person',
    username,
    passwordHash: request.password === null ? null : await hashPassword(request.password, context.random),
    person: request.person ?? nobody,
    containerId: null,
    roles: request.roles,
    state: 'active',
    lastSignInAt: null,
    createdAt: context.clock.now(),
  };
}

/** @throws {CertError} conflict when the user name is taken */
export async function insertUser(tx: Stores, user: Omit<User, 'number'>, by: Actor): Promise<User> {
  const { id, accountId, username, roles, createdAt } = user;
  if ((await tx.users.getByUsername(username)) !== undefined) {
    throw refuse('alreadyExists', { what: 'user', value: username });
  }
  const inserted = await tx.users.insert(user);
  const data = { username, roles: [...roles] };
  await recordAccount(tx, by, 'user.created', { accountId, subject: id, data, at: createdAt });
  return inserted;
}

/** One whom the caller may manage, by id or user name. @throws {CertError} notFound */
async function findUser(stores: Stores, caller: Caller, idOrName: string): Promise<User> {
  const user = isId('user', idOrName)
    ? await stores.users.get(idOrName)
    : await stores.users.getByUsername(idOrName.trim().toLowerCase());
  if (user === undefined || !mayManage(caller, user.accountId)) {
    throw refuse('notFound', { what: 'user', value: quoted(idOrName) });
  }
  return user;
}

/** So that there is always somebody left who can undo it. */
async function refuseOwn(stores: Stores, caller: Caller, user: User): Promise<void> {
  const key = caller.credentialId === null ? undefined : await stores.credentials.get(caller.credentialId);
  if (caller.actor === user.id || key?.userId === user.id) throw refuse('ownUser', { username: user.username });
}
