/** The challenge of an authorization that we answer in each mode, and what we publish for the CA to find. */
import { createHash } from 'node:crypto';
import type { AcmeClient } from '../../dialects/acme/client/face.ts';
import type { SeenAuthorization, SeenChallenge } from '../../dialects/acme/client/schema.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts';
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { PublishedProof } from '../../domain/published-proof.ts';
import { encodeBase64url } from '../../pki/base64url.ts';
import type { AcmeIssuerContext } from './context.ts';

/** RFC 8555 §8.3, §8.4; draft-ietf-acme-dns-persist. */
export const challengeTypes = { alias: 'dns-01', serve: 'http-01', persist: 'dns-persist-01' } as const;

/** The challenge that we answer; undefined: the CA offers none that we could. */
export function challengeFor(
  { mode }: Pick<AcmeIssuerContext, 'mode'>,
  { challenges }: SeenAuthorization,
): SeenChallenge | undefined {
  return challenges.find(({ type, token }) => type === challengeTypes[mode] && (mode === 'persist' || token !== null));
}

/**
 * The name of the order that the authorization is for.
 * @throws {CertError} unavailable, for what is no name
 */
export function nameOf(
  { directory }: Pick<AcmeIssuerContext, 'directory'>,
  { identifier, wildcard }: SeenAuthorization,
): string {
  const value = canonical(identifier.value);
  if (value === undefined) {
    const detail = `an authorization for ${identifier.value}, which is no name`;
    throw refuse('upstreamUnavailable', { upstream: new URL(directory).host, detail });
  }
  return wildcard && !value.startsWith('*.') ? `*.${value}` : value;
}

function canonical(name: string): string | undefined {
  try {
    return parseIdentifier(name, 'identifier').value;
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

/** What has to be found for the challenge, until the end of its authorization; undefined: a record of the customer's own. */
export function proofOf(
  { mode, preparations, clock }: Pick<AcmeIssuerContext, 'mode' | 'preparations' | 'clock'>,
  { accountId, issuanceId }: Pick<UpstreamRequest, 'accountId' | 'issuanceId'>,
  {
    client,
    identifier,
    challenge,
  }: {
    readonly client: Pick<AcmeClient, 'keyAuthorization'>;
    readonly identifier: Identifier;
    readonly challenge: SeenChallenge;
  },
): PublishedProof | undefined {
  const { token } = challenge;
  if (mode === 'persist' || token === null) return undefined;
  const keyAuthorization = client.keyAuthorization(token);
  const until = new Date(clock.now().getTime() + publishedMs);
  if (mode === 'serve') return { kind: 'http', place: token, value: keyAuthorization, issuanceId, until };
  const delegation = preparations.delegationOf(accountId, identifier);
  // Without a zone nothing is ordered: `missingDelegation` says so, and the configuration is refused.
  if (delegation === undefined) return undefined;
  const value = encodeBase64url(createHash('sha256').update(keyAuthorization).digest());
  return { kind: 'dns', place: delegation.target, value, issuanceId, until };
}

/** Longer than a CA takes to look; each step publishes it again while the authorization is pending. */
const publishedMs = 6 * 3_600_000;
