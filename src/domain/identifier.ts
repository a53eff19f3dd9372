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
/** A last label that makes the name an IPv4 address to every browser, and fail there (WHATWG URL, "ends in a number"). */
const endsInNumber = /^([0-9]+|0x[0-9a-f]*)$/;
const ipv6Text = /^[0-9a-f:.]+$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the point is to tell ASCII from the rest
const ascii = /^[\x00-\x7f]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII that no host name holds, `:`, `/`, `%` and `@` above all
const asciiOutsideNames = /(?![a-z0-9.-])[\x00-\x7f]/i;

/** More than any name has that fits into 253 octets once it is made ASCII: longer text is not looked at further. */
const longestText = 1024;

/**
 * Reads one name as a client wrote it. Upper case, surrounding blanks, one trailing dot and Unicode (UTS #46) are
 * accepted and made canonical.
 * @param field the request's own word for the parameter, used in the message
 * @throws {CertError} badName, naming the offending name or label. RFC 5280 §4.2.1.6, RFC 1035 §2.3.4, BR §3.2.2.6
 */
export function parseIdentifier(text: string, field: string): Identifier {
  // The dots of Chinese and Japanese keyboards are dots (UTS #46 §4, RFC 3490 §3.1).
  const dotted = text.trim().replaceAll(/[。．｡]/g, '.');
  const name = dotted.endsWith('.') ? dotted.slice(0, -1) : dotted;
  if (name === '') throw refuse('nameEmpty', { field });
  if (name.length > longestText) throw refuse('nameTooLong', { name: quoted(name) });
  const ip = parseIpv4(name) ?? parseIpv6(name);
  if (ip !== undefined) return ip;
  if (name.startsWith('*.')) return { kind: 'wildcard', value: `*.${parseDnsName(name.slice(2), name)}` };
  return { kind: 'dns', value: parseDnsName(name, name) };
}

/**
 * Reads the name of a host of the operator's own: as `parseIdentifier`, and a single label such as `localhost` or the name
 * of a container, which nobody may order.
 * @throws {CertError} badName
 */
export function parseHostName(text: string, field: string): Identifier {
  const name = text.trim().toLowerCase();
  const isSingleLabel = ldhLabel.test(name) && !endsInNumber.test(name) && !name.startsWith('--', 2);
  return isSingleLabel ? { kind: 'dns', value: name } : parseIdentifier(text, field);
}

/** The canonical DNS name, or a badName error that quotes `whole`, the name as it was ordered. */
function parseDnsName(name: string, whole: string): string {
  if (name.includes('*')) throw refuse('nameBadWildcard', { name: quoted(whole) });
  const aLabels = ascii.test(name) ? name.toLowerCase() : unicodeToAscii(name, whole);
  if (aLabels.length > 253) throw refuse('nameTooLong', { name: quoted(whole) });
  const labels = aLabels.split('.');
  for (const label of labels) {
    // "xn--" is the only prefix with hyphens in places 3 and 4 that is allowed (BR §7.1.2.7.12, RFC 5891 §4.2.3.1).
    const reserved = label.length > 3 && label.startsWith('--', 2) && !label.startsWith('xn--');
    if (!ldhLabel.test(label) || reserved) throw refuse('nameBadLabel', { name: quoted(whole), label: quoted(label) });
  }
  const last = labels.at(-1) ?? '';
  if (labels.length === 1) throw refuse('nameSingleLabel', { name: quoted(whole) });
  if (endsInNumber.test(last)) throw refuse('nameBadLabel', { name: quoted(whole), label: quoted(last) });
  // A-labels must decode to what encodes to them, or browsers would show something else than what was validated.
  if (aLabels.includes('xn--')) toAscii(aLabels, whole);
  return aLabels;
}

function unicodeToAscii(name: string, whole: string): string {
  // A URL would end the host there, decode it or drop it: `exämple.com/x` is no name.
  const label = name.split('.').find((part) => asciiOutsideNames.test(part));
  if (label !== undefined) throw refuse('nameBadLabel', { name: quoted(whole), label: quoted(label) });
  return toAscii(name, whole);
}

/** UTS #46 by the URL parser, the only IDNA there is in plain JavaScript. */
function toAscii(name: string, whole: string): string {
  try {
    // This is odd because Node does not look into the A-labels of a host that is all ASCII: an umlaut makes it.
    return new URL(`http://ä.${name}`).hostname.slice('xn--4ca.'.length);
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
  // A URL would end an address at `]` and continue behind it.
  if (!bare.includes(':') || !ipv6Text.test(bare)) return undefined;
  try {
    return { kind: 'ipv6', value: new URL(`http://[${bare}]`).hostname.slice(1, -1) };
  } catch {
    return undefined;
  }
}

/** The identifier of this canonical value. */
export function identifierOf(value: string): Identifier {
  if (value.startsWith('*.')) return { kind: 'wildcard', value };
  if (value.includes(':')) return { kind: 'ipv6', value };
  return { kind: /^[0-9.]+$/.test(value) ? 'ipv4' : 'dns', value };
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
