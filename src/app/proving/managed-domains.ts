/**
 * Domains that an account keeps, to prove control of them before any order (RFC 8555 §7.4.1). The proof is an ordinary
 * authorization without an issuance: orders find it like any other.
 */

import { type Authorization, pendingAuthorization } from '../../domain/authorization.ts';
import type { Caller, Reference } from '../../domain/caller.ts';
import { type CheckResult, isChecked } from '../../domain/challenge.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import { baseName } from '../../domain/identifier.ts';
import { newId } from '../../domain/ids.ts';
import type { ManagedDomain, ManagedDomainView } from '../../domain/managed-domain.ts';
import { expected } from '../../domain/messages/expectations.ts';
import { acceptedChallenges, holdsFor, isReusable } from '../../domain/policy.ts';
import type {
  DomainProofs,
  ManagedDomainQuery,
  ManagedDomains,
  NewManagedDomain,
} from '../../domain/ports/managed-domains.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { recordAccount } from '../accounts/account-event.ts';
import { conditionOfContainers, findOpenContainer } from '../accounts/containers.ts';
import { type AppContext, proofMakerOf } from '../context.ts';
import { shownTo } from '../orders/order-view.ts';
import { accountFilter, accountIdOf, findAccount, findOwned } from '../scope.ts';
import { createCheckLimit } from './check-limit.ts';
import { applyChoices } from './choose-method.ts';
import { endProofs, preauthorizationProfile } from './proof.ts';
import { lookForProof, storeChecks } from './validation.ts';

/** A caller waits for it: hosts that do not answer must not keep them longer. */
const checkLimitMs = 20_000;

