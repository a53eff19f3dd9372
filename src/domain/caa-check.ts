/**
 * Evidence of CAA look-ups, by name: what stands in DNS is the same for every account. A certificate is signed by what was found
 * at most eight hours ago; a look that found nothing usable is no evidence.
 */
import type { Authorization } from './authorization.ts';
import { type CaaIdentity, type CaaOutcome, caaObjection } from './caa.ts';
import { type Reason, type ReasonOfName, reason, renderReason, withParts } from './errors.ts';
import { withoutResolver } from './evidence.ts';
import { baseName, type Identifier, isIp } from './identifier.ts';

/** Looks that found the same one after the other are one record. */
export interface CaaCheck {
  /** Canonical, without a wildcard. */
  readonly name: string;
  readonly outcome: CaaOutcome;
  readonly firstAt: Date;
  /** The last of them. */
  readonly checkedAt: Date;
  readonly count: number;
}

/** BR §3.2.2.8: within eight hours of the look, or the TTL of the records if that is longer. */
const goodMs = 8 * 3_600_000;
/** What forbids is looked at again before it decides, since the owner may have changed it: it decides for as long as one run looks. */
const recentMs = 5 * 60_000;

/** A name to certify and what proved it. */
export interface CaaSubject {
  readonly identifier: Identifier;
  readonly authorization: Pick<Authorization, 'provedBy' | 'challenges'> | null;
}

/** `look`: names are to be looked up (again) first. */
export type CaaVerdict =
  | { readonly kind: 'allowed' | 'look' }
  | { readonly kind: 'unknown'; readonly reason: Reason }
  | { readonly kind: 'forbidden'; readonly reason: Reason };

/** The names whose records are asked for: each once, and none of an address. */
export function caaNamesOf(subjects: readonly Pick<CaaSubject, 'identifier'>[]): readonly string[] {
  return [...new Set(subjects.flatMap(({ identifier }) => (isIp(identifier) ? [] : [baseName(identifier)])))];
}

/** What is known when the question is asked. */
export interface CaaKnowledge {
  /** The newest of each name. */
  readonly checks: readonly CaaCheck[];
  readonly identity: CaaIdentity;
  readonly now: Date;
}

/** The names that are to be looked up before anything is decided: what is not known, or known for too long, and what speaks against it. */
export function caaNamesToLookUp(subjects: readonly CaaSubject[], known: CaaKnowledge): readonly string[] {
  const open = judged(subjects, known).filter(({ isOld, objection }) => isOld || objection !== undefined);
  return [...new Set(open.map(({ name }) => name))];
}

export function caaVerdict(subjects: readonly CaaSubject[], known: CaaKnowledge): CaaVerdict {
  const all = judged(subjects, known);
  const decided = all.flatMap(({ isOld, isRecent, isForbidden, objection, subject }) =>
    isOld || !isRecent || objection === undefined
      ? []
      : [{ isForbidden, part: { name: subject.identifier.value, reason: objection } }],
  );
  const of = (parts: readonly { readonly part: ReasonOfName }[]) =>
    parts[0] &&
    withParts(
      parts[0].part.reason,
      parts.map(({ part }) => part),
    );
  const prohibition = of(decided.filter(({ isForbidden }) => isForbidden));
  if (prohibition !== undefined) return { kind: 'forbidden', reason: prohibition };
  if (all.some(({ isOld, isRecent, objection }) => isOld || (objection !== undefined && !isRecent)))
    return { kind: 'look' };
  const gap = of(decided);
  return gap === undefined ? { kind: 'allowed' } : { kind: 'unknown', reason: gap };
}

interface Judged {
  readonly subject: CaaSubject;
  readonly name: string;
  /** There is no evidence, or none that counts any more. */
  readonly isOld: boolean;
  /** It was found a moment ago. */
  readonly isRecent: boolean;
  readonly isForbidden: boolean;
  readonly objection: Reason | undefined;
}

function judged(subjects: readonly CaaSubject[], { checks, identity, now }: CaaKnowledge): readonly Judged[] {
  const byName = new Map(checks.map((check) => [check.name, check]));
  return subjects.flatMap((subject): readonly Judged[] => {
    if (isIp(subject.identifier)) return [];
    const name = baseName(subject.identifier);
    const check = byName.get(name);
    if (check === undefined) {
      return [{ subject, name, isOld: true, isRecent: false, isForbidden: false, objection: undefined }];
    }
    const ageMs = now.getTime() - check.checkedAt.getTime();
    const objection = objectionOf(subject, check, identity);
    const isForbidden = objection !== undefined && check.outcome.ok;
    // A look from the future says that the clock went back.
    const isOld = ageMs > goodMs || ageMs < -recentMs;
    return [{ subject, name, isOld, isRecent: ageMs <= recentMs, isForbidden, objection }];
  });
}

function objectionOf(
  { identifier, authorization }: CaaSubject,
  { outcome, name }: CaaCheck,
  identity: CaaIdentity,
): Reason | undefined {
  if (!outcome.ok) {
    const problem = withoutResolver(outcome.problem);
    const detail = { en: renderReason(problem, 'en'), zh: renderReason(problem, 'zh') };
    return reason('caaUnavailable', { name, detail });
  }
  const method = authorization === null ? undefined : caaMethodOf(authorization);
  const isWildcard = identifier.kind === 'wildcard';
  const objection = caaObjection(outcome.answer, identity, { isWildcard, ...(method === undefined ? {} : { method }) });
  if (objection === undefined) return undefined;
  const add = identity.domains[0] ?? null;
  return reason('caaProhibits', { name: identifier.value, at: outcome.answer.foundAt ?? name, add, ...objection });
}

/**
 * The label of the method that proved the name: those of ACME are registered, ours begin with `ca-` (RFC 8657 §4). Only a challenge
 * of ACME has a token.
 */
function caaMethodOf({ provedBy, challenges }: NonNullable<CaaSubject['authorization']>): string | undefined {
  if (provedBy === null) return undefined;
  const isAcmes = challenges.some((one) => one.method === provedBy && 'token' in one && one.token !== undefined);
  switch (provedBy) {
    case 'httpFile':
      return isAcmes ? 'http-01' : 'ca-http-file';
    case 'httpsFile':
      return 'ca-https-file';
    case 'dnsTxt':
      return isAcmes ? 'dns-01' : 'ca-dns-txt';
    case 'dnsCname':
      return 'ca-dns-cname';
    case 'tlsAlpn':
      return 'tls-alpn-01';
    case 'dnsPersist':
      return 'dns-persist-01';
    case 'email':
      return 'ca-email';
    default:
      return provedBy satisfies never;
  }
}
