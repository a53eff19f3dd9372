/**
 * "May this still be issued?", answered from the state in the caller's transaction. It is checked when an issuance is
 * placed, whenever its work advances, and in every transaction that commits a plan: only what it answers has a plan, so
 * nothing comes to be signed without it. Approvals need no question of their own: an issuance that waits for one is not in
 * a state from which it could be signed, and an approval is final.
 */
import type { Account } from '../../domain/account.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import type { Issuance, IssuancePlan } from '../../domain/issuance.ts';
import { type KeyPolicy, profileUnder } from '../../domain/key-policy.ts';
import {
  type Answer,
  answerTo,
  type Objection,
  objectionToAccount,
  objectionToIssuerOfKey,
  objectionToKeyMadeFor,
  objectionToOrganization,
  objectionToOwnMadeKey,
  objectionToPeriod,
  objectionToSale,
} from '../../domain/may-be-issued.ts';
import { type Order, stateAt } from '../../domain/order.ts';
import { objectionToKey } from '../../domain/policy.ts';
import { type Issuer, isLocal, type LocalIssuer, modeOf, upstreamsOf, wantsProofs } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Product } from '../../domain/product.ts';
import type { Profile } from '../../domain/profile.ts';
import { objectionToNamesInMode } from '../../domain/relay.ts';
import { parseCsr } from '../../pki/csr.ts';
import { objectionInContainer } from '../accounts/containers.ts';
import { type AppContext, profileOf } from '../context.ts';
import { coverageAt, dayMs } from '../orders/coverage.ts';
import { type Requester, requesterOf } from '../orders/key-terms.ts';
import type { NameProof } from '../orders/order-view.ts';
import { keyKindOf } from '../orders/subscriber-key.ts';
import { missingProofs } from '../proving/proof.ts';
import { objectionToBlockedKey } from '../revoking/blocked-keys.ts';
import { answerOfCaa } from './caa-gate.ts';
import { type DraftPlan, draftPlan } from './plan.ts';
import { isRelayed } from './relay.ts';
import { objectionOfProduct } from './vendor-products.ts';

export interface Question {
  readonly order: Order;
  readonly issuance: Pick<
    Issuance,
    | 'id'
    | 'accountId'
    | 'kind'
    | 'names'
    | 'csr'
    | 'sealedKey'
    | 'validity'
    | 'profileId'
    | 'issuerId'
    | 'actingClientId'
  >;
  /** State of every name, as read in the transaction. */
  readonly proofs: readonly NameProof[];
  /** The committed plan that is about to be signed. */
  readonly plan?: IssuancePlan;
  /** Where it was read already. */
  readonly requester?: Requester;
  /** It is being placed for this account, as read in the transaction: then the product of a new order must be sold as well. */
  readonly placedFor?: Account;
}

/** For a DV order outside of any container it reads the cached account and product, and looks its key up. */
export async function mayBeIssued(context: AppContext, tx: Stores, question: Question): Promise<Answer> {
  const { csr } = question.issuance;
  // Looked up together, since each may be a round trip to the database.
  const [terms, blocked] = await Promise.all([termsOf(context, tx, question), objectionToKeyOf(tx, question.issuance)]);
  const objection =
    (await objectionToTerms(context, tx, question, terms)) ?? objectionToCsr(question.issuance, terms, blocked);
  if (objection !== undefined) return answerTo(objection);
  const issuer = context.issuers.get(question.issuance.issuerId);
  if (issuer === undefined) return answerTo(missingIssuer(question.issuance));
  // Whom the names are proved to was decided when it was placed.
  const relays = isRelayed(question.proofs);
  if (relays !== wantsProofs(issuer)) return answerTo(otherMode(question.issuance));
  // Before anybody is waited for: what the authority cannot sign is known now.
  const { profile } = terms;
  const unsuited = objectionOfUpstream(issuer, question.issuance, terms);
  if (unsuited !== undefined) return answerTo(unsuited);
  const madeHere = isLocal(issuer) && question.issuance.sealedKey !== null ? objectionToOwnMadeKey(profile) : undefined;
  if (madeHere !== undefined) return answerTo(madeHere);
  const unsignable = await objectionOfLocal(tx, issuer, question, profile);
  if (unsignable !== undefined) return answerTo(unsignable);
  const overLimit = await objectionToBought(tx, issuer, question, terms);
  if (overLimit !== undefined) return answerTo(overLimit);
  const draft =
    csr === null || !isLocal(issuer)
      ? null
      : (planWithin(profile, issuer, { plan: question.plan, now: context.clock.now() }) ??
        (await draftOf(context, tx, question, { csr, issuer, profile })) ??
        null);
  const tooLate =
    objectionToValidityNow(context, question.issuance) ??
    (draft === null || !isLocal(issuer) ? undefined : objectionToDraft(context, { draft, issuer }));
  if (tooLate !== undefined) return answerTo(tooLate);
  const unverified = await objectionOfOrganization(context, tx, question, terms);
  if (unverified !== undefined) return answerTo(unverified);
  if (!relays && !(await isProved(context, tx, question, terms))) return { kind: 'unproved' };
  if (draft !== null && isLocal(issuer) && profile.checksCaa) {
    const answer = await answerOfCaa(context, tx, question.proofs, { issuer, requester: terms.requester });
    if (answer !== undefined) return answer;
  }
  const plan = draft && isLocal(issuer) ? await withSerial(tx, issuer, draft) : null;
  return { kind: 'yes', mayBegin: csr !== null, plan };
}

