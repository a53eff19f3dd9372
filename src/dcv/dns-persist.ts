/**
 * A TXT record that stays for good and names issuer and account: at an agreed label of the name, or of one of its parents whose owner has
 * allowed all names below (draft-ietf-acme-dns-persist §4 to §6; BR §3.2.2.4.22). Records of other issuers may stand beside it.
 */
import type { Challenge, EvidenceTerms, PersistentAccount } from '../domain/challenge.ts';
import { type Reason, reason } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import type { Clock, DnsRecord, DnsResolver } from '../domain/ports/system.ts';
import { accountHash, accountHashAlgorithm, anyDomain } from '../pki/account-hash.ts';
import {
  aliasesOf,
  canonical,
  checkDnsHosts,
  type DnsAnswer,
  type DnsHosts,
  followed,
  type HostFinding,
  missing,
} from './dns-hosts.ts';
import { quotedExcerpt } from './evidence.ts';
import type { Finding } from './measured.ts';
import { issuerIn, parsePersistentRecord } from './persistent-record.ts';

export type PersistChallenge = Extract<Challenge, { readonly method: 'dnsPersist' }>;

export interface PersistCheck {
  readonly identifier: Identifier;
  readonly challenge: PersistChallenge;
  readonly clock: Pick<Clock, 'now'>;
  readonly resolver: DnsResolver;
  readonly publicSuffixes: DnsHosts['publicSuffixes'];
  readonly signal: AbortSignal;
}

/**
 * Evidence serves for as long as the record may be cached, and at least so long: what is left of the lifetime in a resolver's cache may be
 * a second, and the order that it was looked up for still has to be finalized.
 */
const leastSeconds = 300;

const shownRecords = 5;

export function checkDnsPersist({ identifier, challenge, clock, ...look }: PersistCheck): Promise<Finding> {
  const { method, binding, hosts } = challenge;
  const [own] = hosts;
  return checkDnsHosts({
    identifier,
    method,
    binding,
    type: 'TXT',
    hosts,
    ...look,
    read: (host, answer) =>
      findingAt(host, answer, {
        challenge,
        name: identifier.value,
        needsAllBelow: challenge.needsAllBelow || host !== own,
        now: clock.now(),
      }),
  });
}

interface Wanted {
  readonly challenge: PersistChallenge;
  readonly name: string;
  readonly needsAllBelow: boolean;
  readonly now: Date;
}

/** A CNAME at the host is followed; the name itself is never taken for another one (BR §3.2.2.4.22). */
function findingAt(host: string, outcome: DnsAnswer, wanted: Wanted): HostFinding {
  const { names, isLoop } = followed(aliasesOf(outcome), host);
  const isElsewhere = names.size > 1;
  if (isLoop) return { answer: 'CNAME loop', isElsewhere, problem: reason('dnsLoop', { name: host }) };
  const onWay = outcome.records.filter((record) => names.has(canonical(record.name)));
  const records = onWay.filter(({ type }) => type === 'TXT');
  if (records.length === 0) return { ...missing(host, 'TXT', outcome), isElsewhere };
  const { issuers } = wanted.challenge;
  const ours = records.filter(({ data }) => issuers.includes(issuerIn(data)));
  const answer = `TXT ${shownOf(ours.length > 0 ? ours : records)}`;
  if (ours.length === 0) {
    const problem = reason('persistNoIssuer', { name: host, found: shownOf(records), issuers: issuers.join(', ') });
    return { answer, isElsewhere, problem };
  }
  const ttlSeconds = Math.min(...onWay.map((record) => record.ttlSeconds));
  const verdicts = ours.map((record) => verdictOf(host, record, { ...wanted, ttlSeconds }));
  const terms = best(verdicts.flatMap((verdict) => ('terms' in verdict ? [verdict.terms] : [])));
  if (terms !== undefined) return { answer, isElsewhere, terms };
  const problems = verdicts.flatMap((verdict) => ('problem' in verdict ? [verdict.problem] : []));
  // What cannot be read is what its owner has to mend first.
  const [problem] = problems.toSorted((a, b) => Number(isUnreadable(b)) - Number(isUnreadable(a)));
  return problem === undefined ? { answer, isElsewhere } : { answer, isElsewhere, problem };
}

function isUnreadable({ key }: Reason): boolean {
  return key === 'persistMalformed';
}

type Verdict = { readonly terms: EvidenceTerms } | { readonly problem: Reason };

/** One rule after the other. */
function verdictOf(
  host: string,
  { data }: DnsRecord,
  { challenge, name, needsAllBelow, now, ttlSeconds }: Wanted & { readonly ttlSeconds: number },
): Verdict {
  const { account } = challenge;
  const record = parsePersistentRecord(data, account.hashPrefix);
  if ('fault' in record) {
    return { problem: reason('persistMalformed', { name: host, record: quotedExcerpt(data), fault: record }) };
  }
  const { accountUri, coversBelow, until } = record;
  if (!namesOf(host, account).includes(accountUri)) {
    const found = quotedExcerpt(accountUri);
    return { problem: reason('persistOtherAccount', { name: host, found, expected: account.url }) };
  }
  const leftSeconds = until === null ? Number.POSITIVE_INFINITY : (until.getTime() - now.getTime()) / 1000;
  if (until !== null && leftSeconds <= 0) {
    return { problem: reason('persistEnded', { name: host, until: until.toISOString() }) };
  }
  if (needsAllBelow && !coversBelow) return { problem: reason('persistNotBelow', { name, host }) };
  return { terms: { coversBelow, forSeconds: Math.min(Math.max(ttlSeconds, leastSeconds), leftSeconds) } };
}

/** How the record may name the account: by its URL (draft-01), or by a hash for the domain at which it stands, or for all (draft-02). */
function namesOf(host: string, { url, hashPrefix, thumbprints }: PersistentAccount): readonly string[] {
  const domain = host.slice(host.indexOf('.') + 1);
  const hashed = thumbprints.flatMap((thumbprint) =>
    [domain, anyDomain].map((of) => `${hashPrefix}${accountHashAlgorithm}/${accountHash(of, thumbprint, url)}`),
  );
  return [url, ...hashed];
}

/** Of several records that prove the name the one that allows most. */
function best(found: readonly EvidenceTerms[]): EvidenceTerms | undefined {
  const [first] = found.toSorted(
    (a, b) => Number(b.coversBelow) - Number(a.coversBelow) || b.forSeconds - a.forSeconds,
  );
  return first;
}

function shownOf(records: readonly DnsRecord[]): string {
  const shown = records.slice(0, shownRecords).map(({ data }) => quotedExcerpt(data));
  const more = records.length > shownRecords ? ` and ${records.length - shownRecords} more` : '';
  return shown.join(', ') + more;
}
