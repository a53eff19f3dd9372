/** What follows when a secret or a signature is right: whether the key may be used now, from there, by whom. */
import type { Credential } from '../../domain/account.ts';
import { isInRanges } from '../../domain/address-range.ts';
import type { Caller, Origin } from '../../domain/caller.ts';
import { isDiskFull, refuse } from '../../domain/errors.ts';
import type { AccountId, UserId } from '../../domain/ids.ts';
import type { KeyPolicy } from '../../domain/key-policy.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { rolesOfKey } from './people.ts';

/** A key's last use is recorded with this precision in milliseconds: writing it at every call would cost more than the call. */
const lastUsePrecisionMs = 300_000;

/**
 * The caller of a credential whose secret or signature is right.
 * @throws {CertError} unauthenticated for one that has ended or whose user may not sign in, forbidden for another address or a
 * suspended account
 */
export async function admit(context: AppContext, credential: Credential, origin: Origin): Promise<Caller> {
  const { expiresAt, allowedAddresses, userId, externalAccountKeyId } = credential;
  const field = 'credential';
  if (expiresAt !== null && expiresAt <= context.clock.now()) {
    throw refuse('credentialExpired', { field, until: expiresAt.toISOString() });
  }
  if (allowedAddresses !== null && !isInRanges(origin.address, allowedAddresses)) {
    throw refuse('addressNotAllowed', { address: origin.address });
  }
  const boundBy =
    externalAccountKeyId === null
      ? undefined
      : await context.database.read.externalAccountKeys.get(externalAccountKeyId);
  if (boundBy !== undefined) requireAddress(boundBy.policy, origin.address);
  const user = userId === null ? undefined : await context.database.read.users.get(userId);
  const roles = rolesOfKey(credential, user);
  if (roles.length === 0) throw refuse('credentialsWrong', { field });
  await requireActive(context, credential.accountId);
  await noteUse(context, credential, origin.address);
  return callerOf(context, { ...credential, roles }, origin);
}

/** Requests of clients of an external account key may be limited to some networks. @throws {CertError} forbidden */
export function requireAddress({ addressRanges }: Pick<KeyPolicy, 'addressRanges'>, address: string): void {
  if (addressRanges !== null && !isInRanges(address, addressRanges)) throw refuse('addressNotAllowed', { address });
}

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

export async function requireActive(context: AppContext, accountId: AccountId | null): Promise<void> {
  if (accountId === null) return;
  const account = await context.database.read.accounts.get(accountId);
  if (account?.state !== 'active') throw refuse('accountSuspended', {});
}

async function noteUse(context: AppContext, credential: Credential, address: string): Promise<void> {
  const now = context.clock.now();
  const last = credential.lastUsedAt?.getTime() ?? 0;
  if (now.getTime() - last < lastUsePrecisionMs) return;
  await noted(context, (tx) => tx.credentials.updateLastUsed(credential.id, now, address));
}

/** Records the user's sign-in from this network. */
export function noteSignIn(context: AppContext, id: UserId, network: string): Promise<void> {
  const now = context.clock.now();
  return noted(context, async (tx) => {
    await tx.users.updateLastSignIn(id, now);
    await tx.users.putNetwork(id, network, now);
  });
}

/** Records something useful that must not block sign-in: skipped on a full disk. */
export async function noted(context: AppContext, note: (tx: Stores) => Promise<void>): Promise<void> {
  try {
    await context.database.write(note);
  } catch (thrown) {
    if (!isDiskFull(thrown)) throw thrown;
  }
}