interface Terms {
  readonly account: Account;
  readonly product: Product;
  /** As it is under the policy. */
  readonly profile: Profile;
  readonly policy: KeyPolicy | null;
  readonly requester: Requester;
}

async function termsOf(context: AppContext, tx: Stores, question: Question): Promise<Terms> {
  const { order, issuance, placedFor } = question;
  const account = placedFor ?? (await tx.accounts.get(order.accountId));
  const product = await tx.products.get(order.productId);
  if (account === undefined || product === undefined) {
    throw new Error(`order ${order.id} lacks its account or product`);
  }
  const { requester = await requesterOf(context, tx, order, issuance) } = question;
  const policy = requester.key?.policy ?? null;
  return { account, product, policy, requester, profile: profileUnder(policy, profileOf(context, issuance.profileId)) };
}

/** Rules for the order that do not depend on its names' authorizations. */
async function objectionToTerms(
  context: AppContext,
  tx: Stores,
  { order, issuance, placedFor }: Question,
  terms: Terms,
): Promise<Objection | undefined> {
  const { publicSuffixes, isSpecialPurpose } = context;
  const fault = context.clockGuard.fault();
  if (fault !== undefined) return { reason: fault, turn: 'operator' };
  const state = stateAt(order, context.clock.now());
  if (state !== 'open' && state !== 'active') {
    const needed = ['open', 'active'] as const;
    return { reason: reason('wrongState', { what: 'order', value: String(order.number), state, needed }), turn: null };
  }
  const names = issuance.names.map(({ identifier }) => identifier);
  const objection = objectionToAccount(names, {
    ...terms,
    keyPolicy: terms.policy,
    publicSuffixes,
    isSpecialPurpose,
  });
  if (objection !== undefined) return objection;
  const otherIssuer = objectionToIssuerOfKey(issuance.issuerId, terms.policy);
  if (otherIssuer !== undefined) return otherIssuer;
  if (placedFor !== undefined && issuance.kind === 'new') {
    const unsold = objectionToSale(terms.product, terms.account);
    if (unsold !== undefined) return unsold;
  }
  const { containerId, accountId } = order;
  const closed = containerId && (await objectionInContainer(tx, { id: containerId, accountId }, names));
  return closed ? { reason: closed, turn: 'customer' } : undefined;
}

/** The key was accepted when it came; its kind may have left the profile since, and its holder may have lost it. */
function objectionToCsr(
  { csr }: Question['issuance'],
  { profile }: Terms,
  blocked: Reason | undefined,
): Objection | undefined {
  if (csr === null) return undefined;
  const objection = objectionToKey(keyKindOf(parseCsr(csr).publicKey), profile) ?? blocked;
  return objection && { reason: objection, turn: null };
}

async function objectionToKeyOf(tx: Stores, { accountId, csr }: Question['issuance']): Promise<Reason | undefined> {
  return csr === null ? undefined : objectionToBlockedKey(tx, { accountId, csr });
}

/** It was taken out of the configuration, and comes back with a restart. */
function missingIssuer({ issuerId }: Question['issuance']): Objection {
  return { reason: reason('issuerUnavailable', { issuer: issuerId }), turn: 'operator', isPlaced: true };
}

/** We have checked the names and the upstream now wants to, or the other way round: neither serves the other (design §5). */
function otherMode({ issuerId }: Question['issuance']): Objection {
  return { reason: reason('issuerModeChanged', { issuer: issuerId }), turn: 'operator' };
}

/** What an upstream does not have, or cannot validate, it is never asked for. Of a pool one has to suit. */
function objectionOfUpstream(
  issuer: Issuer,
  { names, csr, sealedKey }: Question['issuance'],
  { profile, account }: Terms,
): Objection | undefined {
  const upstreams = upstreamsOf(issuer);
  if (upstreams.length === 0) return undefined;
  const identifiers = names.map(({ identifier }) => identifier);
  const inMode = objectionToNamesInMode(modeOf(issuer), identifiers, issuer.id);
  if (inMode !== undefined) return { reason: inMode, turn: null };
  const isKeyMade = sealedKey !== null || upstreams.some(({ makesKeys }) => makesKeys === true);
  const ofMadeKey = isKeyMade ? objectionToKeyMadeFor(issuer.id, account) : undefined;
  if (ofMadeKey !== undefined) return ofMadeKey;
  const objections = upstreams.map((one) =>
    one.objectionTo?.({ names: identifiers, csr, profile, ordered: { isKeyOurs: sealedKey !== null } }),
  );
  const [first] = objections;
  return first === undefined || objections.includes(undefined) ? undefined : { reason: first, turn: null };
}

