/** Sign-in by password, which makes a device's key, and the check of keys at every call. */

import type { Credential, User } from '../../domain/account.ts';
import { isInRanges, networkOf } from '../../domain/address-range.ts';
import type { Caller, Origin } from '../../domain/caller.ts';
import { isDiskFull, quoted, refuse } from '../../domain/errors.ts';
import { type AccountId, type CredentialId, newId, type UserId } from '../../domain/ids.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import type { NewCredential } from '../../domain/ports/credentials.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import type { AppContext } from '../context.ts';
import { findAccount, isOperator } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import type { PasswordQueue } from './password-queue.ts';
import { hashSecret, isPassword, isSecret } from './passwords.ts';
import { rolesOfKey } from './people.ts';
import { deviceRoles, requireWithin } from './roles.ts';
import { createSignInLimit } from './sign-in-limit.ts';

/** A key's last use is recorded with this precision in milliseconds: writing it at every call would cost more than the call. */
const lastUsePrecisionMs = 300_000;

const nobodyId = 'usr_nobody' as UserId;

export function createSignIn(context: AppContext, passwords: PasswordQueue): Omit<SignIn, 'register'> {
  const { database, clock } = context;
  const limit = createSignInLimit(clock);

  async function signIn(username: string, password: string, origin: Origin) {
    const { users } = database.read;
    const network = networkOf(origin.address);
    // Asked for somebody who is not there, too: both answers take the same time.
    const isKnown = await users.hasNetwork((await users.getByUsername(username))?.id ?? nobodyId, network);
    const one = { username, network, isKnown };
    // Those who must wait anyway take no place in the queue.
    limit.check(one);
    return passwords.run({ from: network, isKnown }, async () => {
      // Counted only now, so that those who wait do not count against each other.
      const attempt = limit.begin(one);
      const user = await users.getByUsername(username);
      const isRight = await isPassword(password, user?.passwordHash ?? undefined, context.passwordCost);
      if (user === undefined || !isRight || user.state !== 'active' || user.accountId === null) {
        throw refuse('loginFailed', {});
      }
      attempt.succeeded();
      return { user, network, accountId: user.accountId };
    });
  }

  return {
    async createDevice({ dialect, username, password, label }, origin) {
      const { user, network, accountId } = await signIn(username.trim().toLowerCase(), password, origin);
      const account = await database.read.accounts.get(accountId);
      if (account?.state !== 'active') throw refuse('accountSuspended', {});
      const { credential, secret } = await createCredential(
        context,
        { accountId, userId: user.id, dialect, label, roles: deviceRoles(user.roles), allowedAddresses: null },
        { actor: user.id, requestId: origin.requestId },
      );
      await noted(context, async (tx) => {
        await tx.users.updateLastSignIn(user.id, clock.now());
        await tx.users.putNetwork(user.id, network, clock.now());
      });
      return { credential, secret, account };
    },

    async authenticate({ dialect, publicId, secret }, origin) {
      const field = 'credential';
      const credential = await database.read.credentials.getByPublicId(dialect, publicId);
      // The hash is compared even for an unknown key, so that both answers take the same time.
      const isRight = isSecret(secret, credential?.secretHash ?? new Uint8Array(32));
      if (credential === undefined || credential.revokedAt !== null) throw refuse('credentialsWrong', { field });
      if (!isRight) throw refuse('credentialsWrong', { field: 'credential.secret' });
      const { expiresAt } = credential;
      if (expiresAt !== null && expiresAt <= clock.now()) {
        throw refuse('credentialExpired', { field, until: expiresAt.toISOString() });
      }
      if (credential.allowedAddresses !== null && !isInRanges(origin.address, credential.allowedAddresses)) {
        throw refuse('addressNotAllowed', { address: origin.address });
      }
      const { userId } = credential;
      const user = userId === null ? undefined : await database.read.users.get(userId);
      const roles = rolesOfKey(credential, user);
      if (roles.length === 0) throw refuse('credentialsWrong', { field });
      await requireActive(context, credential.accountId);
      await noteUse(context, credential);
      return callerOf(context, { ...credential, roles }, origin);
    },

    async actFor(caller, account) {
      const { id } = await findAccount(database.read, caller, account);
      return isOperator(caller) ? { ...caller, scope: id, isActingFor: true, roles: actingRoles } : caller;
    },
  };
}

