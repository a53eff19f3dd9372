/**
 * The records of a DNS message (RFC 1035 §4). Lengths and counts are checked over the whole message before any record is
 * read, nothing is read beyond the record it belongs to, and compression points backwards only: so a message costs in
 * proportion to its length, whatever it claims.
 */
import { maxLabelBytes, maxNameBytes, nameOfLabels } from './dns-name.ts';

/** A message that is cut off, or whose lengths contradict each other. */
export class DnsFormatError extends RangeError {
  override readonly name = 'DnsFormatError';
}

/** Where a record lies in its message. */
export interface RawRecord {
  /** Of the name it belongs to. */
  readonly offset: number;
  readonly type: number;
  readonly class: number;
  readonly ttlSeconds: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

export const headerBytes = 12;
/** Owner (the root at least), type, class, TTL, length of the data. */
const smallestRecordBytes = 11;
/** A pointer that leads to a pointer shortens nothing, so a name has no more of them than labels. */
const maxPointers = 127;

/**
 * The records of all sections, in their order, from this offset on.
 * @throws {DnsFormatError} when the message does not hold as many
 */
export function readRecords(message: Buffer, start: number, count: number): readonly RawRecord[] {
  if (count * smallestRecordBytes > message.length - start) throw new DnsFormatError('fewer records than announced');
  const records: RawRecord[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    const afterName = endOfName(message, at);
    const dataStart = afterName + 10;
    if (dataStart > message.length) throw new DnsFormatError('a record is cut off');
    const dataEnd = dataStart + message.readUInt16BE(afterName + 8);
    if (dataEnd > message.length) throw new DnsFormatError('the data of a record is cut off');
    records.push({
      offset: at,
      type: message.readUInt16BE(afterName),
      class: message.readUInt16BE(afterName + 2),
      ttlSeconds: message.readUInt32BE(afterName + 4),
      dataStart,
      dataEnd,
    });
    at = dataEnd;
  }
  return records;
}

/** The offset behind the name that begins here; what its pointer names is not looked at. @throws {DnsFormatError} */
export function endOfName(message: Buffer, start: number, limit = message.length): number {
  for (let at = start; at < limit; ) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) {
      if (at + 2 > limit) break;
      return at + 2;
    }
    if (length > maxLabelBytes) throw new DnsFormatError('a label of a kind that nobody uses');
    at += 1 + length;
    if (at - start >= maxNameBytes) throw new DnsFormatError('a name is too long');
  }
  throw new DnsFormatError('a name is cut off');
}

/**
 * The name that begins here, as `nameOfLabels` writes it.
 * @param limit where the part that is not compressed must end
 * @throws {DnsFormatError}
 */
export function readName(message: Buffer, start: number, limit = message.length): string {
  const labels: Buffer[] = [];
  let [at, end, bytes] = [start, limit, 1];
  for (let pointers = 0; pointers <= maxPointers; pointers++) {
    const from = at;
    for (;;) {
      if (at >= end) throw new DnsFormatError('a name is cut off');
      const length = message.readUInt8(at);
      if (length === 0) return nameOfLabels(labels);
      if (length > maxLabelBytes) break;
      bytes += 1 + length;
      if (bytes > maxNameBytes) throw new DnsFormatError('a name is too long');
      if (at + 1 + length > end) throw new DnsFormatError('a label is cut off');
      labels.push(message.subarray(at + 1, at + 1 + length));
      at += 1 + length;
    }
    if (at + 2 > end || message.readUInt8(at) < 0xc0) throw new DnsFormatError('a name is cut off');
    const target = message.readUInt16BE(at) & 0x3fff;
    // Only to what was there before (RFC 1035 §4.1.4 "a prior occurrence"): then no name can lead back to itself.
    if (target >= from || target < headerBytes) throw new DnsFormatError('a name points forwards');
    [at, end] = [target, from];
  }
  throw new DnsFormatError('a name leads on and on');
}