export function createManagedDomains(context: AppContext): ManagedDomains {
  const { database, clock, queue } = context;
  const limit = createCheckLimit(context, 'managedDomain');
  const { read } = database;

  const find = (stores: Stores, caller: Caller, reference: Reference) =>
    findOwned(stores.managedDomains, 'managedDomain', caller, reference);

  async function view(domain: ManagedDomain, reader: Caller): Promise<ManagedDomainView> {
    const [shown] = await views([domain], reader);
    if (shown === undefined) throw missing(domain);
    return shown;
  }

  async function views(domains: readonly ManagedDomain[], reader: Caller): Promise<readonly ManagedDomainView[]> {
    const authorizations = await read.authorizations.listByIds(domains.map(({ authorizationId }) => authorizationId));
    const organizationIds = [...new Set(domains.flatMap(({ organizationId }) => organizationId ?? []))];
    const organizations = await read.organizations.listByIds(organizationIds);
    const now = clock.now();
    const older = await olderProofs(domains, authorizations, now);
    return domains.map((domain) => {
      const authorization = authorizations.find(({ id }) => id === domain.authorizationId);
      if (authorization === undefined) throw missing(domain);
      const proof = asProof(proves(authorization, domain, now) ? authorization : older.get(domain.id));
      return {
        domain,
        authorization: shownTo(reader, authorization),
        proof: proof && shownTo(reader, proof),
        organization: organizations.find(({ id }) => id === domain.organizationId) ?? null,
        now,
      };
    });
  }

  /**
   * True if the proof serves the domain as such, whatever key and product will be ordered: by the rules of the profile by which
   * domains are proved, also where an order with other rules found it.
   */
  function proves(authorization: Authorization, { name }: ManagedDomain, now: Date): boolean {
    return isReusable(authorization, { name, keyHash: null, profile: preauthorizationProfile(context), now });
  }

  /** The authorization's own end: an order's rules may have given it more time. */
  function asProof(authorization: Authorization | undefined): Authorization | null {
    if (authorization === undefined) return null;
    const { provedAt, validUntil } = authorization;
    const untilMs = (provedAt?.getTime() ?? 0) + preauthorizationProfile(context).reuseDays * 86_400_000;
    if (validUntil === null || validUntil.getTime() <= untilMs) return authorization;
    return { ...authorization, validUntil: new Date(untilMs) };
  }

  /** For domains whose newest authorization is not valid: while a new token waits, an earlier one still counts. */
  async function olderProofs(
    domains: readonly ManagedDomain[],
    newest: readonly Authorization[],
    now: Date,
  ): Promise<ReadonlyMap<ManagedDomain['id'], Authorization>> {
    const byId = new Map(newest.map((authorization) => [authorization.id, authorization]));
    const others = domains.filter((domain) => {
      const authorization = byId.get(domain.authorizationId);
      return authorization === undefined || !proves(authorization, domain, now);
    });
    const found = new Map<ManagedDomain['id'], Authorization>();
    for (const accountId of new Set(others.map((domain) => domain.accountId))) {
      const ofAccount = others.filter((domain) => domain.accountId === accountId);
      const names = ofAccount.map(({ name }) => name.value);
      const usable = await read.authorizations.listUsable(accountId, names, { now, keyHash: null });
      for (const domain of ofAccount) {
        const proof = usable.find((one) => one.identifier.value === domain.name.value && proves(one, domain, now));
        if (proof !== undefined) found.set(domain.id, proof);
      }
    }
    return found;
  }

  async function viewAgain({ id }: ManagedDomain, caller: Caller): Promise<ManagedDomainView> {
    return view(await find(read, caller, { id }), caller);
  }

  async function add(tx: Stores, caller: Caller, request: NewManagedDomain): Promise<ManagedDomain> {
    const accountId = accountIdOf(caller);
    const { requestedLevels, proofReference } = request;
    const organization =
      request.organization && (await findOwned(tx.organizations, 'organization', caller, request.organization));
    const container = request.container && (await findOpenContainer(tx, caller, request.container));
    const authorization = newProof(context, caller, { accountId, name: request.name }, request);
    await tx.authorizations.insert(authorization);
    const domain = await tx.managedDomains.insert({
      id: newId('managedDomain', context),
      accountId,
      name: request.name,
      organizationId: organization?.id ?? null,
      containerId: container?.id ?? null,
      state: 'active',
      proofReference,
      authorizationId: authorization.id,
      requestedLevels,
      createdAt: clock.now(),
    });
    await record(tx, caller, 'domain.added', domain, { levels: requestedLevels });
    return domain;
  }

  /** Changes the domain as it is now, and records it in the audit log. */
  async function change(
    caller: Caller,
    reference: Reference,
    work: (tx: Stores, domain: ManagedDomain) => Promise<void>,
  ): Promise<ManagedDomainView> {
    const changed = await database.write(async (tx) => {
      const domain = await find(tx, caller, reference);
      await work(tx, domain);
      return domain;
    });
    queue.wake();
    return viewAgain(changed, caller);
  }

  async function addChosen(tx: Stores, caller: Caller, request: NewManagedDomain): Promise<ManagedDomain> {
    const domain = await add(tx, caller, request);
    if (request.choice === undefined) return domain;
    const authorization = await tx.authorizations.get(domain.authorizationId);
    if (authorization === undefined) throw missing(domain);
    const chosen = [{ authorization, choice: request.choice }];
    await applyChoices(context, tx, caller, { purpose: { domain }, chosen });
    return domain;
  }

  const record = (tx: Stores, caller: Caller, kind: EventKind, domain: ManagedDomain, data: object = {}) =>
    recordAccount(tx, caller, kind, {
      accountId: domain.accountId,
      subject: domain.id,
      data: { number: domain.number, name: domain.name.value, ...data },
      at: clock.now(),
    });

  return {
    async ensure(caller, request) {
      requireDomain(context, request);
      const accountId = accountIdOf(caller);
      const known = await read.managedDomains.getByName(accountId, request.name.value);
      if (known !== undefined) return view(known, caller);
      // Another call may have made it in between.
      const made = await database.write(
        async (tx) =>
          (await tx.managedDomains.getByName(accountId, request.name.value)) ?? (await addChosen(tx, caller, request)),
      );
      queue.wake();
      return view(made, caller);
    },

    async add(caller, request) {
      requireDomain(context, request);
      const made = await database.write(async (tx) => {
        const { value } = request.name;
        if ((await tx.managedDomains.getByName(accountIdOf(caller), value)) !== undefined) {
          throw refuse('alreadyExists', { what: 'managedDomain', value });
        }
        return add(tx, caller, request);
      });
      return view(made, caller);
    },

    async get(caller, reference) {
      return view(await find(read, caller, reference), caller);
    },

    async list(caller, query: ManagedDomainQuery) {
      const { containerNumbers, account, ...search } = query;
      const found = await read.managedDomains.list({
        ...search,
        accountId: account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id,
        ...(containerNumbers === undefined ? {} : await conditionOfContainers(read, caller, containerNumbers)),
      });
      return { items: await views(found.items, caller), total: found.total };
    },

    async setState(caller, reference, state) {
      return change(caller, reference, async (tx, domain) => {
        if (domain.state === state) return;
        await tx.managedDomains.update(domain.id, { state });
        await record(tx, caller, 'domain.changed', domain, { state });
      });
    },

    async remove(caller, reference) {
      await database.write(async (tx) => {
        const domain = await find(tx, caller, reference);
        await tx.managedDomains.remove(domain.id);
        await endProofs(tx, domain);
        await record(tx, caller, 'domain.removed', domain);
      });
    },

    async renewProofs(caller, reference, proofs) {
      return change(caller, reference, async (tx, domain) => {
        const fresh = newProof(context, caller, domain, proofs);
        await tx.authorizations.insert(fresh);
        await tx.managedDomains.update(domain.id, {
          proofReference: proofs.proofReference,
          authorizationId: fresh.id,
          requestedLevels: proofs.requestedLevels ?? domain.requestedLevels,
        });
        await record(tx, caller, 'domain.proofsRenewed', domain, { method: proofs.preferredMethod });
      });
    },

    async chooseMethod(caller, reference, choice) {
      return change(caller, reference, async (tx, domain) => {
        const authorization = await tx.authorizations.get(domain.authorizationId);
        if (authorization === undefined) throw missing(domain);
        await applyChoices(context, tx, caller, { purpose: { domain }, chosen: [{ authorization, choice }] });
      });
    },

    async check(caller, reference) {
      const domain = await find(read, caller, reference);
      const authorization = await read.authorizations.get(domain.authorizationId);
      if (authorization === undefined) throw missing(domain);
      if (authorization.state !== 'pending') return view(domain, caller);
      // As for orders (`proving.ts`): clients of vendors poll by it.
      if (!caller.seesAllDialects && !limit.tryTake(domain)) return view(domain, caller);
      if (caller.seesAllDialects) limit.take(domain);
      await database.write((tx) => record(tx, caller, 'validation.checkRequested', domain));
      const checks = await look(authorization);
      // The result also proves the domain to the orders that wait for it, in this very transaction.
      await database.write((tx) => storeChecks(context, tx, authorization, checks));
      queue.wake();
      return viewAgain(domain, caller);
    },
  };

  async function look(authorization: Authorization): Promise<readonly CheckResult[]> {
    const limit = new AbortController();
    const done = new AbortController();
    const timer = clock.sleep(checkLimitMs, done.signal).then(
      () => limit.abort(),
      () => undefined,
    );
    try {
      return await lookForProof(context, authorization, limit.signal);
    } finally {
      done.abort();
      await timer;
    }
  }
}

