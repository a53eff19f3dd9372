/** What records say, as bytes (RFC 1035 §3.3). Names are not compressed, so that the bytes are the same in every message. */
import type { CaaRecord } from '../domain/caa.ts';
import { ipBytes, parseIdentifier } from '../domain/identifier.ts';

/** Numbers of the types: https://www.iana.org/assignments/dns-parameters */
export const recordTypes = {
  A: 1,
  NS: 2,
  SOA: 6,
  HINFO: 13,
  TXT: 16,
  AAAA: 28,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
} as const;

/** RFC 1035 §3.3: a length byte, and what it counts. */
const maxStringBytes = 255;

/** @param labels of a name, without the root's */
export function nameBytes(labels: readonly string[]): Buffer {
  return Buffer.concat([labelBytes(labels), Buffer.of(0)]);
}

/** The same without its end, for names that go on elsewhere. */
export function labelBytes(labels: readonly string[]): Buffer {
  return Buffer.concat(labels.map(stringBytes));
}

/** @param address IPv4 or IPv6, as text */
export function addressBytes(address: string): Uint8Array {
  return ipBytes(parseIdentifier(address, 'address'));
}

/** RFC 1035 §3.3.14: what is longer than one string is split, and put together by whoever reads it (RFC 7208 §3.3). */
export function txtBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  const strings: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += maxStringBytes) {
    const piece = bytes.subarray(at, at + maxStringBytes);
    strings.push(Buffer.of(piece.length), piece);
  }
  return Buffer.concat(strings);
}

/** RFC 8659 §4.1. */
export function caaBytes({ flags, tag, value }: CaaRecord): Buffer {
  return Buffer.concat([Buffer.of(flags), stringBytes(tag), Buffer.from(value)]);
}

/** RFC 1035 §3.3.2: what a machine is, and what it runs; see `answer.ts` on what it is used for. */
export function hinfoBytes(cpu: string, system: string): Buffer {
  return Buffer.concat([stringBytes(cpu), stringBytes(system)]);
}

export interface Authority {
  /** Labels of the first name server. */
  readonly server: readonly string[];
  /** Labels of the mailbox: what is before its @ is one (RFC 1035 §8). */
  readonly mailbox: readonly string[];
  readonly negativeTtlSeconds: number;
}

/**
 * RFC 1035 §3.3.13. Nobody copies the zone, so refresh, retry and expire say nothing to anyone; they are such that checks of zones are content
 * with them.
 */
export function soaBytes({ server, mailbox, negativeTtlSeconds }: Authority, serial: number): Buffer {
  const numbers = Buffer.alloc(20);
  for (const [index, number] of [serial, 7200, 3600, 1_209_600, negativeTtlSeconds].entries()) {
    numbers.writeUInt32BE(number, 4 * index);
  }
  return Buffer.concat([nameBytes(server), nameBytes(mailbox), numbers]);
}

function stringBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