/** Whether one of our own authorities signs now, and may sign for these names. Reads nothing for DV. */
async function objectionOfLocal(
  tx: Stores,
  issuer: Issuer,
  { order, issuance, plan }: Question,
  profile: Profile,
): Promise<Objection | undefined> {
  if (!isLocal(issuer) || issuer.objectionTo === undefined) return undefined;
  const { organizationId } = order;
  const isNamed = profile.level !== 'dv' && organizationId !== null;
  return issuer.objectionTo({
    csr: issuance.csr,
    names: issuance.names.map(({ identifier }) => identifier),
    profile,
    organization: isNamed ? ((await tx.organizations.get(organizationId))?.details ?? null) : null,
    authorityId: plan?.authorityId ?? null,
  });
}

/** Before anything is bought only: what the vendor has taken is not for its list of today to end. */
async function objectionToBought(
  tx: Stores,
  issuer: Issuer,
  { issuance, placedFor }: Question,
  { product }: Terms,
): Promise<Objection | undefined> {
  if (placedFor === undefined || issuance.kind !== 'new') return undefined;
  const names = issuance.names.map(({ identifier }) => identifier);
  const objection = await objectionOfProduct(tx, issuer, { product, names });
  return objection && { reason: objection, turn: null };
}

async function draftOf(
  context: AppContext,
  tx: Stores,
  { order, issuance }: Question,
  { csr, issuer, profile }: { readonly csr: Uint8Array; readonly issuer: LocalIssuer; readonly profile: Profile },
): Promise<DraftPlan | undefined> {
  const { until } = await coverageAt(tx, order, context.clock.now());
  return draftPlan(context, {
    csr,
    validity: issuance.validity,
    coverageUntil: until,
    profile,
    issuer,
    names: issuance.names.map(({ identifier }) => identifier),
  });
}

/**
 * The validity of the certificate as it would be signed now, whatever else stands in its way. Undefined: there is no key yet, its issuer is
 * gone, or an upstream decides.
 */
export async function plannedValidity(
  context: AppContext,
  tx: Stores,
  { order, issuance }: Pick<Question, 'order' | 'issuance'>,
): Promise<Pick<DraftPlan, 'notBefore' | 'notAfter'> | undefined> {
  const { csr, issuerId } = issuance;
  const issuer = context.issuers.get(issuerId);
  if (csr === null || issuer === undefined || !isLocal(issuer)) return undefined;
  const question = { order, issuance, proofs: [] };
  const { profile } = await termsOf(context, tx, question);
  return draftOf(context, tx, question, { csr, issuer, profile });
}

/** BR §7.1.2.7: a certificate begins no more than 48 hours before it is signed; what is planned has a day, beside its backdating. */
const plannedForMs = dayMs;

/**
 * The committed plan, unless it lasts longer than the key allows by now, begins too long ago, or its authority signs nothing more at all: then
 * it is made again.
 */
function planWithin(
  { maxValidityDays, backdateSeconds }: Profile,
  issuer: LocalIssuer,
  { plan, now }: { readonly plan: IssuancePlan | undefined; readonly now: Date },
): IssuancePlan | undefined {
  if (plan === undefined || !issuer.keepsPlan(plan.authorityId)) return undefined;
  if (now.getTime() - plan.notBefore.getTime() > plannedForMs + backdateSeconds * 1000) return undefined;
  const lastsMs = plan.notAfter.getTime() + 1000 - plan.notBefore.getTime();
  return lastsMs <= maxValidityDays * dayMs ? plan : undefined;
}

function objectionToValidityNow({ clock }: AppContext, { validity, csr }: Question['issuance']): Objection | undefined {
  if (csr === null || validity === null || !('until' in validity) || validity.until > clock.now()) return undefined;
  return { reason: reason('validityPassed', { until: validity.until.toISOString() }), turn: null };
}

function objectionToDraft(
  { clock }: AppContext,
  { draft, issuer }: { readonly draft: DraftPlan; readonly issuer: LocalIssuer },
): Objection | undefined {
  return objectionToPeriod(draft, { period: issuer.validityOf(draft.authorityId), now: clock.now() });
}

/** Reads nothing for DV. */
async function objectionOfOrganization(
  context: AppContext,
  tx: Stores,
  { order: { organizationId } }: Question,
  { profile: { level } }: Terms,
): Promise<Objection | undefined> {
  if (level === 'dv' || organizationId === null) return undefined;
  const organization = (await tx.organizations.get(organizationId)) ?? null;
  return objectionToOrganization(organization, { level, now: context.clock.now() });
}

async function isProved(
  { clock }: AppContext,
  tx: Stores,
  { issuance, proofs }: Question,
  { profile, requester }: Terms,
): Promise<boolean> {
  const missing = await missingProofs(tx, proofs, { issuance, profile, requester, now: clock.now() });
  return missing.length === 0;
}

async function withSerial(tx: Stores, issuer: LocalIssuer, draft: DraftPlan | IssuancePlan): Promise<IssuancePlan> {
  return 'serial' in draft ? draft : { serial: await issuer.newSerial(tx, draft.authorityId), ...draft };
}
