/**
 * A CNAME record at an agreed label of the name, or of one of its parents up to the registrable domain
 * (BR §3.2.2.4.7 DNS change; authorization domain name).
 */
import type { Challenge } from '../domain/challenge.ts';
import { type Reason, reason } from '../domain/errors.ts';
import { type Identifier, isIp } from '../domain/identifier.ts';
import type { DnsOutcome, DnsResolver } from '../domain/system.ts';
import { excerpt } from './evidence.ts';
import type { Finding } from './measured.ts';

export type CnameChallenge = Extract<Challenge, { readonly method: 'dnsCname' }>;

export interface CnameCheck {
  readonly identifier: Identifier;
  readonly challenge: CnameChallenge;
  readonly resolver: DnsResolver;
  readonly signal: AbortSignal;
}

/** What was found at one host. */
interface Look {
  readonly host: string;
  readonly server: string;
  readonly answer: string;
  readonly problem?: Reason;
}

export async function checkDnsCname({ identifier, challenge, resolver, signal }: CnameCheck): Promise<Finding> {
  const { method, host, alternativeHosts = [], target } = challenge;
  if (isIp(identifier)) {
    const problem = reason('methodNotAllowed', { method, name: identifier.value });
    return { method, proved: false, asked: `${host} CNAME`, answeredBy: [], answer: '', problem };
  }
  const looks: Look[] = [];
  for (const each of [host, ...alternativeHosts]) {
    if (signal.aborted) break;
    const look = lookOf(each, await resolver.query(each, 'CNAME', signal), target);
    looks.push(look);
    if (look.problem === undefined) break;
  }
  const problem = signal.aborted && !isProved(looks) ? reason('checkAborted', {}) : problemOf(looks);
  return {
    method,
    proved: problem === undefined,
    asked: (looks.length === 0 ? [host] : looks.map((look) => look.host)).map((name) => `${name} CNAME`).join(', '),
    answeredBy: [...new Set(looks.map((look) => look.server))],
    answer: excerpt(looks.map((look) => look.answer).join(', ')),
    ...(problem === undefined ? {} : { problem }),
  };
}

function isProved(looks: readonly Look[]): boolean {
  return looks.some((look) => look.problem === undefined);
}

/** A wrong target anywhere shows where the customer tried; otherwise the host that was asked for is the one to name. */
function problemOf(looks: readonly Look[]): Reason | undefined {
  if (isProved(looks)) return undefined;
  const wrong = looks.find((look) => look.problem?.key === 'dnsWrongTarget');
  return (wrong ?? looks[0])?.problem;
}

function lookOf(host: string, outcome: DnsOutcome, target: string): Look {
  const { server } = outcome;
  if (!outcome.ok) return { host, server, answer: outcome.problem.key, problem: outcome.problem };
  const name = canonical(host);
  const chain = new Map(
    outcome.records
      .filter((record) => record.type === 'CNAME')
      .map((record) => [canonical(record.name), canonical(record.data)]),
  );
  // A resolver may follow the CNAME unasked; only the record at the host itself is proof.
  const found = chain.get(name);
  if (found === undefined) {
    const isMissing = outcome.rcode === 'NXDOMAIN';
    const problem = isMissing
      ? reason('dnsNoSuchName', { name: host })
      : reason('dnsNoRecord', { name: host, type: 'CNAME' });
    return { host, server, answer: isMissing ? 'NXDOMAIN' : 'no CNAME', problem };
  }
  const answer = `CNAME ${found}`;
  if (found === canonical(target)) return { host, server, answer };
  const problem = isLoop(chain, name)
    ? reason('dnsLoop', { name: host })
    : reason('dnsWrongTarget', { name: host, found: excerpt(found), expected: target });
  return { host, server, answer, problem };
}

function isLoop(chain: ReadonlyMap<string, string>, start: string): boolean {
  const seen = new Set<string>();
  for (let name: string | undefined = start; name !== undefined; name = chain.get(name)) {
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}

function canonical(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}
