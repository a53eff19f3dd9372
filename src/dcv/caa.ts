/**
 * The CAA records that govern a name: its own, or those of its nearest parent that has some (RFC 8659 §3). Only a look-up:
 * what the records mean for an issuer is not decided here.
 */
import type { CaaOutcome, CaaRecord, LookUpCaa } from '../domain/caa.ts';
import { reason } from '../domain/errors.ts';
import type { DnsResolver } from '../domain/ports/system.ts';
import { aliasesOf, canonical, type DnsAnswer, followed } from './dns-hosts.ts';

/**
 * How often a CNAME is followed by another query: a resolver that follows by itself needs one question more to find out that the
 * target has no records.
 */
const maxQuestions = 8;

type Found =
  | { readonly ok: true; readonly records: readonly CaaRecord[] }
  | Extract<CaaOutcome, { readonly ok: false }>;

export function createLookUpCaa(resolver: DnsResolver): LookUpCaa {
  return async (name, signal) => {
    // The root is not queried: nobody sets records for all names there are.
    const labels = canonical(name).split('.');
    for (let depth = 0; depth < labels.length; depth++) {
      const domain = labels.slice(depth).join('.');
      const found = await recordsAt(resolver, domain, signal);
      if (!found.ok) return found;
      const { records } = found;
      if (records.length > 0) return { ok: true, answer: { foundAt: domain, records } };
    }
    return { ok: true, answer: { foundAt: null, records: [] } };
  };
}

/**
 * The records of the domain itself or of what it is an alias of. The parents of an alias's target do not count: after the
 * target come the domain's own parents (RFC 8659 §3, other than RFC 6844).
 */
async function recordsAt(resolver: DnsResolver, domain: string, signal: AbortSignal): Promise<Found> {
  const queried = new Set<string>();
  for (let name = domain; queried.size < maxQuestions && !queried.has(name); ) {
    queried.add(name);
    const outcome = await resolver.query(name, 'CAA', signal);
    if (!outcome.ok) return { ok: false, problem: outcome.problem };
    const { names, isLoop } = followed(aliasesOf(outcome), name);
    if (isLoop) return { ok: false, problem: reason('dnsLoop', { name: domain }) };
    const records = recordsOf(outcome, names);
    if (records === undefined) {
      return { ok: false, problem: reason('dnsMalformed', { name: domain, server: outcome.server }) };
    }
    const end = [...names].at(-1) ?? name;
    if (records.length > 0 || end === name) return { ok: true, records };
    name = end;
  }
  return { ok: false, problem: reason('dnsLoop', { name: domain }) };
}

/** Records of other names in the answer count for nothing. @returns undefined when one of them is none */
function recordsOf({ records }: DnsAnswer, names: ReadonlySet<string>): readonly CaaRecord[] | undefined {
  const found: CaaRecord[] = [];
  for (const { type, name, data } of records) {
    if (type !== 'CAA' || !names.has(canonical(name))) continue;
    const record = parse(data);
    // A record that cannot be read might forbid everything: it must not look like none.
    if (record === undefined) return undefined;
    found.push(record);
  }
  return found;
}

/** `0 issue "ca.example"`, the value as a JSON string. RFC 8659 §4.1: tags are ASCII letters and digits, in any case. */
function parse(data: string): CaaRecord | undefined {
  const match = /^([0-9]{1,3}) ([0-9A-Za-z]{1,255}) (".*")$/s.exec(data);
  const [, flags = '', tag = '', quoted = ''] = match ?? [];
  if (match === null) return undefined;
  const value: unknown = JSON.parse(quoted);
  return typeof value === 'string' ? { flags: Number(flags), tag: tag.toLowerCase(), value } : undefined;
}
