/**
 * A DER writer: small functions that return finished elements. Each level copies its parts once into a buffer of the
 * exact size, so the cost is size × depth; parts that never change are built once and reused as they are.
 */
import { contextConstructed, tag } from './der-tag.ts';
import { encodeOid } from './oid.ts';

/** One element around these parts. */
export function element(elementTag: number, parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = headerSize(length);
  const out = Buffer.allocUnsafe(header + length);
  let offset = writeHeader(out, 0, elementTag, length);
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** How many bytes the tag and the length of an element of `length` content bytes take. */
export function headerSize(length: number): number {
  if (length < 0x80) return 2;
  if (length < 0x100) return 3;
  if (length < 0x10000) return 4;
  return length < 0x1000000 ? 5 : 6;
}

/** Writes tag and minimal length (X.690 §10.1) and returns the offset after them. */
export function writeHeader(out: Buffer, offset: number, elementTag: number, length: number): number {
  out[offset] = elementTag;
  const octets = headerSize(length) - 2;
  if (octets === 0) {
    out[offset + 1] = length;
    return offset + 2;
  }
  out[offset + 1] = 0x80 | octets;
  return out.writeUIntBE(length, offset + 2, octets);
}

export function sequence(parts: readonly Uint8Array[]): Buffer {
  return element(tag.sequence, parts);
}

/** A SET OF one member, which needs no sorting. */
export function setOfOne(member: Uint8Array): Buffer {
  return element(tag.set, [member]);
}

/** A SET OF any number of members, in the order of their encodings (X.690 §11.6). */
export function setOf(members: readonly Uint8Array[]): Buffer {
  return element(tag.set, members.toSorted(Buffer.compare));
}

/** `[n] EXPLICIT`, or `[n] IMPLICIT` instead of a SEQUENCE or SET. */
export function context(n: number, parts: readonly Uint8Array[]): Buffer {
  return element(contextConstructed(n), parts);
}

/** A non-negative INTEGER from its big-endian magnitude, made minimal. */
export function unsignedInteger(magnitude: Uint8Array): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  const trimmed = start === 0 ? magnitude : magnitude.subarray(start);
  const needsSign = trimmed.length === 0 || (trimmed[0] ?? 0) >= 0x80;
  return element(tag.integer, needsSign ? [signOctet, trimmed] : [trimmed]);
}

const signOctet = Uint8Array.of(0);

/** A non-negative INTEGER below 2^48, as versions, path lengths and CRL numbers are. */
export function smallInteger(value: number): Buffer {
  const magnitude = Buffer.alloc(6);
  magnitude.writeUIntBE(value, 0, 6);
  return unsignedInteger(magnitude);
}

export const derTrue: Uint8Array = Uint8Array.of(tag.boolean, 1, 0xff);
export const derNull: Uint8Array = Uint8Array.of(tag.null, 0);

export function oid(dotted: string): Buffer {
  return element(tag.oid, [encodeOid(dotted)]);
}

export function octetString(parts: readonly Uint8Array[]): Buffer {
  return element(tag.octetString, parts);
}

/** A BIT STRING of whole octets. */
export function bitString(bytes: Uint8Array): Buffer {
  return element(tag.bitString, [signOctet, bytes]);
}

/** A BIT STRING of flags without trailing zero bits, as DER wants named bits (X.690 §11.2.2). */
export function flags(bits: readonly number[]): Buffer {
  const highest = Math.max(...bits);
  const bytes = Buffer.alloc((highest >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return element(tag.bitString, [Uint8Array.of(7 - (highest & 7)), bytes]);
}

export function utf8String(text: string): Buffer {
  return element(tag.utf8String, [Buffer.from(text, 'utf8')]);
}

/** The caller has checked that every character is one of PrintableString's (X.680 §41.4). */
export function printableString(text: string): Buffer {
  return element(tag.printableString, [Buffer.from(text, 'latin1')]);
}

/** A BMPString: UTF-16, big-endian. */
export function bmpString(text: string): Buffer {
  return element(tag.bmpString, [utf16(text)]);
}

/** UTF-16, big-endian, without a byte order mark: what BMPString holds and what Java and PKCS #12 make of a password. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

// Times: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
const utcTimeSize = 15;
const generalizedTimeSize = 17;

/** How many bytes `writeTime` writes. */
export function timeSize(at: Date): number {
  return isUtcTime(at.getUTCFullYear()) ? utcTimeSize : generalizedTimeSize;
}

/**
 * Writes the whole element, to the second, and returns the offset after it. Digits go straight into the buffer because
 * a CRL has one time per entry.
 */
export function writeTime(out: Buffer, offset: number, at: Date): number {
  const year = at.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999)) throw new Error(`the year ${year} cannot be written into a certificate`);
  const isShort = isUtcTime(year);
  out[offset] = isShort ? tag.utcTime : tag.generalizedTime;
  out[offset + 1] = isShort ? 13 : 15;
  let next = offset + 2;
  if (!isShort) next = twoDigits(out, next, Math.floor(year / 100));
  next = twoDigits(out, next, year % 100);
  next = twoDigits(out, next, at.getUTCMonth() + 1);
  next = twoDigits(out, next, at.getUTCDate());
  next = twoDigits(out, next, at.getUTCHours());
  next = twoDigits(out, next, at.getUTCMinutes());
  next = twoDigits(out, next, at.getUTCSeconds());
  out[next] = 0x5a; // Z
  return next + 1;
}

export function encodeTime(at: Date): Buffer {
  const out = Buffer.allocUnsafe(timeSize(at));
  writeTime(out, 0, at);
  return out;
}

function isUtcTime(year: number): boolean {
  return year >= 1950 && year < 2050;
}

function twoDigits(out: Buffer, offset: number, value: number): number {
  out[offset] = 0x30 + Math.floor(value / 10);
  out[offset + 1] = 0x30 + (value % 10);
  return offset + 2;
}
