/** Sign-in by password, which makes a device's key, and the check of keys at every call. */

import type { Credential, User } from '../../domain/account.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { type AccountId, type CredentialId, newId, type UserId } from '../../domain/ids.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import type { NewCredential } from '../../domain/ports/credentials.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import type { AppContext } from '../context.ts';
import { findAccount, isOperator, seesAllAccounts } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { admit, noteSignIn } from './admission.ts';
import type { CheckPassword } from './password-check.ts';
import { hashSecret, isSecret } from './passwords.ts';
import { createRequestLimiter } from './request-limits.ts';
import { deviceRoles, requireWithin } from './roles.ts';

export function createSignIn(
  context: AppContext,
  checkPassword: CheckPassword,
): Pick<SignIn, 'createDevice' | 'authenticate' | 'actFor'> {
  const { database } = context;
  const limiter = createRequestLimiter(context.clock);
  return {
    async createDevice({ dialect, username, password, label }, origin) {
      const one = { username: username.trim().toLowerCase(), password };
      const { user, network } = await checkPassword(one, origin, ({ accountId }) => accountId !== null);
      const { accountId } = user;
      const account = accountId === null ? undefined : await database.read.accounts.get(accountId);
      if (account?.state !== 'active') throw refuse('accountSuspended', {});
      const { credential, secret } = await createCredential(
        context,
        { accountId, userId: user.id, dialect, label, roles: deviceRoles(user.roles), allowedAddresses: null },
        { actor: user.id, requestId: origin.requestId },
        // Given another password since it was checked: nobody comes in by the earlier one any more.
        async (_tx, holder) => {
          if (holder?.passwordHash !== user.passwordHash) throw refuse('loginFailed', {});
        },
      );
      await noteSignIn(context, user.id, network);
      return { credential, secret, account };
    },

    async authenticate({ dialect, publicId, secret, windows = [] }, origin) {
      const field = 'credential';
      const credential = await database.read.credentials.getByPublicId(dialect, publicId);
      // The hash is compared even for an unknown key, so that both answers take the same time.
      const isRight = isSecret(secret, credential?.secretHash ?? new Uint8Array(32));
      if (credential === undefined || credential.revokedAt !== null) throw refuse('credentialsWrong', { field });
      if (!isRight) throw refuse('credentialsWrong', { field: 'credential.secret' });
      const caller = await admit(context, credential, origin);
      // Only now: what strangers make up takes no memory and no share of anybody's limit.
      limiter.take(credential.id, windows);
      return caller;
    },

    async actFor(caller, account) {
      const { id } = await findAccount(database.read, caller, account);
      if (!seesAllAccounts(caller)) return caller;
      // Support and auditors keep their roles: they only look at one account now.
      const roles = isOperator(caller) ? actingRoles : caller.roles;
      return { ...caller, scope: id, isActingFor: true, roles };
    },
  };
}

/** An operator who acts for an account may do there what its administrators may. */
const actingRoles = ['administrator', 'approver', 'requester'] as const satisfies readonly Role[];

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
  if (context.keyBound.has(request.dialect)) {
    throw refuse('keyBringsOwn', { field: 'dialect', dialect: quoted(request.dialect) });
  }
  if (format === undefined) {
    const names = [...context.keyFormats.keys()].join(', ');
    throw refuse('fieldInvalid', {
      field: 'dialect',
      value: `"${request.dialect}"`,
      expected: expectedOf.oneOfThese(names),
    });
  }
  const now = context.clock.now();
  if (request.expiresAt !== undefined) requireFuture(request.expiresAt, now);
  const { publicId, secret } = format(context.random);
  const fresh: Omit<Credential, 'number'> = {
    id: newId('credential', context),
    accountId: request.accountId,
    userId: request.userId,
    dialect: request.dialect,
    publicId,
    secretHash: hashSecret(secret),
    key: null,
    externalAccountKeyId: null,
    dialectData: {},
    label: request.label,
    roles: request.roles,
    allowedAddresses: request.allowedAddresses,
    createdBy: by.actor,
    createdAt: now,
    lastUsedAt: null,
    lastUsedAddress: null,
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

/** @throws {CertError} invalidField for an end that has passed, or that is no time */
export function requireFuture(expiresAt: Date, now: Date): void {
  if (expiresAt > now) return;
  throw refuse('fieldInvalid', { field: 'expiresAt', value: quoted(expiresAt), expected: expected.momentToCome });
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
