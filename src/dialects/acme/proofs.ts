/** What ACME wants to find where (RFC 8555 §8, RFC 8737, draft-ietf-acme-dns-persist). */
import { hash } from 'node:crypto';
import type { Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import { provingNames } from '../../domain/policy.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';

export type ChallengeType = 'http-01' | 'dns-01' | 'tls-alpn-01' | 'dns-persist-01';

/** The types that an authorization of ours may have, by the method that proves them. */
const typeOfMethod = {
  httpFile: 'http-01',
  dnsTxt: 'dns-01',
  tlsAlpn: 'tls-alpn-01',
  dnsPersist: 'dns-persist-01',
} as const satisfies Partial<Record<ValidationMethod, ChallengeType>>;

/** The type of the challenge that this method proves; undefined for what ACME does not know. */
export function typeOf(method: ValidationMethod): ChallengeType | undefined {
  return Object.entries(typeOfMethod).find(([known]) => known === method)?.[1];
}

/** 128 bits, which nobody but the client is shown (RFC 8555 §11.3). The same for all challenges of a name. */
export function tokenOf(proofReference: string, { value }: Identifier): string {
  return hash('sha256', `${proofReference} ${value}`, 'buffer').subarray(0, 16).toString('base64url');
}

/**
 * The challenges of one name, in the order in which they are shown. A wildcard is proved by DNS only: no client answers for it over
 * HTTP. An address has no DNS (RFC 8738 §7).
 * @param thumbprint of the account's key (RFC 7638)
 */
export function challengesOf(
  name: Identifier,
  { token, thumbprint }: { readonly token: string; readonly thumbprint: string },
): readonly Challenge[] {
  const content = `${token}.${thumbprint}`;
  const path = `/.well-known/acme-challenge/${token}`;
  const file: Challenge = { method: 'httpFile', binding: 'server', path, content, token };
  const handshake: Challenge = {
    method: 'tlsAlpn',
    binding: 'server',
    identifierHash: hash('sha256', content, 'hex'),
    token,
  };
  if (isIp(name)) return [file, handshake];
  const record: Challenge = {
    method: 'dnsTxt',
    binding: 'server',
    host: `_acme-challenge.${baseName(name)}`,
    value: hash('sha256', content, 'base64url'),
    token,
  };
  return name.kind === 'wildcard' ? [record] : [file, record, handshake];
}

/**
 * The challenge by a record that stays; none for an address. The record may stand at a parent too, up to the registrable domain, where it
 * must allow names below (draft-ietf-acme-dns-persist §6). Its value holds an id of 128 bits that was drawn for the account.
 */
export function persistentChallenge(
  name: Identifier,
  {
    issuers,
    accountUrl,
    hashPrefix,
    thumbprint,
    formerThumbprints,
  }: {
    readonly issuers: readonly string[];
    readonly accountUrl: string;
    readonly hashPrefix: string;
    readonly thumbprint: string;
    readonly formerThumbprints: readonly string[];
  },
  publicSuffixes: Pick<PublicSuffixes, 'registrableDomain'>,
): readonly Challenge[] {
  if (isIp(name)) return [];
  const hostOf = (domain: string) => `_validation-persist.${domain}`;
  const base = baseName(name);
  const parents = provingNames(name, publicSuffixes).filter((domain) => domain !== name.value && domain !== base);
  return [
    {
      method: 'dnsPersist',
      binding: 'server',
      hosts: [hostOf(base), ...parents.map(hostOf)],
      issuers,
      account: { url: accountUrl, hashPrefix, thumbprints: [thumbprint, ...formerThumbprints] },
      needsAllBelow: name.kind === 'wildcard',
    },
  ];
}

/** The same challenge for another key of the account. */
export function withNewKey(name: Identifier, challenge: Challenge, thumbprint: string): Challenge {
  if (challenge.method === 'dnsPersist') {
    const { account } = challenge;
    const former = account.thumbprints.filter((one) => one !== thumbprint);
    return { ...challenge, account: { ...account, thumbprints: [thumbprint, ...former] } };
  }
  if (!('token' in challenge) || challenge.token === undefined) return challenge;
  const { token, method } = challenge;
  return challengesOf(name, { token, thumbprint }).find((one) => one.method === method) ?? challenge;
}
