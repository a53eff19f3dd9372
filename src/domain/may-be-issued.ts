/**
 * "May this still be issued?": the rules, without I/O. An objection names the obstacle and who can remove it; one that
 * nobody can remove ends the issuance.
 */
import type { Account } from './account.ts';
import type { Period } from './authority.ts';
import { quoted, type Reason, reason } from './errors.ts';
import type { Identifier } from './identifier.ts';
import type { IssuancePlan, Turn } from './issuance.ts';
import type { KeyPolicy } from './key-policy.ts';
import type { ReasonKey } from './messages/index.ts';
import { isCertifiable, type Organization } from './organization.ts';
import { type NamePolicy, objectionToNames } from './policy.ts';
import type { Product } from './product.ts';
import { productCodeOf } from './product-code.ts';
import type { Profile, ValidationLevel } from './profile.ts';

export interface Objection {
  readonly reason: Reason;
  /** Null: nobody can, it stays as it is. */
  readonly turn: Turn | null;
  /** True if a new request is placed all the same, and waits. */
  readonly isPlaced?: true;
}

/**
 * `yes`: with the plan of the certificate, null where an upstream makes its own; `mayBegin` is false where there is no CSR yet. `unproved`: its names are to be proved, perhaps
 * again. `caa`: CAA records are to be looked up first; `unknown` says why they could not be just now. `rest`: it waits for somebody. `never`: it fails, and its cost is refunded.
 */
export type Answer =
  | { readonly kind: 'yes'; readonly mayBegin: boolean; readonly plan: IssuancePlan | null }
  | { readonly kind: 'unproved' }
  | { readonly kind: 'caa'; readonly unknown: Reason | null }
  | ({ readonly kind: 'rest'; readonly turn: Turn } & Omit<Objection, 'turn'>)
  | { readonly kind: 'never'; readonly reason: Reason };

export function answerTo({ turn, ...objection }: Objection): Answer {
  return turn === null ? { kind: 'never', reason: objection.reason } : { kind: 'rest', turn, ...objection };
}

/** The account and the names as they are today. */
export function objectionToAccount(names: readonly Identifier[], policy: NamePolicy): Objection | undefined {
  if (policy.account.state !== 'active') return { reason: reason('accountSuspended', {}), turn: 'operator' };
  const objection = objectionToNames(names, policy);
  if (objection === undefined) return undefined;
  // The limits of an account and of a key may be widened again; the rules of the product and its profile for a name stay.
  return { reason: objection, turn: turnOfLimit[objection.key] ?? null };
}

const turnOfLimit: Readonly<Partial<Record<ReasonKey, Turn>>> = {
  nameNotAllowedForAccount: 'operator',
  nameNotAllowedForKey: 'customer',
};

/** An order of a client of an external account key goes to the issuer that the key names, if it names one. */
export function objectionToIssuerOfKey(
  issuerId: string,
  policy: Pick<KeyPolicy, 'issuerId'> | null,
): Objection | undefined {
  if (policy === null || policy.issuerId === null || policy.issuerId === issuerId) return undefined;
  // Its client orders again, from the other one.
  return { reason: reason('issuerNotOfKey', { issuer: issuerId }), turn: null };
}

/**
 * An upstream sees this server as the subscriber's agent, who may make keys for them; an account may forbid it. A key that an upstream makes
 * is known to others as well.
 */
export function objectionToKeyMadeFor(
  issuerId: string,
  { madeKeys }: Pick<Account, 'madeKeys'>,
): Objection | undefined {
  if (madeKeys === 'anyIssuer') return undefined;
  return { reason: reason('madeKeyNotForUpstream', { issuer: issuerId }), turn: 'operator' };
}

/** Reports whether the account may buy the product today. Checked for new orders and renewals. */
export function isSold(product: Product, { productCodes }: Pick<Account, 'productCodes'>): boolean {
  if (!product.isForSale) return false;
  return productCodes === null || productCodes.includes(productCodeOf(product));
}

/** BR §6.1.1.3: a CA makes no keys for servers, nor certifies one that it has made. */
export function objectionToOwnMadeKey({
  id,
  isPublicLike,
}: Pick<Profile, 'id' | 'isPublicLike'>): Objection | undefined {
  return isPublicLike ? { reason: reason('madeKeyNotPublic', { profile: id }), turn: null } : undefined;
}

export function objectionToSale(product: Product, account: Account): Objection | undefined {
  if (isSold(product, account)) return undefined;
  const value = quoted(productCodeOf(product));
  return { reason: reason('unknownProduct', { field: 'product', value }), turn: null };
}

/** An OV or EV certificate names an organization that is in use and verified. */
export function objectionToOrganization(
  organization: Organization | null,
  { level, now }: { readonly level: ValidationLevel; readonly now: Date },
): Objection | undefined {
  if (level === 'dv' || organization === null) return undefined;
  const { number, state } = organization;
  if (state !== 'active') {
    const inactive = { what: 'organization', value: String(number), state, needed: 'active' } as const;
    return { reason: reason('wrongState', inactive), turn: 'customer' };
  }
  if (isCertifiable(organization, level, now)) return undefined;
  return { reason: reason('awaitingOrganization', {}), turn: 'operator', isPlaced: true };
}

/**
 * The authority must be valid now and for the whole validity: a chain is valid for no longer than its shortest certificate
 * (RFC 5280 §6.1.3). A wrong clock has the same symptom, and so the message names both.
 */
export function objectionToPeriod(
  { notAfter }: Pick<IssuancePlan, 'notAfter'>,
  { period, now }: { readonly period: Period | null; readonly now: Date },
): Objection | undefined {
  if (period === null) return undefined;
  const outside = reasonOutside(period, now);
  if (outside !== undefined) return { reason: outside, turn: 'operator' };
  if (notAfter <= period.until) return undefined;
  const ends = { until: period.until.toISOString(), wanted: notAfter.toISOString() };
  return { reason: reason('authorityEndsTooSoon', ends), turn: 'operator' };
}

/** Returns the reason why nothing can be signed now under an authority of this validity. */
export function reasonOutside({ from, until }: Period, now: Date): Reason | undefined {
  if (now < from) return reason('authorityNotYetValid', { from: from.toISOString(), now: now.toISOString() });
  if (now > until) return reason('authorityEnded', { until: until.toISOString(), now: now.toISOString() });
  return undefined;
}
