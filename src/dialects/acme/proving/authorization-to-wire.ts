/** An authorization and its challenges as their client sees them (RFC 8555 §7.1.4, §7.1.6). */
import { type Authorization, isUsable } from '../../../domain/authorization.ts';
import type { Challenge, CheckResult } from '../../../domain/challenge.ts';
import { renderReason } from '../../../domain/errors.ts';
import { baseName } from '../../../domain/identifier.ts';
import type { ReasonKey } from '../../../domain/messages/index.ts';
import { coversNamesBelow } from '../../../domain/policy.ts';
import type { AuthorizationView } from '../../../domain/ports/authorizations.ts';
import type { ValidationMethod } from '../../../domain/validation-method.ts';
import { identifierToWire } from '../orders/identifiers.ts';
import { type ChallengeType, tokenOf, typeOf } from '../proofs.ts';
import type { Problem } from '../schema.ts';
import type { Urls } from '../urls.ts';
import { wireTime } from '../wire-time.ts';
import type { WireAuthorization, WireChallenge } from './schema.ts';

export function authorizationToWire(
  { authorization, expiresAt, methods }: AuthorizationView,
  now: Date,
  urls: Urls,
): WireAuthorization {
  const { identifier } = authorization;
  return {
    status: statusOf(authorization, now),
    expires: wireTime(expiresAt ?? authorization.createdAt),
    identifier: identifierToWire(baseName(identifier)),
    challenges: [...challengesToWire(authorization, { urls, methods })],
    ...(identifier.kind === 'wildcard' ? { wildcard: true } : {}),
    // RFC 9444 §4.1
    ...(coversNamesBelow(authorization) ? { subdomainAuthAllowed: true } : {}),
  };
}

function statusOf(authorization: Authorization, now: Date): WireAuthorization['status'] {
  const { state } = authorization;
  return state === 'valid' && !isUsable(authorization, now) ? 'expired' : state;
}

/** A challenge that ACME has, and its position among all of the authorization's. */
export interface PlacedChallenge {
  readonly type: ChallengeType;
  readonly method: ValidationMethod;
  readonly position: number;
  /** What its client must know to fulfil it. */
  readonly shown: Pick<WireChallenge, 'token' | 'accounturi' | 'issuer-domain-names' | 'issuerDomainNames'>;
}

export function placedChallenges({ challenges }: Authorization): readonly PlacedChallenge[] {
  return challenges.flatMap((challenge, position) => {
    const type = typeOf(challenge.method);
    const shown = shownOf(challenge);
    return type === undefined || shown === undefined ? [] : [{ type, method: challenge.method, position, shown }];
  });
}

function shownOf(challenge: Challenge): PlacedChallenge['shown'] | undefined {
  if (challenge.method === 'dnsPersist') {
    const { issuers, account } = challenge;
    return { accounturi: account.url, 'issuer-domain-names': issuers, issuerDomainNames: issuers };
  }
  const token = 'token' in challenge ? challenge.token : undefined;
  return token === undefined ? undefined : { token };
}

/**
 * While it is pending all that are offered; then only the one that decided. No failed one ever stands beside one that can still be used:
 * acme.sh gives up when it reads "invalid" anywhere.
 */
function challengesToWire(
  authorization: Authorization,
  { urls, methods }: { readonly urls: Urls } & Pick<AuthorizationView, 'methods'>,
): readonly WireChallenge[] {
  const { id, state, attempt, checks, provedBy, provedAt } = authorization;
  const placed = placedChallenges(authorization);
  const urlOf = (type: string) => urls.challenge(id, type);
  const [lastCheck] = checks;
  if (state === 'pending') {
    const offered = placed.filter(({ method }) => methods === null || methods.includes(method));
    return offered.map(({ type, position, shown }): WireChallenge => {
      const isTried = attempt?.challenge === position;
      return {
        type,
        url: urlOf(type),
        status: isTried ? 'processing' : 'pending',
        ...shown,
        ...(isTried && lastCheck !== undefined ? errorIn(lastCheck) : {}),
      };
    });
  }
  if (provedBy !== null) {
    const found = placed.find(({ type }) => type === typeOf(provedBy));
    // Proved by what ACME does not know, a mail or the account's own domain: shown as DNS, with a token, which clients need.
    const { type, shown } = found ?? { type: 'dns-01', shown: { token: tokenOf(id, authorization.identifier) } };
    const validated = provedAt === null ? {} : { validated: wireTime(provedAt) };
    return [{ type, url: urlOf(type), status: 'valid', ...shown, ...validated }];
  }
  const failed = placed.find(({ position }) => position === attempt?.challenge);
  if (failed === undefined || state !== 'invalid') return [];
  const { type, shown } = failed;
  const error = lastCheck === undefined ? {} : errorIn(lastCheck);
  return [{ type, url: urlOf(type), status: 'invalid', ...shown, ...error }];
}

function errorIn({ method, problem }: CheckResult): { readonly error?: Problem } {
  if (problem === undefined) return {};
  // No host to connect to is a fault of DNS; no name of a record only means that the record is missing.
  const isHostMissing = problem.key === 'dnsNoSuchName' && methodsOfHosts.includes(method);
  const { type, status } = isHostMissing ? dns : (problemTypes[problem.key] ?? unauthorized);
  return { error: { type: `urn:ietf:params:acme:error:${type}`, detail: renderReason(problem, 'en'), status } };
}

const methodsOfHosts: readonly ValidationMethod[] = ['httpFile', 'tlsAlpn'];

const unauthorized = { type: 'unauthorized', status: 403 } as const;
const malformed = { type: 'malformed', status: 400 } as const;
const dns = { type: 'dns', status: 400 } as const;
const tls = { type: 'tls', status: 400 } as const;
const caa = { type: 'caa', status: 403 } as const;
const connection = { type: 'connection', status: 400 } as const;

/** RFC 8555 §6.7; what is not here found something else than it looked for. */
const problemTypes: Readonly<Partial<Record<ReasonKey, { readonly type: string; readonly status: number }>>> = {
  caaProhibits: caa,
  caaUnavailable: caa,
  dnsServerFailure: dns,
  dnsMalformed: dns,
  dnsCaseChanged: dns,
  dnsTimeout: dns,
  dnsLoop: dns,
  resolversAway: dns,
  httpNoAddress: dns,
  httpNoPublicAddress: dns,
  httpConnectFailed: connection,
  httpTimeout: connection,
  httpNoAnswer: connection,
  persistMalformed: malformed,
  alpnNotNegotiated: tls,
  alpnNoCertificate: tls,
};
