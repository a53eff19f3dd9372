/** The keys of an account's software, as those manage them who may. */

import { type Credential, longestCredentialLabel, type User } from '../../domain/account.ts';
import { checkAddressRange } from '../../domain/address-range.ts';
import { type Caller, keyReadingRoles } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { type AccountId, isId, type UserId } from '../../domain/ids.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { Credentials } from '../../domain/ports/credentials.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, findAccount, findOwned, isWithin, requireManagerOf } from '../scope.ts';
import { type Actor, recordAccount } from './account-event.ts';
import { findSeen } from './found-users.ts';
import { requireGrant } from './grants.ts';
import { holderOf } from './people.ts';
import { requireWithin } from './roles.ts';
import { createCredential, requireFuture } from './sign-in.ts';

const manyKeys: ReadonlySet<Role> = new Set<Role>(['operator', ...keyReadingRoles]);

export function createCredentials(context: AppContext): Omit<Credentials, 'changeKey'> {
  const { database, clock, queue } = context;
  const read = database.read;

  return {
    async create(caller, request) {
      const { accountId, roles } = request;
      const userId = request.userId ?? ownHolder(caller, accountId);
      if (userId === null || userId !== ownHolder(caller, accountId)) requireManagerOf(caller, accountId, roles);
      for (const range of request.allowedAddresses ?? []) checkAddressRange(range, 'allowedAddresses');
      if (accountId !== null) await findAccount(read, caller, accountId);
      return createCredential(context, { ...request, userId }, caller, (tx, holder) =>
        requireGrant(tx, caller, { accountId, before: [], after: roles, holder }),
      );
    },

    async list(caller, page) {
      const found = await read.credentials.list(accountFilter(caller), { ...page, limit: page.limit + 1 });
      return pageOf(found, page.limit, ({ number }) => number);
    },

    async find(caller, { account, user, externalAccountKey, limit, before, withTotal, ...rest }) {
      const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
      const userId = user === undefined ? undefined : (await findSeen(read, caller, user)).id;
      const externalAccountKeyId =
        externalAccountKey &&
        (await findOwned(read.externalAccountKeys, 'externalAccountKey', caller, externalAccountKey)).id;
      const holder = await seenHolder(read, caller, userId);
      const filter = { ...rest, accountId, ...withDefined({ userId: holder, externalAccountKeyId }) };
      const found = await read.credentials.find({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const total = withTotal && (await read.credentials.count(filter));
      return { ...pageOf(found, limit, ({ number }) => number), ...withDefined({ total }) };
    },

    get: (caller, idOrNumber) => findReadable(read, caller, idOrNumber),

    async change(caller, idOrNumber, { label, roles, expiresAt, allowedAddresses }) {
      const { id } = await findCredential(read, caller, idOrNumber);
      if (label !== undefined && label.length > longestCredentialLabel) {
        throw refuse('fieldInvalid', {
          field: 'label',
          value: quoted(label),
          expected: expectedOf.charactersAtMost(longestCredentialLabel),
        });
      }
      for (const range of allowedAddresses ?? []) checkAddressRange(range, 'allowedAddresses');
      const now = clock.now();
      if (expiresAt !== undefined && expiresAt !== null) requireFuture(expiresAt, now);
      return database.write(async (tx) => {
        const before = await findCredential(tx, caller, id);
        const holder = await holderOfKey(tx, before);
        const isOver = before.expiresAt !== null && before.expiresAt <= now;
        // Another end gives the roles for longer, and to a key that has expired for the first time again; other addresses
        // give them to others.
        const after = roles ?? (expiresAt === undefined && allowedAddresses === undefined ? [] : before.roles);
        const had = isOver && expiresAt !== undefined ? [] : before.roles;
        await requireKeyChangeable(tx, caller, before, { had, after });
        if (roles !== undefined && holder !== null) requireWithin(holder.roles, roles);
        const change = withDefined({ label, roles, expiresAt, allowedAddresses });
        return Object.keys(change).length === 0 ? before : applyKeyChange(context, tx, caller, { before, change });
      });
    },

    async revoke(caller, idOrNumber) {
      const { id } = await findCredential(read, caller, idOrNumber);
      const revokedAt = clock.now();
      const revoked = await database.write(async (tx) => {
        const credential = await findCredential(tx, caller, id);
        await requireKeyRevocable(tx, caller, credential);
        return revokeKey(tx, caller, { credential, revokedAt });
      });
      queue.wake();
      return revoked;
    },

    async changeOwn(caller, { dialectData }) {
      return database.write(async (tx) => {
        const before = await ownCredential(tx, caller);
        requireUsable(before);
        await tx.credentials.update(before.id, { dialectData });
        const { accountId, id: subject, dialect } = before;
        await recordAccount(tx, caller, 'credential.changed', {
          accountId,
          subject,
          data: { dialect },
          at: clock.now(),
        });
        return { ...before, dialectData };
      });
    },

    async revokeOwn(caller) {
      const revokedAt = clock.now();
      const revoked = await database.write(async (tx) =>
        revokeKey(tx, caller, { credential: await ownCredential(tx, caller), revokedAt }),
      );
      queue.wake();
      return revoked;
    },
  };
}

/** What every change of a key asks. @throws {CertError} forbidden, wrongState once it is revoked */
export async function requireKeyChangeable(
  tx: Stores,
  caller: Caller,
  credential: Credential,
  { had = credential.roles, after = [] }: { readonly had?: readonly Role[]; readonly after?: readonly Role[] } = {},
): Promise<void> {
  const holder = await holderOfKey(tx, credential);
  await requireGrant(tx, caller, { accountId: credential.accountId, before: had, after, holder });
  requireUsable(credential);
}

/** @throws {CertError} forbidden */
export async function requireKeyRevocable(tx: Stores, caller: Caller, credential: Credential): Promise<void> {
  const { accountId, roles: before } = credential;
  await requireGrant(tx, caller, { accountId, before, after: [], holder: await holderOfKey(tx, credential) });
}

/** One that the caller may read: whoever may not read of every key reads their own. @throws {CertError} notFound, forbidden */
export async function findReadable(stores: Stores, caller: Caller, idOrNumber: string): Promise<Credential> {
  const credential = await findCredential(stores, caller, idOrNumber);
  const { userId } = credential;
  const own = await seenHolder(stores, caller, userId ?? undefined);
  if (userId === null && own !== undefined) throw refuse('roleMissing', { role: [...keyReadingRoles] });
  return credential;
}

/** Whoever may not read of every key reads of their own. @throws {CertError} forbidden for somebody else's, and for a key that nobody holds */
async function seenHolder(stores: Stores, caller: Caller, wanted: UserId | undefined): Promise<UserId | undefined> {
  if (caller.roles.some((role) => manyKeys.has(role))) return wanted;
  const own = (await holderOf(stores, caller.credentialId ?? caller.actor))?.id;
  if (own === undefined || (wanted !== undefined && wanted !== own)) {
    throw refuse('roleMissing', { role: [...keyReadingRoles] });
  }
  return own;
}

type KeyChange = Partial<Pick<Credential, 'label' | 'roles' | 'expiresAt' | 'allowedAddresses'>>;

/** Who holds the keys that somebody makes who manages nobody's: themselves, in a session of theirs. */
function ownHolder(caller: Caller, accountId: AccountId | null): UserId | null {
  const { sessionId, scope, roles, actor } = caller;
  const isManager = roles.some((role) => manyKeys.has(role));
  return sessionId !== undefined && scope === accountId && !isManager && isId('user', actor) ? actor : null;
}

async function revokeKey(
  tx: Stores,
  by: Actor,
  { credential, revokedAt }: { readonly credential: Credential; readonly revokedAt: Date },
): Promise<Credential> {
  const { id, accountId, dialect, label, key } = credential;
  if (!(await tx.credentials.moveToRevoked(id, revokedAt))) return credential;
  // What its client has begun ends as well: there may be much of it.
  if (key !== null) await tx.jobs.enqueue({ kind: 'endAcmeAccount', subject: id, runAt: revokedAt });
  const event = { accountId, subject: id, data: { dialect, label }, at: revokedAt };
  await recordAccount(tx, by, 'credential.revoked', event);
  return { ...credential, revokedAt };
}

/** The one that the caller came in by. @throws {CertError} notFound for the session of a person */
export async function ownCredential(stores: Stores, { credentialId, actor }: Caller): Promise<Credential> {
  const credential = credentialId === null ? undefined : await stores.credentials.get(credentialId);
  if (credential === undefined) throw refuse('notFound', { what: 'credential', value: quoted(credentialId ?? actor) });
  return credential;
}

/** Writes what changes of a key, and the line of the audit log. */
export async function applyKeyChange(
  context: AppContext,
  tx: Stores,
  by: Actor,
  { before, change }: { readonly before: Credential; readonly change: KeyChange },
): Promise<Credential> {
  const { id, accountId } = before;
  await tx.credentials.update(id, change);
  await recordAccount(tx, by, 'credential.changed', {
    accountId,
    subject: id,
    data: change,
    at: context.clock.now(),
  });
  return { ...before, ...change };
}

/** @throws {CertError} wrongState */
export function requireUsable({ number, revokedAt }: Credential): void {
  if (revokedAt === null) return;
  throw refuse('wrongState', { what: 'credential', value: String(number), state: 'revoked', needed: 'active' });
}

export async function holderOfKey(tx: Stores, { userId }: Credential): Promise<User | null> {
  return userId === null ? null : ((await tx.users.get(userId)) ?? null);
}

/** One that the caller may manage. @throws {CertError} notFound, the same for another account's as for none; forbidden */
export async function findCredential(stores: Stores, caller: Caller, idOrNumber: string): Promise<Credential> {
  const credential = /^[0-9]{1,10}$/.test(idOrNumber)
    ? await stores.credentials.getByNumber(Number(idOrNumber))
    : isId('credential', idOrNumber)
      ? await stores.credentials.get(idOrNumber)
      : undefined;
  if (credential === undefined || !isWithin(caller, credential.accountId)) {
    throw refuse('notFound', { what: 'credential', value: quoted(idOrNumber) });
  }
  return credential;
}
