/**
 * A strict DER reader (X.690 §10): one encoding for every value, so that what we hash, compare and store is what the
 * client signed. A cursor over the bytes; nothing is copied, nothing is built, and every failure says at which byte.
 */
import { type CertError, refuse } from '../domain/errors.ts';
import type { DerFault } from '../domain/messages/faults.ts';
import { contextConstructed, tag, tagName } from './der-tag.ts';
import { parseOid } from './oid.ts';

/** Nothing X.509 says nests deeper; a bound keeps a hostile input from choosing how deep we go. */
const maxDepth = 24;

/** Elements larger than this do not exist for us: the largest thing read is a CRL of some millions of entries. */
const maxLengthOctets = 4;

/**
 * Reads elements one after the other. A method that meets something else than it expects throws derMalformed with the
 * byte offset counted from the start of the whole input, however deep it stands.
 */
export class DerReader {
  readonly bytes: Buffer;
  /** What is being read, in the words of a message: `the CSR`. */
  readonly what: string;
  readonly end: number;
  offset: number;
  readonly #depth: number;

  constructor(bytes: Uint8Array, what: string, range?: { start: number; end: number; depth: number }) {
    // The common case is a Buffer already; a plain Uint8Array gets a view, not a copy.
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.what = what;
    this.offset = range?.start ?? 0;
    this.end = range?.end ?? bytes.length;
    this.#depth = range?.depth ?? 0;
  }

