/** `dcv_info` as what is to be placed where. Any of what an entry shows proves its name, whatever its `method` says. */
import type { Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier, isIp, parseIdentifier } from '../../domain/identifier.ts';
import { isPublicMailbox } from '../../domain/mailbox.ts';
import type { WantedProof } from '../../domain/ports/issuer.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import { hostFromWire } from '../kit/wire-host.ts';
import { splitName } from './proofs.ts';
import type { ReplyEntries, ReplyEntry } from './replies.ts';

/** Of every name, in their order; without challenges where the vendor shows none yet. */
export function proofsFromWire(
  names: readonly Identifier[],
  entries: ReplyEntries,
  publicSuffixes: PublicSuffixes,
): readonly WantedProof[] {
  const byName = new Map(Object.entries(entries).map(([key, entry]) => [canonical(key), entry]));
  const byBase = new Map(Object.entries(entries).map(([key, entry]) => [canonical(key).replace(/^\*\./, ''), entry]));
  return names.map((name) => {
    // The values are the same for all names of a CSR: one that shares its entry with its wildcard is proved as that is.
    const entry = byName.get(name.value) ?? byBase.get(baseName(name));
    if (entry === undefined) return { name: name.value, challenges: [] };
    const challenges = challengesOf(name, entry, publicSuffixes);
    return { name: name.value, challenges, ...(isVerified(entry) ? { isProved: true as const } : {}) };
  });
}

function isVerified({ status }: ReplyEntry): boolean {
  return status.trim().toLowerCase() === 'verified';
}

function challengesOf(name: Identifier, entry: ReplyEntry, publicSuffixes: PublicSuffixes): readonly Challenge[] {
  const files = [fileOf('http', entry), fileOf('https', entry)].flatMap((file) => file ?? []);
  // Of an address the vendor shows a record as well, which nobody can place.
  if (isIp(name)) return files;
  return [...files, ...recordOf(name, entry, publicSuffixes), ...mailOf(entry)];
}

const directory = '/.well-known/pki-validation/';

/** The link of a wildcard keeps its `*.`; only the path is of use. */
function fileOf(scheme: 'http' | 'https', entry: ReplyEntry): Challenge | undefined {
  const [, linked] = /^https?:\/\/[^/]+(\/.+)$/i.exec(entry[`${scheme}_verifylink`].trim()) ?? [];
  const fileName = entry[`${scheme}_filename`].trim();
  const path = linked ?? (fileName === '' ? undefined : directory + fileName);
  const content = entry[`${scheme}_filecontent`];
  if (path === undefined || content.trim() === '') return undefined;
  return { method: `${scheme}File`, binding: 'request', path, content };
}

/** `dns_host` is relative to `topdomain`. */
function recordOf(
  name: Identifier,
  { dns_host, dns_type, dns_value, topdomain }: ReplyEntry,
  publicSuffixes: PublicSuffixes,
): readonly Challenge[] {
  const [label, value] = [hostFromWire(dns_host), dns_value.trim()];
  if (label === '' || value === '') return [];
  const top = hostFromWire(topdomain) || splitName(name, publicSuffixes).top;
  const host = absolute(label, top);
  if (dns_type.trim().toUpperCase() === 'TXT') return [{ method: 'dnsTxt', binding: 'request', host, value }];
  return [{ method: 'dnsCname', binding: 'request', host, target: hostFromWire(value) }];
}

function absolute(label: string, top: string): string {
  if (label === '@') return top;
  return label === top || label.endsWith(`.${top}`) ? label : `${label}.${top}`;
}

function mailOf({ emails, email, method }: ReplyEntry): readonly Challenge[] {
  const chosen = [email ?? '', method].find(isPublicMailbox);
  // `none`, or whatever else stands in a list without addresses.
  const shown = emails.filter(isPublicMailbox);
  const addresses = chosen === undefined || shown.includes(chosen) ? shown : [...shown, chosen];
  if (addresses.length === 0) return [];
  return [{ method: 'email', binding: 'server', addresses, ...(chosen === undefined ? {} : { chosen }) }];
}

/** Names as the vendor may repeat them: in Unicode, in capitals, with a dot at the end. */
function canonical(name: string): string {
  try {
    return parseIdentifier(name, 'dcv_info').value;
  } catch {
    return hostFromWire(name);
  }
}
