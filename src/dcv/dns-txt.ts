/**
 * A TXT record with an agreed value at an agreed label of the name, or of one of its parents up to the registrable domain.
 * A host may hold many TXT records; one that is equal is enough.
 */
import type { Challenge } from '../domain/challenge.ts';
import { reason } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import type { DnsResolver } from '../domain/ports/system.ts';
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

export type TxtChallenge = Extract<Challenge, { readonly method: 'dnsTxt' }>;

export interface TxtCheck {
  readonly identifier: Identifier;
  readonly challenge: TxtChallenge;
  readonly resolver: DnsResolver;
  readonly publicSuffixes: DnsHosts['publicSuffixes'];
  readonly signal: AbortSignal;
}

/** Strings shown of a host that has more: mail and verification records of others pile up at the top of a domain. */
const shownStrings = 5;

export function checkDnsTxt({ identifier, challenge, ...look }: TxtCheck): Promise<Finding> {
  const { method, binding, host, alternativeHosts = [], value } = challenge;
  return checkDnsHosts({
    identifier,
    method,
    binding,
    type: 'TXT',
    hosts: [host, ...alternativeHosts],
    ...look,
    read: (asked, answer) => findingOf(asked, answer, value),
  });
}

/**
 * A CNAME at the host is followed, as the resolver does for every type but CNAME: whoever controls the name has delegated
 * it so (BR §3.2.2.4.7 looks at what the query for TXT finds). Records of other names in the answer count for nothing.
 */
function findingOf(host: string, outcome: DnsAnswer, value: string): HostFinding {
  const { names, isLoop } = followed(aliasesOf(outcome), host);
  const isElsewhere = names.size > 1;
  if (isLoop) return { answer: 'CNAME loop', isElsewhere, problem: reason('dnsLoop', { name: host }) };
  const strings = outcome.records
    .filter((record) => record.type === 'TXT' && names.has(canonical(record.name)))
    .map((record) => record.data);
  if (strings.length === 0) return { ...missing(host, 'TXT', outcome), isElsewhere };
  if (strings.includes(value)) return { answer: `TXT ${quotedExcerpt(value)}`, isElsewhere };
  const more = strings.length > shownStrings ? ` and ${strings.length - shownStrings} more` : '';
  const found = strings.slice(0, shownStrings).map(quotedExcerpt).join(', ') + more;
  return {
    answer: `TXT ${found}`,
    isElsewhere,
    problem: reason('dnsWrongText', { name: host, found, expected: quotedExcerpt(value) }),
  };
}