  /** The tag of the next element; undefined when there is none. */
  peek(): number | undefined {
    return this.offset < this.end ? this.bytes[this.offset] : undefined;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  /** Refuses bytes after the last element that was expected. */
  finish(): void {
    if (this.offset < this.end) throw this.malformed({ fault: 'extraBytes', count: this.end - this.offset });
  }

  /** Steps over the next element, whatever it is, and returns it whole, header included. */
  raw(): Buffer {
    const start = this.offset;
    const next = this.peek();
    if (next === undefined) throw this.malformed({ fault: 'elementMissing' });
    this.offset = this.#open(next);
    return this.bytes.subarray(start, this.offset);
  }

  /** The content of the next element, which must have this tag. */
  content(expected: number): Buffer {
    const end = this.#open(expected);
    const content = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return content;
  }

  /** A reader of what is inside the next element, which must have this tag. */
  enter(expected: number): DerReader {
    const start = this.offset;
    const end = this.#open(expected);
    if (this.#depth >= maxDepth) throw this.malformed({ fault: 'tooDeep', limit: maxDepth }, start);
    const inside = new DerReader(this.bytes, this.what, { start: this.offset, end, depth: this.#depth + 1 });
    this.offset = end;
    return inside;
  }

  /** Like `enter`, for an element that may be absent. */
  optional(expected: number): DerReader | undefined {
    return this.peek() === expected ? this.enter(expected) : undefined;
  }

  sequence(): DerReader {
    return this.enter(tag.sequence);
  }

  set(): DerReader {
    return this.enter(tag.set);
  }

  /** `[n] EXPLICIT` or a constructed `[n] IMPLICIT`, which may be absent. */
  optionalContext(n: number): DerReader | undefined {
    return this.optional(contextConstructed(n));
  }

  boolean(): boolean {
    const start = this.offset;
    const content = this.content(tag.boolean);
    const value = content[0];
    // X.690 §11.1: TRUE is FF and nothing else.
    if (content.length !== 1 || (value !== 0 && value !== 0xff)) throw this.malformed({ fault: 'badBoolean' }, start);
    return value === 0xff;
  }

  null(): void {
    const start = this.offset;
    if (this.content(tag.null).length > 0) throw this.malformed({ fault: 'fullNull' }, start);
  }

  /** The two's complement content of an INTEGER, checked to be minimal (X.690 §8.3.2). */
  integer(expected: number = tag.integer): Buffer {
    const start = this.offset;
    const content = this.content(expected);
    const [first, second] = content;
    if (first === undefined) throw this.malformed({ fault: 'empty', element: tagName(expected) }, start);
    const isPadded = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (isPadded) throw this.malformed({ fault: 'notMinimal', element: tagName(expected) }, start);
    return content;
  }

  /** The big-endian magnitude of an INTEGER that must not be negative, without its sign octet; zero is one 00. */
  unsigned(): Buffer {
    const start = this.offset;
    const content = this.integer();
    if ((content[0] ?? 0) >= 0x80) throw this.malformed({ fault: 'negative' }, start);
    return content.length > 1 && content[0] === 0 ? content.subarray(1) : content;
  }

  /** A small non-negative INTEGER or ENUMERATED, as a version, a path length or a reason code is. */
  smallUnsigned(expected: number = tag.integer): number {
    const start = this.offset;
    const content = this.integer(expected);
    if (content.length > 4 || (content[0] ?? 0) >= 0x80) throw this.malformed({ fault: 'outOfRange' }, start);
    return content.readUIntBE(0, content.length);
  }

  oid(expected: number = tag.oid): string {
    const start = this.offset;
    const dotted = parseOid(this.content(expected));
    if (dotted === undefined) throw this.malformed({ fault: 'badOid' }, start);
    return dotted;
  }

  octetString(): Buffer {
    return this.content(tag.octetString);
  }

  /** A BIT STRING that holds whole octets, as keys and signatures do. */
  bitString(): Buffer {
    const start = this.offset;
    const content = this.content(tag.bitString);
    if (content[0] !== 0) throw this.malformed({ fault: 'partialBytes' }, start);
    return content.subarray(1);
  }

  /** A BIT STRING of flags, as key usage is: the numbers of the bits that are set, bit 0 first (X.690 §11.2). */
  flags(expected: number = tag.bitString): number[] {
    const start = this.offset;
    const content = this.content(expected);
    const unused = content[0];
    const last = content.at(-1) ?? 0;
    const isValid =
      unused !== undefined && unused <= 7 && (content.length > 1 ? last & ((1 << unused) - 1) : unused) === 0;
    if (!isValid) throw this.malformed({ fault: 'unusedBits' }, start);
    const bits: number[] = [];
    for (let bit = 0; bit < Math.min((content.length - 1) * 8, 64); bit += 1) {
      if (((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits.push(bit);
    }
    return bits;
  }

  /** A derMalformed error at this offset; by default where the reader is. */
  malformed(detail: DerFault, offset: number = this.offset): CertError {
    return refuse('derMalformed', { what: this.what, detail, offset });
  }

  /** Checks the header of the next element, moves to its content, and returns where that ends. */
  #open(expected: number): number {
    const start = this.offset;
    const actual = this.#byte(start, expected);
    if (actual !== expected)
      throw this.malformed({ fault: 'otherElement', found: tagName(actual), expected: tagName(expected) }, start);
    if ((actual & 0x1f) === 0x1f) throw this.malformed({ fault: 'longTag' }, start);
    let length = this.#byte(start + 1, expected);
    let content = start + 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0) throw this.malformed({ fault: 'indefiniteLength' }, start);
      if (octets > maxLengthOctets)
        throw this.malformed({ fault: 'impossibleLength', element: tagName(expected) }, start);
      length = 0;
      for (let i = 0; i < octets; i += 1) length = length * 256 + this.#byte(content + i, expected);
      // X.690 §10.1: the fewest octets that hold the length.
      if (length < 0x80 || length < 256 ** (octets - 1)) throw this.malformed({ fault: 'lengthNotMinimal' }, start);
      content += octets;
    }
    const left = this.end - content;
    if (length > left) throw this.malformed({ fault: 'cutOff', element: tagName(expected), length, left }, start);
    this.offset = content;
    return content + length;
  }

  #byte(offset: number, expected: number): number {
    const byte = offset < this.end ? this.bytes[offset] : undefined;
    if (byte === undefined) throw this.malformed({ fault: 'missingOrCutOff', element: tagName(expected) }, offset);
    return byte;
  }
}

/** Reads either form. Seconds and Z are required, fractions and offsets refused (RFC 5280 §4.1.2.5.1 and .2). */
export function readTime(reader: DerReader): Date {
  const start = reader.offset;
  const isShort = reader.peek() === tag.utcTime;
  const text = reader.content(isShort ? tag.utcTime : tag.generalizedTime).toString('latin1');
  const digits = (
    isShort ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
  ).exec(text);
  if (digits === null) throw reader.malformed({ fault: 'timeForm' }, start);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.slice(1).map(Number);
  const fullYear = isShort ? year + (year >= 50 ? 1900 : 2000) : year;
  const at = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  at.setUTCFullYear(fullYear, month - 1, day);
  // Date.UTC rolls the 31st of April over into May; a time that does not survive the round trip never existed.
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) throw reader.malformed({ fault: 'timeUnreal' }, start);
  return at;
}
