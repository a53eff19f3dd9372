/** Subject alternative names: the names a certificate or a request is for (RFC 5280 §4.2.1.6). */
import { type Identifier, ipBytes, isIp } from '../domain/identifier.ts';
import type { DerReader } from './der-reader.ts';
import { contextPrimitive } from './der-tag.ts';
import { element, sequence } from './der-writer.ts';

const dnsName = contextPrimitive(2);
const ipAddress = contextPrimitive(7);
export const uriName: number = contextPrimitive(6);

/** The choices of GeneralName that certmux puts into no certificate, by tag number. */
const otherKinds = [
  'otherName',
  'rfc822Name',
  '',
  'x400Address',
  'directoryName',
  'ediPartyName',
  'URI',
  '',
  'registeredID',
];

export interface AlternativeNames {
  /** DNS names as they were written, IP addresses as text. */
  readonly names: readonly string[];
  /** The kinds of the names that are neither: `rfc822Name`, `URI`, … */
  readonly otherKinds: readonly string[];
}

/** Reads GeneralNames, the content of a subjectAltName extension. */
export function readAlternativeNames(reader: DerReader): AlternativeNames {
  const list = reader.sequence();
  const names: string[] = [];
  const others: string[] = [];
  while (!list.isAtEnd) {
    const kind = list.peek() ?? 0;
    if (kind === dnsName) names.push(list.content(kind).toString('latin1'));
    else if (kind === ipAddress) names.push(readIp(list));
    else others.push(otherNameKind(list.raw()));
  }
  return { names, otherKinds: others };
}

/** What a GeneralName is called that is neither a DNS name nor an IP address. */
export function otherNameKind(name: Uint8Array): string {
  return otherKinds[(name[0] ?? 0) & 0x1f] || 'unknown';
}

function readIp(list: DerReader): string {
  const start = list.offset;
  const text = ipText(list.content(ipAddress));
  if (text === undefined) throw list.malformed({ fault: 'ipLength' }, start);
  return text;
}

/** The GeneralNames of canonical identifiers, in their order. */
export function encodeAlternativeNames(identifiers: readonly Identifier[]): Buffer {
  return sequence(
    identifiers.map((identifier) =>
      isIp(identifier)
        ? element(ipAddress, [ipBytes(identifier)])
        : element(dnsName, [Buffer.from(identifier.value, 'latin1')]),
    ),
  );
}

/** 4 or 16 bytes as text, IPv6 in the shortest form (RFC 5952 §4); undefined for any other length. */
export function ipText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  const zeros = longestZeroRun(groups);
  if (zeros === undefined) return groups.join(':');
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`;
}

/** The first of the longest runs of at least two zero groups (RFC 5952 §4.2.2, §4.2.3). */
function longestZeroRun(groups: readonly string[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined;
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === '0' ? length + 1 : 0;
    if (length >= 2 && length > (best?.length ?? 0)) best = { start: index - length + 1, length };
  }
  return best;
}
