/** The person responsible for the actions of a key, and the roles that they hold at this moment. */

import {
  type Account,
  type Credential,
  longestPersonText,
  nobody,
  type Person,
  type User,
} from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { type AccountId, type CredentialId, isId, type UserId } from '../../domain/ids.ts';
import { contactMailbox } from '../../domain/mailbox.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { printable } from '../../domain/printable.ts';
import { isServerRole, type Role } from '../../domain/role.ts';
import { limitedTo } from './roles.ts';

type Actor = UserId | CredentialId;

/** An account's rule about people: `separatesDuties` and which account it is. */
type Policy = Pick<Account, 'id' | 'separatesDuties'>;

/** A longer chain of keys that made keys was not made by hand. */
const longestChain = 1000;

/**
 * The person that an actor counts as. A person and all the keys that they hold are one. A key that nobody holds, and a program (a
 * service user), count as their maker, and where that was a key, as the maker of that.
 *
 * The operator makes keys for others to use: unless the account separates duties, such a key stands for itself.
 */
export async function countsAs(tx: Stores, { id: accountId, separatesDuties }: Policy, actor: Actor): Promise<Actor> {
  let at = actor;
  for (let links = 0; links < longestChain; links++) {
    const maker = await makerOf(tx, at);
    if (maker === null) return at;
    if (!separatesDuties && (await accountOf(tx, maker)) !== accountId) return at;
    at = maker;
  }
  return at;
}

/** Reports whether a person acts: by themselves, or with a key that they hold. */
export async function isPerson(tx: Stores, actor: Actor): Promise<boolean> {
  const holder = await holderOf(tx, actor);
  return holder?.kind === 'person';
}

/** The user who acts, or who holds the key; undefined for a key that nobody holds. */
export async function holderOf(tx: Stores, actor: Actor): Promise<User | undefined> {
  if (isId('user', actor)) return tx.users.get(actor);
  const userId = (await credentialOf(tx, actor))?.userId ?? null;
  return userId === null ? undefined : tx.users.get(userId);
}

/** Null: it is a person, or nobody knows. */
async function makerOf(tx: Stores, actor: Actor): Promise<Actor | null> {
  if (!isId('user', actor)) {
    const key = await credentialOf(tx, actor);
    return key?.userId ?? key?.createdBy ?? null;
  }
  const user = await tx.users.get(actor);
  return user?.kind === 'service' ? user.createdBy : null;
}

async function accountOf(tx: Stores, actor: Actor): Promise<User['accountId'] | undefined> {
  return isId('user', actor) ? (await tx.users.get(actor))?.accountId : (await credentialOf(tx, actor))?.accountId;
}

async function credentialOf(tx: Stores, actor: Actor): Promise<Credential | undefined> {
  return isId('credential', actor) ? tx.credentials.get(actor) : undefined;
}

/** Roles of a key now: no more than its user's, and none once either has ended. */
export function rolesOfKey(key: Credential, user: User | undefined): readonly Role[] {
  if (key.revokedAt !== null) return [];
  if (key.userId === null) return key.roles;
  if (user?.state !== 'active') return [];
  const roles = limitedTo(user.roles, key.roles);
  return rolesIn(key.accountId, roles);
}

/** Roles of somebody who signed in by themselves: none once they may not any more. */
export function rolesOfPerson(user: User | undefined): readonly Role[] {
  if (user?.state !== 'active') return [];
  return rolesIn(user.accountId, user.roles);
}

/** Outside of accounts there are only the roles of the server, and they are nowhere else: who sees every account depends on it. */
function rolesIn(accountId: AccountId | null, roles: readonly Role[]): readonly Role[] {
  return roles.filter((role) => isServerRole(role) === (accountId === null));
}

/** Roles that a caller holds at this moment, which may be fewer than when they signed in. */
export async function heldNow(tx: Stores, caller: Caller): Promise<readonly Role[]> {
  const held = await heldByThemselves(tx, caller);
  if (!caller.isActingFor) return held;
  return held.includes('operator') ? caller.roles : caller.roles.filter((role) => held.includes(role));
}

async function heldByThemselves(tx: Stores, { credentialId, sessionId, roles }: Caller): Promise<readonly Role[]> {
  if (sessionId !== undefined) {
    const session = await tx.userSessions.get(sessionId);
    return session === undefined ? [] : rolesOfPerson(await tx.users.get(session.userId));
  }
  const key = credentialId === null ? undefined : await tx.credentials.get(credentialId);
  // Nobody who came in by a key: the server itself.
  return key === undefined ? roles : rolesOfKey(key, await holderOf(tx, key.id));
}

/** Roles held now by an earlier actor: for a person all of theirs, for a key that nobody holds its own. */
export async function heldBy(tx: Stores, actor: Actor): Promise<readonly Role[]> {
  const holder = await holderOf(tx, actor);
  if (holder !== undefined) return holder.state === 'active' ? holder.roles : [];
  const key = await credentialOf(tx, actor);
  return key === undefined ? [] : rolesOfKey(key, undefined);
}

/** Reports whether it is the caller's own user. */
export async function isOwnUser(tx: Stores, caller: Caller, userId: UserId | null): Promise<boolean> {
  return userId !== null && (await holderOf(tx, caller.credentialId ?? caller.actor))?.id === userId;
}

/** Checks a person's data before it is shown and mailed to. @throws {CertError} invalidField */
export function checkPerson(person: Person): Person {
  const fields = Object.entries(person).map(([field, text]: [string, string]) => {
    const trimmed = text.trim();
    if (trimmed.length > longestPersonText || printable(trimmed) !== trimmed) {
      throw refuse('fieldInvalid', {
        field,
        value: quoted(text),
        expected: expectedOf.printableAtMost(longestPersonText),
      });
    }
    return [field, field === 'email' ? contactMailbox(text, field) : trimmed];
  });
  return { ...nobody, ...Object.fromEntries(fields) };
}
