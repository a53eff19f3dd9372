/** Whether those who have a stream open may still have it: the same that a request is asked, for all of them at once. */
import type { Credential, User } from '../../domain/account.ts';
import { isInRanges } from '../../domain/address-range.ts';
import type { Caller } from '../../domain/caller.ts';
import type { AccountId, CredentialId, UserId, UserSessionId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import { isOver } from '../../domain/user-session.ts';
import { rolesOfKey, rolesOfPerson } from '../accounts/people.ts';

/**
 * The standing of each caller: their roles of this moment, in a text to be compared with an earlier one. Undefined: they may not sign in
 * any more. A session is not used by it, so that one which nobody uses ends although a stream is open.
 */
export async function standingsOf(
  read: Stores,
  callers: readonly Caller[],
  now: Date,
): Promise<ReadonlyMap<Caller, string | undefined>> {
  const sessions = byId(await read.userSessions.listByIds(unique(callers.map(({ sessionId }) => sessionId))));
  const keys = byId(await read.credentials.listByIds(unique(callers.map(({ credentialId }) => credentialId))));
  const userIds = [...sessions.values(), ...keys.values()].map(({ userId }) => userId);
  const users = byId(await read.users.listByIds(unique(userIds)));
  const suspended = await suspendedOf(read, [
    ...callers.map(({ scope }) => (scope === 'all' ? null : scope)),
    ...[...keys.values(), ...sessions.values()].map(({ accountId }) => accountId),
  ]);

  function rolesNow({ sessionId, credentialId, address, scope }: Caller): readonly Role[] {
    if (scope !== 'all' && suspended.has(scope)) return [];
    if (sessionId !== undefined) {
      const session = sessions.get(sessionId);
      if (session === undefined || isOver(session, now) || isIn(suspended, session.accountId)) return [];
      return rolesOfPerson(users.get(session.userId));
    }
    const key = credentialId === null ? undefined : keys.get(credentialId);
    if (key === undefined || isIn(suspended, key.accountId)) return [];
    return isUsable(key, { address, now }) ? rolesOfKey(key, userOf(users, key)) : [];
  }

  return new Map(callers.map((caller) => [caller, standing(rolesNow(caller))]));
}

function standing(roles: readonly Role[]): string | undefined {
  return roles.length === 0 ? undefined : roles.toSorted().join();
}

function isUsable(
  { expiresAt, allowedAddresses }: Credential,
  { address, now }: { address: string; now: Date },
): boolean {
  return (
    (expiresAt === null || expiresAt > now) && (allowedAddresses === null || isInRanges(address, allowedAddresses))
  );
}

function userOf(users: ReadonlyMap<string, User>, { userId }: Credential): User | undefined {
  return userId === null ? undefined : users.get(userId);
}

type AnyId = UserSessionId | CredentialId | UserId | AccountId;

function unique<Id extends AnyId>(ids: readonly (Id | null | undefined)[]): readonly Id[] {
  return [...new Set(ids)].filter((id): id is Id => id !== null && id !== undefined);
}

function byId<T extends { readonly id: string }>(found: readonly T[]): ReadonlyMap<string, T> {
  return new Map(found.map((one) => [one.id, one]));
}

function isIn(ids: ReadonlySet<AccountId>, id: AccountId | null): boolean {
  return id !== null && ids.has(id);
}

async function suspendedOf(read: Stores, ids: readonly (AccountId | null)[]): Promise<ReadonlySet<AccountId>> {
  const found = await Promise.all(unique(ids).map(async (id) => [id, await read.accounts.get(id)] as const));
  return new Set(found.filter(([, account]) => account?.state !== 'active').map(([id]) => id));
}
