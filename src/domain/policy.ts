/**
 * Willingness to issue: pure questions about names, keys and terms, without I/O. They return the first objection
 * instead of throwing it, so that a caller may also collect them.
 */

import type { Account } from './account.ts';
import { type Authorization, isUsable } from './authorization.ts';
import type { Binding, Challenge, CheckResult } from './challenge.ts';
import { quoted, type Reason, type ReasonOfName, reason, withParts } from './errors.ts';
import { baseName, type Identifier, isIp } from './identifier.ts';
import type { RequestedValidity } from './issuance.ts';
import type { KeyPolicy } from './key-policy.ts';
import { expected, expectedOf } from './messages/expectations.ts';
import type { PublicSuffixes } from './ports/system.ts';
import type { Product } from './product.ts';
import type { KeyKind, Profile } from './profile.ts';
import { isFileMethod, isHostMethod, type ValidationMethod } from './validation-method.ts';

export interface NamePolicy {
  readonly product: Product;
  readonly profile: Profile;
  readonly account: Account;
  /** Of the key that the client goes by; null or absent: none. */
  readonly keyPolicy?: Pick<KeyPolicy, 'names'> | null;
  readonly publicSuffixes: PublicSuffixes;
  /** Reports whether an address is in a range of the IANA special-purpose registries (RFC 6890). */
  readonly isSpecialPurpose: (address: string) => boolean;
}

/**
 * The first reason not to certify these names together, or undefined when there is none. Where several names are refused it
 * has a part for each.
 */
export function objectionToNames(names: readonly Identifier[], policy: NamePolicy): Reason | undefined {
  if (names.length > policy.product.maxNames) {
    return reason('tooManyNames', { count: names.length, limit: policy.product.maxNames });
  }
  const seen = new Set<string>();
  const parts: ReasonOfName[] = [];
  for (const name of names) {
    const objection = seen.has(name.value)
      ? reason('nameDuplicate', { name: name.value })
      : isIp(name)
        ? objectionToAddress(name, policy)
        : objectionToDnsName(name, policy);
    seen.add(name.value);
    if (objection !== undefined) parts.push({ name: name.value, reason: objection });
  }
  const [first] = parts;
  return first && withParts(first.reason, parts);
}

function objectionToAddress(name: Identifier, policy: NamePolicy): Reason | undefined {
  const { product, profile } = policy;
  const isOfProduct = name.kind === 'ipv4' ? product.allowsIpv4 : product.allowsIpv6;
  const isAllowed = isOfProduct && !isPublicEv(profile);
  if (!isAllowed) {
    return reason('nameIpNotAllowed', { name: name.value, version: name.kind === 'ipv4' ? 'IPv4' : 'IPv6' });
  }
  // BR §4.2.2: no reserved IP address in a publicly trusted certificate.
  if (!profile.allowsReservedIp && policy.isSpecialPurpose(name.value)) {
    return reason('nameIpReserved', { name: name.value });
  }
  return objectionOfAccount(name, policy);
}

function objectionToDnsName(name: Identifier, policy: NamePolicy): Reason | undefined {
  const { product, profile, publicSuffixes } = policy;
  const base = baseName(name);
  if (name.kind === 'wildcard' && (!product.allowsWildcard || isPublicEv(profile)))
    return reason('nameWildcardNotAllowed', { name: name.value });
  // BR §3.2.2.6: nobody owns a public suffix, so nobody can order it or everything below it.
  if (publicSuffixes.isPublicSuffix(base)) return reason('nameIsPublicSuffix', { name: name.value });
  // BR §4.2.2, SC-086: names in reverse zones are banned since 2026-03-15. Applies to private profiles as well.
  if (/(^|\.)(in-addr|ip6)\.arpa$/.test(base)) return reason('nameReverseZone', { name: name.value });
  if (profile.requiresKnownSuffix && !publicSuffixes.hasKnownSuffix(base)) {
    return reason('nameUnknownSuffix', { name: name.value });
  }
  return objectionOfAccount(name, policy);
}

/** EVG §9.2.2: domain names only, and no wildcards. */
function isPublicEv({ isPublicLike, level }: Profile): boolean {
  return isPublicLike && level === 'ev';
}

/** An account, and a key of it, may be limited to names at or below given domains, and to given addresses. */
function objectionOfAccount(name: Identifier, { account, keyPolicy }: NamePolicy): Reason | undefined {
  const isIn = (allowed: readonly string[] | null | undefined) => allowed == null || isNameAmong(name, allowed);
  if (!isIn(account.allowedNames)) return reason('nameNotAllowedForAccount', { name: name.value });
  return isIn(keyPolicy?.names) ? undefined : reason('nameNotAllowedForKey', { name: name.value });
}

/** Reports whether the name is one of these, or lies below one. */
export function isNameAmong(name: Identifier, allowedNames: readonly string[]): boolean {
  const base = baseName(name);
  return allowedNames.some((allowed) => base === allowed || (!isIp(name) && base.endsWith(`.${allowed}`)));
}

