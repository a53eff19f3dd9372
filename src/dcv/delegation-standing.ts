/**
 * Looks where the delegated `_acme-challenge` leads now, one CNAME record after the other: an upstream follows them all (RFC 8555 §8.4,
 * RFC 1034 §3.6.2). The expected target itself is not asked for, since what is published there comes and goes.
 */
import type { Delegation, DelegationLook, Hop, LookUpDelegation } from '../domain/delegation.ts';
import type { DnsRecordType, DnsResolver } from '../domain/ports/system.ts';
import { aliasesOf, canonical, type DnsAnswer } from './dns-hosts.ts';
import { excerpt, quotedExcerpt } from './evidence.ts';

/** As far as resolvers go; what leads further, leads nowhere for the upstream. */
const maxHops = 8;

/** What may stand where the CNAME belongs, and cannot stand beside it (RFC 1034 §3.6.2). */
const besides = ['TXT', 'A', 'AAAA', 'NS'] as const satisfies readonly DnsRecordType[];
const shownRecords = 5;

export function createLookUpDelegation(resolver: DnsResolver): LookUpDelegation {
  return async (delegation, { looksBeside }, signal) => {
    const way = await followed(resolver, delegation, signal);
    const mayHaveOthers = looksBeside && way.end === 'answered';
    return { ...way, others: mayHaveOthers ? await recordsAt(resolver, delegation.host, signal) : [] };
  };
}

async function followed(
  resolver: DnsResolver,
  { host, target }: Delegation,
  signal: AbortSignal,
): Promise<Omit<DelegationLook, 'others'>> {
  const hops: Hop[] = [];
  const wanted = canonical(target);
  const known = new Map<string, string>();
  for (let name = canonical(host); name !== wanted; ) {
    if (hops.length === maxHops || hops.some((hop) => hop.name === name)) return { hops, end: 'loop' };
    let next = known.get(name);
    if (next === undefined) {
      const outcome = await resolver.query(name, 'CNAME', signal);
      // A later record that cannot be resolved takes nothing from what was seen before it.
      if (!outcome.ok) return { hops, end: { problem: outcome.problem } };
      // A resolver may follow the records unasked.
      for (const [from, to] of aliasesOf(outcome)) known.set(from, to);
      next = known.get(name);
      if (next === undefined) return { hops, end: endAt(hops, outcome) };
    }
    hops.push({ name, target: next });
    name = next;
  }
  return { hops, end: 'answered' };
}

/** Only at the host itself does it matter whether the name exists. */
function endAt(hops: readonly Hop[], { rcode }: DnsAnswer): 'answered' | 'noName' {
  return hops.length === 0 && rcode === 'NXDOMAIN' ? 'noName' : 'answered';
}

/** Of the host itself: what a CNAME leads to does not count. What cannot be asked for is not there. */
async function recordsAt(resolver: DnsResolver, host: string, signal: AbortSignal): Promise<DelegationLook['others']> {
  const found: { readonly type: string; readonly data: string }[] = [];
  for (const type of besides) {
    const outcome = await resolver.query(host, type, signal);
    if (!outcome.ok) continue;
    const own = outcome.records.filter((record) => record.type === type && canonical(record.name) === canonical(host));
    found.push(
      ...own.map(({ data }) => ({ type: String(type), data: type === 'TXT' ? quotedExcerpt(data) : excerpt(data) })),
    );
  }
  return found.slice(0, shownRecords);
}
