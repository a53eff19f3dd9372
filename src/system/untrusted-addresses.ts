/** From the host of a stranger's URL to its addresses. Which of them are connected to is decided by the fetcher. */

import { isIP } from 'node:net';
import { type Reason, reason } from '../domain/errors.ts';
import type { DnsOutcome, DnsRecord, DnsResolver } from '../domain/ports/system.ts';
import { dnsName } from './dns-name.ts';
import { shownName } from './shown.ts';

/** Longer chains than this are a mistake or an attack; BIND stops at 16 as well. */
const maxCnames = 16;
/** A name with hundreds of addresses must not buy hundreds of connection attempts. */
export const maxAddresses = 6;

export type Addresses =
  | { readonly ok: true; readonly host: string; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly problem: Reason };

export interface AddressLookup {
  readonly resolver: DnsResolver;
  readonly signal: AbortSignal;
}

/**
 * The addresses of a URL's host, IPv4 first: a wrong AAAA record is the more common mistake. An address literal is its own
 * answer.
 * @param host as `URL.hostname` gives it, IPv6 in brackets
 */
export async function addressesOf(host: string, { resolver, signal }: AddressLookup): Promise<Addresses> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return { ok: true, host: bare, addresses: [bare] };
  const name = dnsName(bare);
  const outcomes = await Promise.all([resolver.query(name, 'A', signal), resolver.query(name, 'AAAA', signal)]);
  const found = outcomes.map((outcome, index) => addressesIn(name, outcome, index === 0 ? 'A' : 'AAAA'));
  const addresses = found.flatMap((one) => (one.ok ? one.addresses : []));
  if (addresses.length > 0) return { ok: true, host: name, addresses };
  // One question may have failed while the other answered "none": the failure is what the customer has to repair.
  const failure = found.find((one) => !one.ok);
  return failure ?? { ok: false, problem: reason('httpNoAddress', { host: shownName(name) }) };
}

function addressesIn(name: string, outcome: DnsOutcome, type: 'A' | 'AAAA'): Addresses {
  if (!outcome.ok) return outcome;
  const end = endOfChain(name, outcome.records);
  if (end === undefined) return { ok: false, problem: reason('dnsLoop', { name }) };
  const addresses = outcome.records
    .filter((record) => record.type === type && record.name === end)
    .map((record) => record.data);
  if (addresses.length === 0 && outcome.rcode === 'NXDOMAIN') {
    // The end of the chain is what is missing; it comes from a stranger, so it is shown only when it is readable.
    return { ok: false, problem: reason('dnsNoSuchName', { name: /^[!-~]+$/.test(end) ? end : name }) };
  }
  return { ok: true, host: name, addresses };
}

/** Follows the CNAMEs that the resolver put into its answer; undefined for a loop or a chain that is too long. */
function endOfChain(name: string, records: readonly DnsRecord[]): string | undefined {
  const targets = new Map(records.filter((one) => one.type === 'CNAME').map((one) => [one.name, one.data]));
  let current = name;
  for (let hops = 0; hops <= maxCnames; hops++) {
    const next = targets.get(current);
    if (next === undefined) return current;
    current = next;
  }
  return undefined;
}

/** Later than any limit of the whole: then that one decides, and says that everything took too long. */
const beyondEndMs = 1000;

/**
 * Milliseconds for one of several addresses. One that swallows packets gets a fair share of the time that is left, so that the next one has a
 * chance; the last one has all of it.
 */
export function shareOfAddressMs(
  endsAtMs: number,
  { index, count }: { readonly index: number; readonly count: number },
): number {
  const leftMs = Math.max(1, endsAtMs - performance.now());
  return index === count - 1 ? leftMs + beyondEndMs : leftMs / (count - index);
}
