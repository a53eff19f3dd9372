/** Effects of a proved name: the authorization, the evidence, the issuances that waited for it, the events. */
import type { Authorization } from '../../domain/authorization.ts';
import type { CheckResult } from '../../domain/challenge.ts';
import { refuse } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { ManagedDomain } from '../../domain/managed-domain.ts';
import { canProveBy, holdsFor, isReusable, provedUntil } from '../../domain/policy.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Profile, profileAt } from '../../domain/profile.ts';
import { authorizationTransitions, statesAccepting } from '../../domain/states.ts';
import { keyHashOf } from '../../pki/csr.ts';
import { type AppContext, profileOf } from '../context.ts';
import { type Requester, servingRequester } from '../orders/key-terms.ts';
import type { NameProof } from '../orders/order-view.ts';
import { queueDeliveries } from '../outbound/deliveries.ts';
import { recordCheck } from './check-history.ts';

/**
 * The profile by which a domain is proved before any order. Nobody knows yet what will be ordered, so it is the strictest
 * there is: the public-like DV one, and of several the one that lets a proof serve for the shortest time (BR §4.2.1). A
 * private order is then served no longer than a public one would be. `isReusable` asks each order's own profile again.
 */
export function preauthorizationProfile({ profiles, clock }: AppContext): Profile {
  const today = [...profiles.values()].map((profile) => profileAt(profile, clock.now()));
  const ofDomains = today.filter(({ level }) => level === 'dv');
  const publicLike = ofDomains.filter(({ isPublicLike }) => isPublicLike);
  const strictest = (publicLike.length > 0 ? publicLike : ofDomains).toSorted((a, b) => a.reuseDays - b.reuseDays)[0];
  if (strictest === undefined) throw refuse('internal', {}, { cause: new Error('no DV profile is configured') });
  return strictest;
}

/** The key that the issuance's proofs must hold for (`policy.holdsFor`); null while its CSR is still to come. */
export function keyHashOfIssuance({ csr }: Pick<Issuance, 'csr'>): string | null {
  return csr === null ? null : keyHashOf(csr);
}

/** A check that proved its challenge. */
interface Proving {
  readonly check: CheckResult;
  /** Position of the challenge in the authorization. */
  readonly challenge: number;
  /** Of whoever confirmed it; null: it was looked up. */
  readonly requestId: string | null;
}

/**
 * The name is proved from now on, and the evidence kept. Changes nothing when it is proved already, nor where what was found
 * holds for a key only and there is none: for a domain that the account keeps.
 * @returns true if work was queued: after the commit, wake the queue
 */
export async function prove(
  context: AppContext,
  tx: Stores,
  authorization: Authorization,
  { check: proof, challenge, requestId }: Proving,
): Promise<boolean> {
  const { id, accountId, identifier } = authorization;
  const { profile, keyHash } = await purposeOf(context, tx, authorization);
  const { binding, checkedAt: provedAt } = proof;
  const held = { binding, keyHash: binding === 'request' ? keyHash : null };
  const record = (usableUntil: Date | null) =>
    recordCheck(tx, { authorizationId: id, challenge, check: proof, usableUntil });
  if (!holdsFor({ ...held, identifier }, { name: identifier, keyHash })) {
    await record(null);
    return false;
  }
  const validUntil = provedUntil(proof, profile);
  const moved = await tx.authorizations.move(id, statesAccepting(authorizationTransitions, 'prove'), 'valid', {
    provedBy: proof.method,
    provedAt,
    validUntil,
    coversBelow: proof.terms?.coversBelow ?? null,
    ...held,
  });
  await record(moved ? validUntil : null);
  if (!moved) return false;
  await tx.events.append({
    kind: 'authorization.proved',
    accountId,
    actor: 'system',
    subject: id,
    data: {
      name: identifier.value,
      method: proof.method,
      binding,
      ...(held.keyHash === null ? {} : { keyHash: held.keyHash }),
      asked: proof.asked,
      answeredBy: proof.answeredBy,
      answer: proof.answer,
      isOwn: proof.source?.isOwn === true,
    },
    requestId,
    at: provedAt,
  });
  // A domain has no key: what holds for one key only is no proof of it.
  const isForDomain = holdsFor({ ...held, identifier }, { name: identifier, keyHash: null });
  const isTold = isForDomain && (await tellDomain(context, tx, authorization));
  const isAwaited = authorization.issuanceId === null && (await queueWaiting(context, tx, authorization));
  return isTold || isAwaited;
}

