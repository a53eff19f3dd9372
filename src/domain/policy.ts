/**
 * Whether we are willing to issue: pure questions about names, keys and terms, without I/O. They return the first objection
 * instead of throwing it, so that a caller may also collect them.
 */
import type { Account } from './account.ts';
import { type Authorization, isUsable } from './authorization.ts';
import type { Challenge, ValidationMethod } from './challenge.ts';
import { quoted, type Reason, reason } from './errors.ts';
import { baseName, type Identifier, isIp } from './identifier.ts';
import type { RequestedValidity } from './issuance.ts';
import type { Product } from './product.ts';
import type { KeyKind, Profile } from './profile.ts';
import type { PublicSuffixes } from './system.ts';

export interface NamePolicy {
  readonly product: Product;
  readonly profile: Profile;
  readonly account: Account;
  readonly publicSuffixes: PublicSuffixes;
  /** Whether an address is in a range of the IANA special-purpose registries (RFC 6890). */
  readonly isSpecialPurpose: (address: string) => boolean;
}

/** The first reason not to certify these names together, or undefined when there is none. */
export function objectionToNames(names: readonly Identifier[], policy: NamePolicy): Reason | undefined {
  if (names.length > policy.product.maxNames) {
    return reason('tooManyNames', { count: names.length, limit: policy.product.maxNames });
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.value)) return reason('nameDuplicate', { name: name.value });
    seen.add(name.value);
    const objection = isIp(name) ? objectionToAddress(name, policy) : objectionToDnsName(name, policy);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

function objectionToAddress(name: Identifier, policy: NamePolicy): Reason | undefined {
  const { product, profile, account } = policy;
  const isAllowed = name.kind === 'ipv4' ? product.allowsIpv4 : product.allowsIpv6;
  if (!isAllowed) {
    return reason('nameIpNotAllowed', { name: name.value, version: name.kind === 'ipv4' ? 'IPv4' : 'IPv6' });
  }
  // BR §4.2.2: no reserved IP address in a publicly trusted certificate.
  if (!profile.allowsReservedIp && policy.isSpecialPurpose(name.value)) {
    return reason('nameIpReserved', { name: name.value });
  }
  return objectionOfAccount(name, account);
}

function objectionToDnsName(name: Identifier, policy: NamePolicy): Reason | undefined {
  const { product, profile, account, publicSuffixes } = policy;
  const base = baseName(name);
  if (name.kind === 'wildcard' && !product.allowsWildcard)
    return reason('nameWildcardNotAllowed', { name: name.value });
  // BR §3.2.2.6: nobody owns a public suffix, so nobody can order it or everything below it.
  if (publicSuffixes.isPublicSuffix(base)) return reason('nameIsPublicSuffix', { name: name.value });
  // BR §4.2.2, SC-086: names in reverse zones are banned since 2026-03-15. Held for private profiles as well.
  if (/(^|\.)(in-addr|ip6)\.arpa$/.test(base)) return reason('nameReverseZone', { name: name.value });
  if (profile.requiresKnownSuffix && !publicSuffixes.hasKnownSuffix(base)) {
    return reason('nameUnknownSuffix', { name: name.value });
  }
  return objectionOfAccount(name, account);
}

/** An account may be limited to names at or below given domains, and to given addresses. */
function objectionOfAccount(name: Identifier, account: Account): Reason | undefined {
  const { allowedNames } = account;
  const isAllowed = allowedNames === null || isNameAmong(name, allowedNames);
  return isAllowed ? undefined : reason('nameNotAllowedForAccount', { name: name.value });
}

/** Whether the name is one of these, or lies below one. */
export function isNameAmong(name: Identifier, allowedNames: readonly string[]): boolean {
  const base = baseName(name);
  return allowedNames.some((allowed) => base === allowed || (!isIp(name) && base.endsWith(`.${allowed}`)));
}

export function objectionToKey(keyKind: KeyKind, profile: Profile): Reason | undefined {
  if (profile.keyKinds.includes(keyKind)) return undefined;
  return reason('keyNotAllowed', { algorithm: keyKind, profile: profile.id });
}

/** Whether this method can prove this name under the profile. Addresses by file only; wildcards by file where allowed. */
export function canProve(method: ValidationMethod, name: Identifier, profile: Profile): boolean {
  if (!profile.methods.includes(method)) return false;
  const isFile = method === 'httpFile' || method === 'httpsFile';
  if (isIp(name)) return isFile;
  return name.kind !== 'wildcard' || !isFile || profile.wildcardByFile;
}

/** The offered challenges that the profile accepts as proof of the name. */
export function acceptedChallenges(
  offered: readonly Challenge[],
  name: Identifier,
  profile: Profile,
): readonly Challenge[] {
  return offered.filter((challenge) => canProve(challenge.method, name, profile));
}

/** Whether a proof of an earlier issuance serves one under this profile: still young enough, and by a method it accepts. */
export function isReusable(authorization: Authorization, profile: Profile, now: Date): boolean {
  const { provedBy, provedAt, identifier } = authorization;
  if (!isUsable(authorization, now) || provedBy === null || provedAt === null) return false;
  const isYoung = now.getTime() - provedAt.getTime() < profile.reuseDays * 86_400_000;
  return isYoung && canProve(provedBy, identifier, profile);
}

/** The first proof of each name that serves under this profile. */
export function reusableProofs(
  proofs: readonly Authorization[],
  profile: Profile,
  now: Date,
): ReadonlyMap<string, Authorization> {
  const chosen = new Map<string, Authorization>();
  for (const proof of proofs) {
    if (chosen.has(proof.identifier.value) || !isReusable(proof, profile, now)) continue;
    chosen.set(proof.identifier.value, proof);
  }
  return chosen;
}

const hourMs = 3_600_000;

/** Why the product is not sold for so many periods of its coverage; undefined when it is. */
export function objectionToPeriods(
  periods: number,
  { product, field }: { readonly product: Product; readonly field: string },
): Reason | undefined {
  const { maxPeriods } = product;
  if (Number.isInteger(periods) && periods >= 1 && periods <= maxPeriods) return undefined;
  const expected =
    maxPeriods === 1
      ? { en: '1, the only one that this product is sold for', zh: '1（该产品仅提供 1 个服务周期）' }
      : { en: `a whole number from 1 to ${maxPeriods} for this product`, zh: `1 到 ${maxPeriods} 的整数` };
  return reason('fieldInvalid', { field, value: quoted(periods), expected });
}

/** Why no certificate can be so short; undefined when one can. Too long is no fault: it is cut to what may be. */
export function objectionToValidity(validity: RequestedValidity, now: Date): Reason | undefined {
  if ('days' in validity) {
    if (Number.isInteger(validity.days) && validity.days >= 1) return undefined;
    const expected = { en: 'a whole number of days, at least 1', zh: '至少为 1 的整数天数' };
    return reason('fieldInvalid', { field: 'validity', value: quoted(validity.days), expected });
  }
  const { until } = validity;
  if (until.getTime() - now.getTime() >= hourMs) return undefined;
  const value = Number.isNaN(until.getTime()) ? 'Invalid Date' : until.toISOString();
  const expected = { en: 'a moment at least an hour from now', zh: '至少一小时之后的时间' };
  return reason('fieldInvalid', { field: 'validity', value: quoted(value), expected });
}
