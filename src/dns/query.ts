/**
 * Queries as strangers send them (RFC 1035 §4). Every length and count is checked before what it covers is read, and no compression is
 * followed: the only name that counts is the question's, and nothing stands before it that it could point to.
 */

export const headerBytes = 12;
const maxNameBytes = 255;
const maxLabelBytes = 63;
/** Owner (the root at least), type, class, TTL, length of the data. */
const smallestRecordBytes = 11;
const optType = 41;
const responseBit = 0x80;

/** RFC 6891: what whoever asks can do beyond RFC 1035. */
export interface Edns {
  readonly udpPayloadBytes: number;
  readonly version: number;
  readonly isDnssecOk: boolean;
}

/** What the header says that is needed for any answer. */
export interface QueryHeader {
  readonly id: number;
  readonly opcode: number;
  readonly isRecursionDesired: boolean;
}

export interface Query {
  readonly header: QueryHeader;
  /** The question section as it came: in an answer the name has the same letter case. */
  readonly question: Buffer;
  /** In lower case, one character for each byte. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
  readonly edns: Edns | undefined;
}

export type ReadQuery =
  /** Too short for a header, or a response: an answer to it could make two servers answer each other for ever. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unknownOpcode'; readonly header: QueryHeader }
  /** @see RFC 6891 §7 on why the answer to a broken OPT record has one */
  | { readonly kind: 'malformed'; readonly header: QueryHeader; readonly hasBrokenOpt: boolean }
  | { readonly kind: 'query'; readonly query: Query };

/** Never throws. Takes time in proportion to the length of the packet. */
export function readQuery(packet: Uint8Array): ReadQuery {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.length);
  if (bytes.length < headerBytes || (bytes.readUInt8(2) & responseBit) !== 0) return { kind: 'ignored' };
  const flags = bytes.readUInt8(2);
  const header = {
    id: bytes.readUInt16BE(0),
    opcode: (flags >> 3) & 0x0f,
    isRecursionDesired: (flags & 0x01) !== 0,
  };
  // What follows the header of another operation need not have the form of a query's (RFC 8490).
  if (header.opcode !== 0) return { kind: 'unknownOpcode', header };
  const malformed = (hasBrokenOpt = false): ReadQuery => ({ kind: 'malformed', header, hasBrokenOpt });
  // RFC 9619 §4: one question and no more.
  if (bytes.readUInt16BE(4) !== 1) return malformed();
  const labels = readLabels(bytes);
  if (labels === undefined) return malformed();
  const nameEnd = headerBytes + 1 + labels.reduce((sum, label) => sum + 1 + label.length, 0);
  const questionEnd = nameEnd + 4;
  if (questionEnd > bytes.length) return malformed();
  const edns = readEdns(bytes, questionEnd);
  if (edns === 'malformed' || edns === 'brokenOpt') return malformed(edns === 'brokenOpt');
  const question = bytes.subarray(headerBytes, questionEnd);
  const [type, dnsClass] = [bytes.readUInt16BE(nameEnd), bytes.readUInt16BE(nameEnd + 2)];
  return { kind: 'query', query: { header, question, labels, type, class: dnsClass, edns } };
}

/** Undefined where no name begins behind the header. */
function readLabels(bytes: Buffer): readonly string[] | undefined {
  const labels: string[] = [];
  for (let at = headerBytes; at < bytes.length; ) {
    const length = bytes.readUInt8(at);
    if (length === 0) return labels;
    const end = at + 1 + length;
    // With the root's byte; a pointer or a label of a kind that nobody uses begins with more than 63.
    if (length > maxLabelBytes || end + 1 - headerBytes > maxNameBytes || end > bytes.length) return undefined;
    labels.push(lowerCased(bytes.toString('latin1', at + 1, end)));
    at = end;
  }
  return undefined;
}

/** ASCII only (RFC 4343). */
function lowerCased(label: string): string {
  return label.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Walks the records of all other sections, which must fit, and reads the one of them that counts. */
function readEdns(bytes: Buffer, start: number): Edns | undefined | 'malformed' | 'brokenOpt' {
  const before = bytes.readUInt16BE(6) + bytes.readUInt16BE(8);
  const count = before + bytes.readUInt16BE(10);
  if (count * smallestRecordBytes > bytes.length - start) return 'malformed';
  let edns: Edns | undefined;
  let at = start;
  for (let index = 0; index < count; index++) {
    const nameEnd = endOfName(bytes, at);
    if (nameEnd === undefined || nameEnd + 10 > bytes.length) return 'malformed';
    const dataStart = nameEnd + 10;
    const dataEnd = dataStart + bytes.readUInt16BE(nameEnd + 8);
    if (dataEnd > bytes.length) return 'malformed';
    if (bytes.readUInt16BE(nameEnd) === optType) {
      // RFC 6891 §6.1.1: one at most, additional, of the root.
      const isWellPlaced = edns === undefined && index >= before && nameEnd === at + 1;
      if (!isWellPlaced || !areOptions(bytes, dataStart, dataEnd)) return 'brokenOpt';
      edns = {
        udpPayloadBytes: bytes.readUInt16BE(nameEnd + 2),
        version: bytes.readUInt8(nameEnd + 5),
        isDnssecOk: (bytes.readUInt8(nameEnd + 6) & 0x80) !== 0,
      };
    }
    at = dataEnd;
  }
  return at === bytes.length ? edns : 'malformed';
}

/** The offset behind the name that begins here; undefined where none does. What a pointer names is not looked at. */
function endOfName(bytes: Buffer, start: number): number | undefined {
  for (let at = start; at < bytes.length && at - start < maxNameBytes; ) {
    const length = bytes.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > maxLabelBytes) return undefined;
    at += 1 + length;
  }
  return undefined;
}

/** RFC 6891 §6.1.2. Which options they are does not matter: none is known here, and unknown ones are ignored. */
function areOptions(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at + 4 <= end) at += 4 + bytes.readUInt16BE(at + 2);
  return at === end;
}
