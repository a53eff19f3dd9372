/** A CNAME record at an agreed label of the name, or of one of its parents up to the registrable domain. */
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
import { excerpt } from './evidence.ts';
import type { Finding } from './measured.ts';

export type CnameChallenge = Extract<Challenge, { readonly method: 'dnsCname' }>;

export interface CnameCheck {
  readonly identifier: Identifier;
  readonly challenge: CnameChallenge;
  readonly resolver: DnsResolver;
  readonly publicSuffixes: DnsHosts['publicSuffixes'];
  readonly signal: AbortSignal;
}

export function checkDnsCname({ identifier, challenge, ...look }: CnameCheck): Promise<Finding> {
  const { method, binding, host, alternativeHosts = [], target } = challenge;
  return checkDnsHosts({
    identifier,
    method,
    binding,
    type: 'CNAME',
    hosts: [host, ...alternativeHosts],
    ...look,
    read: (asked, answer) => findingOf(asked, answer, target),
  });
}

function findingOf(host: string, outcome: DnsAnswer, target: string): HostFinding {
  const aliases = aliasesOf(outcome);
  // A resolver may follow the CNAME unasked; only the record at the host itself is proof.
  const found = aliases.get(canonical(host));
  if (found === undefined) return missing(host, 'CNAME', outcome);
  const answer = `CNAME ${found}`;
  if (found === canonical(target)) return { answer };
  const problem = followed(aliases, host).isLoop
    ? reason('dnsLoop', { name: host })
    : reason('dnsWrongTarget', { name: host, found: excerpt(found), expected: target });
  return { answer, problem };
}