export function objectionToKey(keyKind: KeyKind, profile: Profile): Reason | undefined {
  if (profile.keyKinds.includes(keyKind)) return undefined;
  return reason('keyNotAllowed', { algorithm: keyKind, profile: profile.id });
}

/** Reports whether this method can prove this name under the profile. Addresses only by what connects to them; wildcards by file where allowed. */
export function canProve(method: ValidationMethod, name: Identifier, profile: Profile): boolean {
  if (!profile.methods.includes(method)) return false;
  if (isIp(name)) return isHostMethod(method);
  // RFC 7686: such names are not in the DNS, so that nothing there proves them and no host is found by it.
  if (/(^|\.)onion$/.test(baseName(name))) return false;
  if (name.kind !== 'wildcard' || !isHostMethod(method)) return true;
  return isFileMethod(method) && profile.wildcardByFile;
}

/** The offered challenges that the profile accepts as proof of the name. */
export function acceptedChallenges(
  offered: readonly Challenge[],
  name: Identifier,
  profile: Profile,
): readonly Challenge[] {
  return offered.filter((challenge) => canProve(challenge.method, name, profile));
}

/**
 * True if the validation of `proved` by this method proves the name as well: always for itself, as far as the profile allows. A
 * DNS change and a mail to a constructed address prove every name below the one they were made for, wildcards too (BR
 * §3.2.2.4.7, §3.2.2.4.4: other FQDNs that end with all the labels of the validated one). A file proves only the very name
 * (BR §3.2.2.4.18); under private profiles also the wildcard of exactly that base, as in `canProve`. Evidence may say that it holds
 * for the very name only (`coversBelow` false).
 */
export function canProveBy(
  method: ValidationMethod,
  {
    proved,
    name,
    profile,
    coversBelow = null,
  }: {
    readonly proved: Identifier;
    readonly name: Identifier;
    readonly profile: Profile;
    readonly coversBelow?: Authorization['coversBelow'];
  },
): boolean {
  if (proved.value === name.value) return canProve(method, name, profile);
  if (coversBelow === false) return false;
  if (proved.kind !== 'dns' || isIp(name) || !canProve(method, name, profile)) return false;
  const base = baseName(name);
  if (base === proved.value) return true;
  return !isHostMethod(method) && base.endsWith(`.${proved.value}`);
}

/** No real name has more levels than that; a hostile one with a hundred must not cause as many look-ups. */
const parentsAtMost = 8;

/**
 * The identifiers whose proof may serve the name: itself, its base, and its parents up to the registrable domain (BR §1.6.1,
 * authorization domain name), the nearest ones if there are too many.
 */
export function provingNames(
  name: Identifier,
  publicSuffixes: Pick<PublicSuffixes, 'registrableDomain'>,
): readonly string[] {
  if (isIp(name)) return [name.value];
  const base = baseName(name);
  const own = base === name.value ? [base] : [name.value, base];
  const top = publicSuffixes.registrableDomain(base);
  return top === undefined ? own : [...own, ...parentsOf(base, top).slice(-parentsAtMost)];
}

/** Names from the nearest parent to the top itself; none for the top. */
function parentsOf(base: string, top: string): readonly string[] {
  const parents: string[] = [];
  let at = base.indexOf('.') + 1;
  while (at > 0 && base.length - at >= top.length) {
    parents.push(base.slice(at));
    at = base.indexOf('.', at) + 1;
  }
  return parents;
}

/** An authorization's binding, key and name. */
interface Held {
  readonly binding: Binding | null;
  readonly keyHash: string | null;
  readonly identifier: Identifier;
}

/**
 * Reports whether evidence with this binding holds for the name and the key; the only place that defines what a binding means.
 *
 * A value that any holder of the CSR can compute (`request`) may have been placed for anybody who has ever sent that CSR: it shows
 * that the owner of the key may have a certificate, but not who sent the CSR now. So it holds for exactly this name and this
 * key: not for another key, nor for a name below, nor where there is no key (a CSR that comes later, a domain that the account
 * keeps); it would not allow a revocation either. Every authorization holds only in its own account: look-ups never leave it.
 * @param keyHash of the key to certify; null: no key is known, or none is meant
 */
export function holdsFor(
  proof: Held,
  { name, keyHash }: { readonly name: Identifier; readonly keyHash: string | null },
): boolean {
  switch (proof.binding) {
    case 'server':
    case 'account':
      return true;
    case 'request':
      return keyHash !== null && proof.keyHash === keyHash && proof.identifier.value === name.value;
    case null:
      return false;
    default:
      return proof.binding satisfies never;
  }
}

/** Intended use of an authorization: a name, under a profile, for a key (`keyHash`: see `holdsFor`). */
export interface ProofUse {
  readonly name: Identifier;
  readonly keyHash: string | null;
  readonly profile: Profile;
  readonly now: Date;
}

