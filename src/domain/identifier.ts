/**
 * A name a certificate can carry: a DNS name, a wildcard, an IPv4 or an IPv6 address. Everything inside works on the
 * canonical form that `parseIdentifier` makes: lower case, A-labels, no trailing dot, shortest IPv6.
 */
import { quoted, refuse } from './errors.ts';

export type IdentifierKind = 'dns' | 'wildcard' | 'ipv4' | 'ipv6';

export interface Identifier {
  readonly kind: IdentifierKind;
  /** Canonical text; a wildcard keeps its `*.`. */
  readonly value: string;
}

const ipv4Octet = /^(0|[1-9][0-9]{0,2})$/;
const ldhLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the point is to tell ASCII from the rest
const ascii = /^[\x00-\x7f]*$/;

/**
 * Reads one name as a client wrote it. Upper case, surrounding blanks, one trailing dot and Unicode (UTS #46) are
 * accepted and made canonical.
 * @param field the request's own word for the parameter, used in the message
 * @throws {CertError} badName, naming the offending name or label. RFC 5280 §4.2.1.6, RFC 1035 §2.3.4, BR §3.2.2.6
 */
export function parseIdentifier(text: string, field: string): Identifier {
  const trimmed = text.trim();
  const name = trimmed.endsWith('.') ? trimmed.slice(0, -1) : trimmed;
  if (name === '') throw refuse('nameEmpty', { field });
  const ip = parseIpv4(name) ?? parseIpv6(name);
  if (ip !== undefined) return ip;
  if (name.startsWith('*.')) return { kind: 'wildcard', value: `*.${parseDnsName(name.slice(2), name)}` };
  return { kind: 'dns', value: parseDnsName(name, name) };
}

/** The canonical DNS name, or a badName error that quotes `whole`, the name as it was ordered. */
function parseDnsName(name: string, whole: string): string {
  if (name.includes('*')) throw refuse('nameBadWildcard', { name: quoted(whole) });
  const aLabels = ascii.test(name) ? name.toLowerCase() : toAscii(name, whole);
  if (aLabels.length > 253) throw refuse('nameTooLong', { name: quoted(whole) });
  const labels = aLabels.split('.');
  for (const label of labels) {
    // "xn--" is the only prefix with hyphens in places 3 and 4 that is allowed (BR §7.1.2.7.12, RFC 5891 §4.2.3.1).
    const reserved = label.length > 3 && label.startsWith('--', 2) && !label.startsWith('xn--');
    if (!ldhLabel.test(label) || reserved) throw refuse('nameBadLabel', { name: quoted(whole), label: quoted(label) });
  }
  const last = labels.at(-1) ?? '';
  if (labels.length === 1) throw refuse('nameSingleLabel', { name: quoted(whole) });
  if (/^[0-9]+$/.test(last)) throw refuse('nameBadLabel', { name: quoted(whole), label: quoted(last) });
  // A-labels must decode, or browsers would show something else than what was validated.
  if (aLabels.includes('xn--')) toAscii(aLabels, whole);
  return aLabels;
}

function toAscii(name: string, whole: string): string {
  try {
    return new URL(`http://${name}`).hostname;
  } catch (cause) {
    throw refuse('nameBadUnicode', { name: quoted(whole) }, { cause });
  }
}

function parseIpv4(text: string): Identifier | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => ipv4Octet.test(octet) && Number(octet) <= 255)) return undefined;
  return { kind: 'ipv4', value: text };
}

function parseIpv6(text: string): Identifier | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (!bare.includes(':')) return undefined;
  try {
    return { kind: 'ipv6', value: new URL(`http://[${bare}]`).hostname.slice(1, -1) };
  } catch {
    return undefined;
  }
}

export function isIp(identifier: Identifier): boolean {
  return identifier.kind === 'ipv4' || identifier.kind === 'ipv6';
}

/** The name that is looked up and fetched: a wildcard without its `*.`. */
export function baseName(identifier: Identifier): string {
  return identifier.kind === 'wildcard' ? identifier.value.slice(2) : identifier.value;
}

/** The bytes of an IP identifier as an iPAddress SAN holds them (RFC 5280 §4.2.1.6): 4 or 16. */
export function ipBytes(identifier: Identifier): Uint8Array {
  if (identifier.kind === 'ipv4') return Uint8Array.from(identifier.value.split('.'), Number);
  const [head = '', tail] = identifier.value.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return Uint8Array.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}