/** An operator who acts for an account may do there what its administrators may. */
const actingRoles = ['administrator', 'approver', 'requester'] as const satisfies readonly Role[];

function callerOf({ widest }: AppContext, credential: Credential, origin: Origin): Caller {
  return {
    dialect: credential.dialect,
    seesAllDialects: widest.has(credential.dialect),
    // Outside of accounts there are only operators (`rolesOfKey`).
    scope: credential.accountId ?? 'all',
    isActingFor: false,
    actor: credential.id,
    credentialId: credential.id,
    roles: credential.roles,
    address: origin.address,
    requestId: origin.requestId,
  };
}

async function requireActive(context: AppContext, accountId: AccountId | null): Promise<void> {
  if (accountId === null) return;
  const account = await context.database.read.accounts.get(accountId);
  if (account?.state !== 'active') throw refuse('accountSuspended', {});
}

async function noteUse(context: AppContext, credential: Credential): Promise<void> {
  const now = context.clock.now();
  const last = credential.lastUsedAt?.getTime() ?? 0;
  if (now.getTime() - last < lastUsePrecisionMs) return;
  await noted(context, (tx) => tx.credentials.updateLastUsed(credential.id, now));
}

/** Records something useful that must not block sign-in: skipped on a full disk. */
async function noted(context: AppContext, note: (tx: Stores) => Promise<void>): Promise<void> {
  try {
    await context.database.write(note);
  } catch (thrown) {
    if (!isDiskFull(thrown)) throw thrown;
  }
}

/**
 * Makes a key. The secret is in the answer and nowhere else.
 * @param requireAllowed checks, in the transaction that adds it, that the caller may make a key for its holder
 */
export async function createCredential(
  context: AppContext,
  request: NewCredential,
  by: { readonly actor: UserId | CredentialId; readonly requestId: string | null },
  requireAllowed: (tx: Stores, holder: User | null) => Promise<void> = async () => {},
): Promise<{ readonly credential: Credential; readonly secret: string }> {
  const format = context.keyFormats.get(request.dialect);
  if (format === undefined) {
    const names = [...context.keyFormats.keys()].join(', ');
    throw refuse('fieldInvalid', {
      field: 'dialect',
      value: `"${request.dialect}"`,
      expected: expectedOf.oneOfThese(names),
    });
  }
  const now = context.clock.now();
  if (request.expiresAt !== undefined && !(request.expiresAt > now)) {
    throw refuse('fieldInvalid', {
      field: 'expiresAt',
      value: quoted(request.expiresAt),
      expected: expected.momentToCome,
    });
  }
  const { publicId, secret } = format(context.random);
  const fresh: Omit<Credential, 'number'> = {
    id: newId('credential', context),
    accountId: request.accountId,
    userId: request.userId,
    dialect: request.dialect,
    publicId,
    secretHash: hashSecret(secret),
    label: request.label,
    roles: request.roles,
    allowedAddresses: request.allowedAddresses,
    createdBy: by.actor,
    createdAt: now,
    lastUsedAt: null,
    expiresAt: request.expiresAt ?? null,
    revokedAt: null,
  };
  const credential = await context.database.write(async (tx) => {
    const holder = request.userId === null ? null : await findHolder(tx, request.userId, request.accountId);
    await requireAllowed(tx, holder);
    if (holder !== null) requireUsable(holder, request.roles);
    const inserted = await tx.credentials.insert(fresh);
    await recordAccount(tx, by, 'credential.created', {
      accountId: request.accountId,
      subject: fresh.id,
      data: { dialect: request.dialect, label: request.label },
      at: now,
    });
    return inserted;
  });
  return { credential, secret };
}

/** Checked in the transaction that adds a key: a user disabled meanwhile gets none, and no key of theirs is overlooked. */
async function findHolder(tx: Stores, id: UserId, accountId: AccountId | null): Promise<User> {
  const user = await tx.users.get(id);
  if (user === undefined || user.accountId !== accountId) throw refuse('notFound', { what: 'user', value: quoted(id) });
  return user;
}

function requireUsable({ state, username, roles }: User, wanted: Credential['roles']): void {
  if (state !== 'active') {
    throw refuse('wrongState', { what: 'user', value: username, state: 'disabled', needed: 'active' });
  }
  requireWithin(roles, wanted);
}
