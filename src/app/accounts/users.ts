/** The people who sign in, and whether they still may. */

import { longestUsername, nobody, type User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { NewUser, UserChange, Users } from '../../domain/ports/users.ts';
import { printable } from '../../domain/printable.ts';
import type { Role } from '../../domain/role.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, findAccount, requireManagerOf } from '../scope.ts';
import { type Actor, recordAccount } from './account-event.ts';
import { createActors } from './actors.ts';
import { findOpenContainer } from './containers.ts';
import { applyKeyChange } from './credentials.ts';
import { endSessions } from './end-sessions.ts';
import { canonicalUsername, findSeen } from './found-users.ts';
import { requireGrant } from './grants.ts';
import type { PasswordQueue } from './password-queue.ts';
import { hashPassword } from './passwords.ts';
import { checkPerson, isOwnUser } from './people.ts';
import { limitedTo } from './roles.ts';
import { removeInvitation } from './stored-invitations.ts';

const minPasswordLength = 10;
/** What every front door takes at sign-in: a longer one could be set, and never used. */
const maxPasswordLength = 1000;
const endReasons = { disabled: 'userDisabled', removed: 'userRemoved' } as const;

export function createUsers(
  context: AppContext,
): Omit<Users, 'create' | 'invite' | 'resetPassword' | 'setPassword' | 'changePassword'> {
  const { database, clock } = context;
  const read = database.read;

  async function end(caller: Caller, idOrName: string, state: 'disabled' | 'removed'): Promise<User> {
    const user = await findUser(read, caller, idOrName);
    await requireUserEndable(read, caller, user);
    const at = clock.now();
    await database.write(async (tx) => {
      await requireUserEndable(tx, caller, await findUser(tx, caller, user.id));
      const isMoved =
        (await tx.users.move(user.id, 'active', state)) ||
        (state === 'removed' && (await tx.users.move(user.id, 'disabled', state)));
      if (!isMoved) return;
      const { accountId } = user;
      await recordAccount(tx, caller, `user.${state}`, {
        accountId,
        subject: user.id,
        data: { username: user.username },
        at,
      });
      // Their keys end with them, so that no call needs to look at more than its key.
      for (const { id, dialect, label } of await tx.credentials.listUsableOfUser(user.id)) {
        if (!(await tx.credentials.moveToRevoked(id, at))) continue;
        await recordAccount(tx, caller, 'credential.revoked', {
          accountId,
          subject: id,
          data: { dialect, label },
          at,
        });
      }
      const sessions = await tx.userSessions.listOfUser(user.id);
      await endSessions(tx, caller, { user, sessions, reason: endReasons[state], at });
      await removeInvitation(tx, user, at);
      if (state === 'removed') await tx.userPreferences.remove(user.id);
    });
    return { ...user, state };
  }

  async function enable(caller: Caller, idOrName: string): Promise<User> {
    const user = await findUser(read, caller, idOrName);
    await database.write(async (tx) => {
      await requireUserEnablable(tx, caller, await findUser(tx, caller, user.id));
      if (!(await tx.users.move(user.id, 'disabled', 'active'))) return;
      await recordAccount(tx, caller, 'user.enabled', {
        accountId: user.accountId,
        subject: user.id,
        data: { username: user.username },
        at: clock.now(),
      });
    });
    return { ...user, state: 'active' };
  }

  return {
    ...createActors(context),

    async list(caller, page) {
      const found = await read.users.list(accountFilter(caller), { ...page, limit: page.limit + 1 });
      return pageOf(found, page.limit, ({ number }) => number);
    },

    async find(caller, { account, limit, before, withTotal, ...rest }) {
      const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
      const filter = { ...rest, accountId };
      const found = await read.users.find({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const total = withTotal && (await read.users.count(filter));
      return { ...pageOf(found, limit, ({ number }) => number), ...withDefined({ total }) };
    },

    async get(caller, reference) {
      return findSeen(read, caller, reference);
    },

    async change(caller, reference, { container, ...change }) {
      const { id, accountId } = await findUser(read, caller, reference);
      if (change.roles !== undefined) requireManagerOf(caller, accountId, change.roles);
      const containerId =
        container === undefined ? undefined : await containerOf(read, caller, { accountId, container });
      return database.write((tx) => changeUser(context, tx, caller, id, { ...change, containerId }));
    },

    async isFree(_caller, text) {
      const name = canonicalUsername(text);
      return isUsername(name) && (await read.users.getByUsername(name)) === undefined;
    },

    setState: (caller, reference, state) =>
      state === 'active' ? enable(caller, reference) : end(caller, reference, 'disabled'),

    remove: (caller, reference) => end(caller, reference, 'removed'),
  };
}

/** Applies changes of a user in the caller's transaction. @throws {CertError} notFound, forbidden, invalidField */
export async function changeUser(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  reference: string,
  {
    roles,
    person,
    containerId,
  }: Pick<UserChange, 'roles' | 'person'> & { readonly containerId?: User['containerId'] | undefined },
): Promise<User> {
  const before = await findUser(tx, caller, reference);
  if (roles !== undefined) await refuseOwn(tx, caller, before);
  await requireUserChangeable(tx, caller, before, roles);
  const change = {
    ...(roles === undefined ? {} : { roles }),
    ...(person === undefined ? {} : { person: checkPerson(person) }),
    ...(containerId === undefined ? {} : { containerId }),
  };
  return Object.keys(change).length === 0 ? before : applyUserChange(context, tx, caller, { before, change });
}

/** What every change of a user asks. @throws {CertError} notFound, forbidden */
export async function requireUserChangeable(
  tx: Stores,
  caller: Caller,
  user: User,
  after: readonly Role[] = [],
): Promise<void> {
  requireThere(user);
  await requireGrant(tx, caller, { accountId: user.accountId, before: user.roles, after, holder: user });
}

/** What disabling and removing ask. @throws {CertError} notFound, forbidden */
export async function requireUserEndable(tx: Stores, caller: Caller, user: User): Promise<void> {
  requireThere(user);
  await refuseOwn(tx, caller, user);
  await requireGrant(tx, caller, { accountId: user.accountId, before: user.roles, after: [] });
}

/** A disabled user has no role; enabling them gives all the roles that are stored with them. @throws {CertError} notFound, forbidden */
export async function requireUserEnablable(tx: Stores, caller: Caller, user: User): Promise<void> {
  requireThere(user);
  await requireGrant(tx, caller, { accountId: user.accountId, before: [], after: user.roles });
}

/** Writes what changes of a user and so of their keys, and the lines of the audit log. */
export async function applyUserChange(
  context: AppContext,
  tx: Stores,
  caller: Actor,
  {
    before,
    change,
  }: { readonly before: User; readonly change: Partial<Pick<User, 'roles' | 'person' | 'containerId'>> },
): Promise<User> {
  const { id, accountId, username } = before;
  const { roles } = change;
  await tx.users.update(id, change);
  if (roles !== undefined) await limitKeys(context, tx, caller, { ...before, roles });
  // Personal data is not written into the log.
  const data = { username, changed: Object.keys(change), ...(roles === undefined ? {} : { roles }) };
  await recordAccount(tx, caller, 'user.changed', { accountId, subject: id, data, at: context.clock.now() });
  return { ...before, ...change };
}

/** Hashes in the line of those who are known, where one account takes only some of the places. */
export function hasherFor(
  context: AppContext,
  passwords: PasswordQueue,
  { scope }: Caller,
): (password: string) => Promise<string> {
  const from = `account ${scope === 'all' ? 'of the operators' : scope}`;
  return (password) => passwords.run({ from, isKnown: true }, () => hashPassword(password, context));
}

/** A name that turns around, or hides a part of itself, could pass for another's. */
function isUsername(name: string): boolean {
  return name !== '' && name.length <= longestUsername && printable(name) === name;
}

/**
 * A user as they will be stored.
 * @param hash hashes the password of the request; called once everything else is valid
 * @throws {CertError} invalidField, unavailable
 */
export async function newUser(
  context: AppContext,
  request: NewUser,
  hash: (password: string) => Promise<string>,
): Promise<UserToInsert> {
  const username = canonicalUsername(request.username);
  if (username === '' || username.length > longestUsername) {
    throw refuse('fieldInvalid', {
      field: 'username',
      value: quoted(username),
      expected: expectedOf.charactersBetween(1, longestUsername),
    });
  }
  if (!isUsername(username)) {
    throw refuse('fieldInvalid', {
      field: 'username',
      value: quoted(username),
      expected: expectedOf.printableAtMost(longestUsername),
    });
  }
  const { kind = 'person', person = nobody } = request;
  if (kind === 'service' && request.password !== null) {
    throw refuse('fieldInvalid', { field: 'password', value: '[secret]', expected: expected.noPassword });
  }
  if (request.password !== null) requireGoodPassword(request.password);
  const checked = checkPerson(person);
  return {
    id: newId('user', context),
    accountId: request.accountId,
    kind,
    username,
    passwordHash: request.password === null ? null : await hash(request.password),
    person: checked,
    containerId: null,
    roles: request.roles,
    state: 'active',
    lastSignInAt: null,
    createdAt: context.clock.now(),
  };
}

/** @throws {CertError} invalidField */
export function requireGoodPassword(password: string): void {
  const { length } = password;
  if (length >= minPasswordLength && length <= maxPasswordLength) return;
  const expected =
    length < minPasswordLength
      ? expectedOf.charactersAtLeast(minPasswordLength)
      : expectedOf.charactersBetween(minPasswordLength, maxPasswordLength);
  throw refuse('fieldInvalid', { field: 'password', value: '[secret]', expected });
}

export type UserToInsert = Omit<User, 'number' | 'createdBy'>;

/** A user that somebody makes for the account. @throws {CertError} forbidden, conflict */
export async function addUser(tx: Stores, user: UserToInsert, caller: Caller): Promise<User> {
  await requireGrant(tx, caller, { accountId: user.accountId, before: [], after: user.roles });
  return insertUser(tx, user, caller);
}

/** @throws {CertError} conflict when the user name is taken */
export async function insertUser(
  tx: Stores,
  user: UserToInsert,
  by: Pick<Caller, 'actor' | 'requestId'>,
): Promise<User> {
  const { id, accountId, username, roles, createdAt } = user;
  if ((await tx.users.getByUsername(username)) !== undefined) {
    throw refuse('alreadyExists', { what: 'user', value: username });
  }
  const inserted = await tx.users.insert({ ...user, createdBy: by.actor });
  const data = { username, roles: [...roles] };
  await recordAccount(tx, by, 'user.created', { accountId, subject: id, data, at: createdAt });
  return inserted;
}

/** One whom the caller may manage. @throws {CertError} notFound, forbidden */
export async function findUser(stores: Stores, caller: Caller, reference: string): Promise<User> {
  const user = await findSeen(stores, caller, reference);
  requireThere(user, reference);
  return user;
}

function requireThere(user: User, reference = user.username): void {
  if (user.state === 'removed') throw refuse('notFound', { what: 'user', value: quoted(reference) });
}

/** The containers are those of the user's account, also where an operator assigns them. */
export async function containerOf(
  stores: Stores,
  caller: Caller,
  { accountId, container }: Pick<NewUser, 'accountId' | 'container'>,
): Promise<User['containerId']> {
  if (container == null) return null;
  if (accountId === null) throw refuse('accountNeeded', {});
  return (await findOpenContainer(stores, { ...caller, scope: accountId }, container)).id;
}

/** No key of somebody may do more than they may: what they lost, their keys lose. */
async function limitKeys(context: AppContext, tx: Stores, by: Actor, user: User): Promise<void> {
  for (const key of await tx.credentials.listUsableOfUser(user.id)) {
    const roles = limitedTo(user.roles, key.roles);
    const isKept = key.roles.every((role) => roles.includes(role));
    if (!isKept) await applyKeyChange(context, tx, by, { before: key, change: { roles } });
  }
}

/** So that there is always somebody left who can undo it. */
export async function refuseOwn(stores: Stores, caller: Caller, user: User): Promise<void> {
  if (await isOwnUser(stores, caller, user.id)) throw refuse('ownUser', { username: user.username });
}
