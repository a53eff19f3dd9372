/**
 * The one rule of everything that makes, changes or ends a user or a key, at every front door: the caller holds every role
 * that this user or key has, and every one that it would get. Also what a password set for somebody, or a link to set one,
 * is to ask. To be called in the transaction that writes, since either side may have changed a moment before.
 */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import { decidingRoles } from '../../domain/role-grant.ts';
import { isOperator, requireManagerOf } from '../scope.ts';
import { heldNow, isOwnUser } from './people.ts';
import { requireHeld, within } from './roles.ts';

export interface Grant {
  readonly accountId: AccountId | null;
  /** Roles that the user or the key has now; none for a new one, and for one that cannot be used at present. */
  readonly before: readonly Role[];
  /** Roles that it gets; none where its roles stay as they are, or end. */
  readonly after: readonly Role[];
  /** Holder of a key. */
  readonly holder?: User | null;
}

/**
 * Allows a change that the caller may make without a second person. A user changes their own keys freely, within their roles.
 * @throws {CertError} forbidden
 */
export async function requireGrant(tx: Stores, caller: Caller, grant: Grant): Promise<void> {
  if (!(await requireHeldByCaller(tx, caller, grant))) await refuseAlone(tx, caller, grant);
}

/**
 * Like `requireGrant`, for a change that waits for a second administrator.
 * @returns whether it is a change of a key of the caller's own
 */
export async function requireHeldByCaller(tx: Stores, caller: Caller, grant: Grant): Promise<boolean> {
  const { accountId, before, after, holder = null } = grant;
  const held = await heldNow(tx, caller);
  const isOwn = await isOwnUser(tx, caller, holder?.id ?? null);
  // A key makes no other keys: whoever stole one could keep what they have.
  const isByHolder =
    isOwn && caller.sessionId !== undefined && caller.scope === accountId && held.includes('requester');
  if (!isByHolder) requireManagerOf({ ...caller, roles: held }, accountId, after.length > 0 ? after : before);
  requireHeld(held, isOwn ? after : [...before, ...after, ...(holder?.roles ?? [])]);
  return isOwn;
}

/** The roles that somebody gets by this who may decide with them about what others ask for. */
function decidingGained({ before, after }: Pick<Grant, 'before' | 'after'>): readonly Role[] {
  const had = within(before, decidingRoles);
  return within(after, decidingRoles).filter((role) => !had.includes(role));
}

/**
 * Where duties are separate, nobody can make an approver or an administrator by themselves: they could be both people that
 * each request needs. The operator may, so that an account with one administrator is not locked out.
 */
async function refuseAlone(tx: Stores, caller: Caller, grant: Grant): Promise<void> {
  const gained = decidingGained(grant);
  if (gained.length === 0 || isOperator(caller) || grant.accountId === null) return;
  const account = await tx.accounts.get(grant.accountId);
  if (account?.separatesDuties === true) throw refuse('secondAdministratorNeeded', { role: gained });
}
