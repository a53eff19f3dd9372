/**
 * Roles that two administrators grant together: one proposes, another confirms. Both must hold what they give at the moment
 * of the confirmation, and the second must be another person, who acts as a person.
 */
import type { Credential, User } from '../../domain/account.ts';
import type { Caller, Reference } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import { isId, newId } from '../../domain/ids.ts';
import type { GrantTarget, RoleGrants } from '../../domain/ports/role-grants.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import type { RoleGrant } from '../../domain/role-grant.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, findAccount, findOwned, isOperator } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { applyKeyChange, findCredential, holderOfKey, requireUsable } from './credentials.ts';
import { findSeen } from './found-users.ts';
import { requireHeldByCaller } from './grants.ts';
import { countsAs, heldBy, heldNow, holderOf, isPerson } from './people.ts';
import { notHeld, requireWithin } from './roles.ts';
import { applyUserChange, findUser, refuseOwn } from './users.ts';

const managing: readonly Role[] = ['operator', 'administrator', 'userManager'];

/** The subject of the grant, with its roles now. */
interface Subject {
  readonly id: RoleGrant['subject'];
  readonly before: readonly Role[];
  apply(by: Caller): Promise<unknown>;
}

export function createRoleGrants(context: AppContext): RoleGrants {
  const { database, clock } = context;

  /** Reads it in the transaction. @throws {CertError} wrongState */
  async function waiting(tx: Stores, caller: Caller, reference: Reference): Promise<RoleGrant> {
    const grant = await findOwned(tx.roleGrants, 'roleGrant', caller, reference);
    if (grant.state === 'pending') return grant;
    const { number, state } = grant;
    throw refuse('wrongState', { what: 'roleGrant', value: String(number), state, needed: 'pending' });
  }

  async function end(tx: Stores, caller: Caller, grant: RoleGrant, state: 'confirmed' | 'withdrawn') {
    const decision = { by: caller.actor, at: clock.now() };
    if (!(await tx.roleGrants.moveFromPending(grant.id, state, decision))) {
      throw refuse('internal', {}, { cause: new Error(`${grant.id} does not wait any more`) });
    }
    await record(tx, caller, `roleGrant.${state}`, { grant, at: decision.at });
    return { ...grant, state, decidedBy: decision.by, decidedAt: decision.at };
  }

  return {
    async propose(caller, { target, roles }) {
      return database.write(async (tx) => {
        const { accountId, ...subject } = await findSubject(context, tx, caller, target, roles);
        if (accountId === null) throw refuse('accountNeeded', {});
        const earlier = await tx.roleGrants.getPending(subject.id);
        if (earlier !== undefined) throw refuse('alreadyExists', { what: 'roleGrant', value: String(earlier.number) });
        const at = clock.now();
        const grant = await tx.roleGrants.insert({
          id: newId('roleGrant', context),
          accountId,
          subject: subject.id,
          roles,
          state: 'pending',
          proposedBy: caller.actor,
          decidedBy: null,
          createdAt: at,
          decidedAt: null,
        });
        await record(tx, caller, 'roleGrant.proposed', { grant, at });
        return grant;
      });
    },

    async list(caller, { account, target, state, limit, before, withTotal }) {
      const { read } = database;
      const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
      const subject = target && (await findTarget(read, caller, target)).id;
      const filter = { accountId, ...withDefined({ state, subject }) };
      const found = await read.roleGrants.list({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const total = withTotal && (await read.roleGrants.count(filter));
      return { ...pageOf(found, limit, ({ number }) => number), ...withDefined({ total }) };
    },

    async confirm(caller, reference) {
      return database.write(async (tx) => {
        const grant = await waiting(tx, caller, reference);
        const { subject, roles } = grant;
        await requireSecond(tx, caller, grant);
        const target = isId('user', subject) ? { user: subject } : { credential: subject };
        const found = await findSubject(context, tx, caller, target, roles);
        if (!isOperator(caller)) await requireHeldByProposer(tx, grant, found);
        const confirmed = await end(tx, caller, grant, 'confirmed');
        await found.apply(caller);
        return confirmed;
      });
    },

    async withdraw(caller, reference) {
      return database.write(async (tx) => end(tx, caller, await waiting(tx, caller, reference), 'withdrawn'));
    },
  };
}

/**
 * Requires an administrator of the account who neither proposed it nor gets the roles. An operator may grant without a second
 * person, and so confirm any proposal.
 * @throws {CertError} forbidden
 */
async function requireSecond(tx: Stores, caller: Caller, grant: RoleGrant): Promise<void> {
  if (isOperator(caller)) return;
  const held = await heldNow(tx, caller);
  if (!held.includes('administrator')) throw refuse('roleMissing', { role: 'administrator' });
  if (!(await isPerson(tx, caller.actor))) throw refuse('personNeeded', {});
  const account = { id: grant.accountId, separatesDuties: true };
  const second = await countsAs(tx, account, caller.actor);
  const others = [await countsAs(tx, account, grant.proposedBy), (await holderOf(tx, grant.subject))?.id];
  if (others.includes(second)) throw refuse('grantNeedsAnother', { value: String(grant.number) });
}

/** @throws {CertError} notFound, the same for another account's as for none */
function findTarget(read: Stores, caller: Caller, target: GrantTarget): Promise<User | Credential> {
  return 'user' in target ? findSeen(read, caller, target.user) : findCredential(read, caller, target.credential);
}

/** Requires that the proposer still holds the roles. @throws {CertError} forbidden */
async function requireHeldByProposer(tx: Stores, { number, roles, proposedBy }: RoleGrant, { before }: Subject) {
  const held = await heldBy(tx, proposedBy);
  const isManager = held.some((role) => managing.includes(role));
  if (isManager && notHeld(held, [...roles, ...before]).length === 0) return;
  throw refuse('grantOutdated', { value: String(number) });
}

/**
 * Finds the subject of the grant; the caller must hold all the roles that it has and would get.
 * @throws {CertError} notFound, forbidden, wrongState, invalidField
 */
async function findSubject(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  target: GrantTarget,
  roles: readonly Role[],
): Promise<Subject & Pick<User, 'accountId'>> {
  if ('credential' in target) {
    const key = await findCredential(tx, caller, target.credential);
    const holder = await holderOfKey(tx, key);
    const { id, accountId, roles: before } = key;
    await requireHeldByCaller(tx, caller, { accountId, before, after: roles, holder });
    requireUsable(key);
    if (holder !== null) requireWithin(holder.roles, roles);
    const apply = (by: Caller) => applyKeyChange(context, tx, by, { before: key, change: { roles } });
    return { id, accountId, before: [...before, ...(holder?.roles ?? [])], apply };
  }
  const user = await findUser(tx, caller, target.user);
  const { id, accountId, roles: before, state, username } = user;
  await refuseOwn(tx, caller, user);
  await requireHeldByCaller(tx, caller, { accountId, before, after: roles });
  if (state !== 'active') throw refuse('wrongState', { what: 'user', value: username, state, needed: 'active' });
  const apply = (by: Caller) => applyUserChange(context, tx, by, { before: user, change: { roles } });
  return { id, accountId, before, apply };
}

function record(
  tx: Stores,
  caller: Caller,
  kind: EventKind,
  { grant, at }: { readonly grant: RoleGrant; readonly at: Date },
): Promise<void> {
  const { accountId, subject, number, roles, proposedBy } = grant;
  return recordAccount(tx, caller, kind, { accountId, subject, data: { number, roles, proposedBy }, at });
}
