/**
 * What the DNS methods share: a record at an agreed label of the name, or of one of its parents up to the registrable
 * domain (BR §3.2.2.4.7 DNS change; authorization domain name). The hosts are queried in order until one proves control.
 */
import type { Binding, EvidenceTerms } from '../domain/challenge.ts';
import { type Reason, reason } from '../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../domain/identifier.ts';
import type { DnsOutcome, DnsResolver, PublicSuffixes } from '../domain/ports/system.ts';
import { excerpt } from './evidence.ts';
import type { Finding } from './measured.ts';

export type DnsAnswer = Extract<DnsOutcome, { ok: true }>;

/** What an answer for one host holds; it proves control unless there is a problem. */
export interface HostFinding {
  readonly answer: string;
  /** A CNAME led to another name, which may be one of an internal zone: what is there is not the customer's to read. */
  readonly isElsewhere?: boolean;
  readonly problem?: Reason;
  /** What the record that proves control says of its own use. */
  readonly terms?: EvidenceTerms;
}

export interface DnsHosts {
  readonly identifier: Identifier;
  readonly method: 'dnsCname' | 'dnsTxt' | 'dnsPersist';
  readonly binding: Binding;
  readonly type: 'CNAME' | 'TXT';
  readonly hosts: readonly [string, ...string[]];
  readonly resolver: DnsResolver;
  readonly publicSuffixes: Pick<PublicSuffixes, 'hasKnownSuffix'>;
  readonly signal: AbortSignal;
  readonly read: (host: string, answer: DnsAnswer) => HostFinding;
}

interface Look extends HostFinding {
  readonly host: string;
  readonly server: string;
}

/** Reasons that show where the customer tried, which say more than a host that has nothing. */
const attempts: readonly Reason['key'][] = [
  'dnsWrongTarget',
  'dnsWrongText',
  'persistMalformed',
  'persistOtherAccount',
  'persistEnded',
  'persistNotBelow',
];

export async function checkDnsHosts(check: DnsHosts): Promise<Finding> {
  const { identifier, method, binding, type, hosts, resolver, publicSuffixes, signal, read } = check;
  const [first] = hosts;
  if (isIp(identifier)) {
    const problem = reason('methodNotAllowed', { method, name: identifier.value });
    return { method, binding, proved: false, asked: `${first} ${type}`, answeredBy: [], answer: '', problem };
  }
  const looks: Look[] = [];
  for (const host of hosts) {
    if (signal.aborted) break;
    const outcome = await resolver.query(host, type, signal);
    const found = outcome.ok ? read(host, outcome) : { answer: outcome.problem.key, problem: outcome.problem };
    looks.push({ host, server: outcome.server, ...found });
    if (found.problem === undefined) break;
  }
  const terms = looks.find((look) => look.problem === undefined)?.terms;
  const problem = signal.aborted && !isProved(looks) ? reason('checkAborted', {}) : problemOf(looks);
  return {
    method,
    binding,
    proved: problem === undefined,
    asked: (looks.length === 0 ? [first] : looks.map((look) => look.host)).map((name) => `${name} ${type}`).join(', '),
    answeredBy: [...new Set(looks.map((look) => look.server))],
    answer: excerpt(looks.map((look) => look.answer).join(', ')),
    // Names outside of the public DNS are answered by an internal one.
    source: {
      isOwn: publicSuffixes.hasKnownSuffix(baseName(identifier)) && !looks.some(({ isElsewhere }) => isElsewhere),
    },
    ...(terms === undefined ? {} : { terms }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function isProved(looks: readonly Look[]): boolean {
  return looks.some((look) => look.problem === undefined);
}

/** A wrong record anywhere shows where the customer tried; otherwise the first host is the one to name. */
function problemOf(looks: readonly Look[]): Reason | undefined {
  if (isProved(looks)) return undefined;
  const wrong = looks.find(({ problem }) => problem !== undefined && attempts.includes(problem.key));
  return (wrong ?? looks[0])?.problem;
}

/** The host has no record of the type. */
export function missing(host: string, type: DnsHosts['type'], { rcode }: DnsAnswer): HostFinding {
  if (rcode === 'NXDOMAIN') return { answer: 'NXDOMAIN', problem: reason('dnsNoSuchName', { name: host }) };
  return { answer: `no ${type}`, problem: reason('dnsNoRecord', { name: host, type }) };
}

/** Where each CNAME record of the answer leads. */
export function aliasesOf({ records }: DnsAnswer): ReadonlyMap<string, string> {
  const aliases = records.filter((record) => record.type === 'CNAME');
  return new Map(aliases.map((record) => [canonical(record.name), canonical(record.data)]));
}

/** The host and the names its CNAME records lead to, in order; `isLoop` when they lead back to one of them. */
export function followed(
  aliases: ReadonlyMap<string, string>,
  host: string,
): { readonly names: ReadonlySet<string>; readonly isLoop: boolean } {
  const names = new Set<string>();
  for (let name: string | undefined = canonical(host); name !== undefined; name = aliases.get(name)) {
    if (names.has(name)) return { names, isLoop: true };
    names.add(name);
  }
  return { names, isLoop: false };
}

/** Only ASCII has case in the DNS (RFC 4343). */
export function canonical(name: string): string {
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  return bare.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