/** By which rules it is proved, and for which key. */
async function purposeOf(
  context: AppContext,
  tx: Stores,
  { issuanceId, standalone }: Authorization,
): Promise<{ readonly profile: Profile; readonly keyHash: string | null }> {
  if (issuanceId === null) {
    // A profile that was taken out of the configuration meanwhile proves by the strictest rules.
    const own = standalone === null ? undefined : context.profiles.get(standalone.profileId);
    return { profile: own ? profileAt(own, context.clock.now()) : preauthorizationProfile(context), keyHash: null };
  }
  const issuance = await tx.issuances.get(issuanceId);
  if (issuance === undefined) throw refuse('internal', {}, { cause: new Error(`no issuance ${issuanceId}`) });
  return { profile: profileOf(context, issuance.profileId), keyHash: keyHashOfIssuance(issuance) };
}

/**
 * A domain that the account keeps shows its newest authorization, whether made for the domain or by an order.
 * @returns true if a webhook wants to know
 */
async function tellDomain(
  context: AppContext,
  tx: Stores,
  { id, accountId, identifier }: Authorization,
): Promise<boolean> {
  if (identifier.kind !== 'dns') return false;
  const domain = await tx.managedDomains.getByName(accountId, identifier.value);
  if (domain === undefined) return false;
  if (domain.authorizationId !== id) await tx.managedDomains.update(domain.id, { authorizationId: id });
  return queueDeliveries(context, tx, { event: 'domainValidated', domain });
}

/**
 * The account's issuances that wait for the name or for one below it look again at once.
 * @returns true if there are any
 */
export async function queueWaiting(
  context: AppContext,
  tx: Stores,
  { accountId, identifier }: Authorization,
): Promise<boolean> {
  const runAt = context.clock.now();
  const waiting = await tx.issuances.listAwaiting(accountId, identifier.value);
  for (const subject of waiting) await tx.jobs.enqueue({ kind: 'validate', subject, runAt, owner: accountId });
  return waiting.length > 0;
}

/**
 * A domain that is no longer kept proves nothing from now on, by none of the authorizations made for it, nor by what a
 * check under way will find; authorizations of orders stay.
 */
export async function endProofs(
  tx: Stores,
  { accountId, name }: Pick<ManagedDomain, 'accountId' | 'name'>,
): Promise<void> {
  await tx.authorizations.endOfDomain(accountId, name.value);
}

/** What the names of an issuance are to be proved for. */
interface Purpose {
  readonly issuance: Pick<Issuance, 'id' | 'accountId' | 'csr'>;
  /** As it is under the policy of the requester's key. */
  readonly profile: Profile;
  readonly requester: Requester;
  readonly now: Date;
}

/** Those of the issuance's proofs that do not prove their names for it, and for whoever requested it, as both are now. */
export async function missingProofs(
  stores: Stores,
  proofs: readonly NameProof[],
  purpose: Purpose,
): Promise<readonly NameProof[]> {
  const { issuance, requester } = purpose;
  const all = proofs.map(({ authorization }) => authorization);
  const serving = new Map((await servingRequester(stores, requester, all, issuance.id)).map((one) => [one.id, one]));
  return proofs.filter(({ identifier, authorization: { id } }) => {
    const authorization = serving.get(id);
    return authorization === undefined || !serves({ identifier, authorization }, purpose);
  });
}

/**
 * True if the name is proved for this issuance and its key, as both are now: by a proof that may be reused or, under a profile
 * that lets no proof be used twice, by its own, until the sweep marks it expired. An issuance whose CSR is still to come has no
 * key, and proofs that hold for a key do not serve it.
 */
function serves(
  { identifier: name, authorization }: NameProof,
  { issuance, profile, now }: Omit<Purpose, 'requester'>,
): boolean {
  if (authorization.accountId !== issuance.accountId) return false;
  const keyHash = keyHashOfIssuance(issuance);
  if (isReusable(authorization, { name, keyHash, profile, now })) return true;
  const { state, issuanceId, identifier: proved, provedBy, coversBelow } = authorization;
  const isOwn = state === 'valid' && issuanceId === issuance.id;
  if (!isOwn || profile.reuseDays > 0 || provedBy === null) return false;
  return canProveBy(provedBy, { proved, name, profile, coversBelow }) && holdsFor(authorization, { name, keyHash });
}