/**
 * True if an authorization of an earlier issuance, or of a domain, can be used for the name and key under this profile: it is
 * recent enough, its method proves the name, and its challenge holds for both.
 */
export function isReusable(authorization: Authorization, { name, keyHash, profile, now }: ProofUse): boolean {
  const { provedBy, provedAt, identifier: proved, checkedBy, coversBelow } = authorization;
  // An upstream's check proves the name to that upstream, for that order, and nothing to us or to another one (design §5).
  if (checkedBy !== null) return false;
  if (!isUsable(authorization, now) || provedBy === null || provedAt === null) return false;
  const isYoung = now.getTime() - provedAt.getTime() < profile.reuseDays * 86_400_000;
  return (
    isYoung &&
    canProveBy(provedBy, { proved, name, profile, coversBelow }) &&
    holdsFor(authorization, { name, keyHash })
  );
}

/** BR §3.2.2.4.22: a record that stays for good is to be looked at again after so many days, whatever the profile allows. */
const persistentReuseDays = 10;

/** The end of what evidence proves under the profile. */
export function provedUntil({ method, checkedAt, terms }: CheckResult, { reuseDays }: Profile): Date {
  const days = method === 'dnsPersist' ? Math.min(reuseDays, persistentReuseDays) : reuseDays;
  const ownMs = terms === undefined ? Number.POSITIVE_INFINITY : terms.forSeconds * 1000;
  return new Date(checkedAt.getTime() + Math.min(days * 86_400_000, ownMs));
}

/** Reports whether the authorization proves every name below its own, or whichever of its challenges is fulfilled would. */
export function coversNamesBelow({ identifier, challenges, provedBy, coversBelow }: Authorization): boolean {
  if (identifier.kind !== 'dns') return false;
  if (provedBy !== null) return !isHostMethod(provedBy) && coversBelow !== false;
  return challenges.every(
    (challenge) => !isHostMethod(challenge.method) && (challenge.method !== 'dnsPersist' || challenge.needsAllBelow),
  );
}

/** Those that prove the names below as well, as they must be for that (BR §3.2.2.4.18 to .20: none by the host itself). */
export function challengesForBelow(offered: readonly Challenge[]): readonly Challenge[] {
  return offered
    .filter(({ method }) => !isHostMethod(method))
    .map((challenge) => (challenge.method === 'dnsPersist' ? { ...challenge, needsAllBelow: true } : challenge));
}

/**
 * The authorization for each name that can be used for it and the key under this profile: its own before a parent's, the nearest
 * before others, the first for each name.
 */
export function reusableProofs(
  proofs: readonly Authorization[],
  { names, ...use }: Omit<ProofUse, 'name'> & { readonly names: readonly Identifier[] },
): ReadonlyMap<string, Authorization> {
  const chosen = new Map<string, Authorization>();
  if (proofs.length === 0) return chosen;
  const proofsOf = Map.groupBy(proofs, ({ identifier }) => identifier.value);
  for (const name of names) {
    const proof = firstServing(proofsOf, { ...use, name });
    if (proof !== undefined) chosen.set(name.value, proof);
  }
  return chosen;
}

function firstServing(
  proofsOf: ReadonlyMap<string, readonly Authorization[]>,
  use: ProofUse,
): Authorization | undefined {
  const { name } = use;
  const serving = (of: string) => proofsOf.get(of)?.find((proof) => isReusable(proof, use));
  const own = serving(name.value);
  if (own !== undefined || isIp(name)) return own;
  const base = baseName(name);
  for (let at = 0; ; ) {
    const found = serving(base.slice(at));
    const dot = base.indexOf('.', at);
    if (found !== undefined || dot === -1) return found;
    at = dot + 1;
  }
}

const hourMs = 3_600_000;

/** Returns the reason why the product is not sold for so many periods of its coverage; undefined when it is. */
export function objectionToPeriods(periods: number, { maxPeriods }: Pick<Product, 'maxPeriods'>): Reason | undefined {
  if (Number.isInteger(periods) && periods >= 1 && periods <= maxPeriods) return undefined;
  const sold = maxPeriods === 1 ? expected.onlyPeriod : expectedOf.periodsUpTo(maxPeriods);
  return reason('fieldInvalid', { field: 'periods', value: quoted(periods), expected: sold });
}

/** Returns the reason why a certificate cannot be so short; undefined when it can. Too long is no error: it is shortened. */
export function objectionToValidity(validity: RequestedValidity, now: Date): Reason | undefined {
  if ('days' in validity) {
    if (Number.isInteger(validity.days) && validity.days >= 1) return undefined;
    return reason('fieldInvalid', { field: 'validity', value: quoted(validity.days), expected: expected.wholeDays });
  }
  const { until } = validity;
  if (until.getTime() - now.getTime() >= hourMs) return undefined;
  const value = Number.isNaN(until.getTime()) ? 'Invalid Date' : until.toISOString();
  return reason('fieldInvalid', { field: 'validity', value: quoted(value), expected: expected.momentInAnHour });
}