/** Refuses what can be refused before the transaction. @throws {CertError} badName, refusedName */
function requireDomain({ publicSuffixes }: AppContext, { name }: NewManagedDomain): void {
  if (name.kind !== 'dns') {
    throw refuse('fieldInvalid', { field: 'name', value: quoted(name.value), expected: expected.plainDomain });
  }
  // BR §3.2.2.6: nobody owns a public suffix, so nobody proves control of everything below it.
  if (publicSuffixes.isPublicSuffix(baseName(name))) throw refuse('nameIsPublicSuffix', { name: name.value });
}

/** @throws {CertError} refusedName when nothing that is offered can prove it */
function newProof(
  context: AppContext,
  { dialect }: Caller,
  { accountId, name: identifier }: Pick<ManagedDomain, 'accountId' | 'name'>,
  { proofReference, preferredMethod }: DomainProofs,
): Authorization {
  const profile = preauthorizationProfile(context);
  const facts = { accountId, credentialId: null, proofReference, csr: null, dialectData: {} };
  const offered = proofMakerOf(context, dialect).challengesOf(facts)(identifier);
  // A domain has no key: what holds for one key only cannot prove it.
  const accepted = acceptedChallenges(offered, identifier, profile).filter(({ binding }) =>
    holdsFor({ binding, keyHash: null, identifier }, { name: identifier, keyHash: null }),
  );
  const challenges = accepted.filter((challenge) => isChecked(challenge) || context.mailer !== null);
  if (challenges.length === 0) throw refuse('nothingToProve', { name: identifier.value, profile: profile.id });
  return pendingAuthorization({
    id: newId('authorization', context),
    accountId,
    issuanceId: null,
    identifier,
    challenges,
    preferredMethod,
    createdAt: context.clock.now(),
  });
}

function missing({ id }: ManagedDomain) {
  return refuse('internal', {}, { cause: new Error(`domain ${id} lacks its authorization`) });
}
