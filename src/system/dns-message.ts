/** DNS messages: the question we send, and the answer read into the core's own records. */
import type { DnsRecord, DnsRecordType } from '../domain/ports/system.ts';
import { dnsTypes, recordsOf } from './dns-data.ts';
import { labelsOf } from './dns-name.ts';
import { DnsFormatError, headerBytes, type RawRecord, readRecords } from './dns-reader.ts';

/** What fits into one UDP datagram everywhere: https://www.dnsflagday.net/2020 */
const udpPayloadSize = 1232;
const internet = 1;

export interface DnsQuestion {
  /** Lower case, without trailing dot. */
  readonly name: string;
  readonly type: DnsRecordType;
  /** Whether it is put as RFC 1035 knows it, without what came later. False by default. */
  readonly isPlain?: boolean;
}

/** A query as it is sent; its answer is recognized by it. */
export interface DnsQuery {
  readonly bytes: Buffer;
  readonly id: number;
  /** The question section, with the name in the letter case of the query. */
  readonly question: Buffer;
}

export type DnsReply =
  /** Not an answer to our question: a stray or forged datagram. Keep waiting. */
  | { readonly kind: 'foreign' }
  /** The answer to our question, but for the case of the name: not to be believed over UDP. */
  | { readonly kind: 'caseChanged' }
  /** It carries our id and question but cannot be read. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'truncated' }
  | {
      readonly kind: 'answer';
      readonly rcode: string;
      readonly records: readonly DnsRecord[];
      readonly authenticated: boolean;
    };

/**
 * RD asks the resolver to do the work, AD asks whether DNSSEC validated the answer (RFC 6840 §5.7), EDNS0
 * allows answers larger than 512 bytes (RFC 6891). A plain query leaves out both, which the oldest servers do not know.
 * @param id two random bytes
 * @param caseBits random, one bit for each letter of the name: a one makes it a capital. A forger must guess them as well
 * (draft-vixie-dnsext-dns0x20). As many bytes as `caseBytesOf` says
 * @throws {RangeError} for a name that cannot be queried
 */
export function createQuery(
  { name, type, isPlain = false }: DnsQuestion,
  id: Uint8Array,
  caseBits: Uint8Array,
): DnsQuery {
  const labels = labelsOf(name);
  if (labels === undefined) throw new RangeError('this name cannot be queried');
  const qname = Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)]);
  mixCase(qname, caseBits);
  const typeAndClass = Buffer.of(dnsTypes[type] >> 8, dnsTypes[type] & 0xff, 0, internet);
  const question = Buffer.concat([qname, typeAndClass]);
  const opt = Buffer.of(0, 0, dnsTypes.OPT, udpPayloadSize >> 8, udpPayloadSize & 0xff, 0, 0, 0, 0, 0, 0);
  const [flags, additional] = isPlain ? [0, []] : [authenticData, [opt]];
  // Flags, then one question and perhaps one additional record.
  const header = Buffer.of(id[0] ?? 0, id[1] ?? 0, recursionDesired, flags, 0, 1, 0, 0, 0, 0, 0, additional.length);
  return { bytes: Buffer.concat([header, question, ...additional]), id: header.readUInt16BE(0), question };
}

/** How many random bytes `createQuery` needs for the case of this name. */
export function caseBytesOf(name: string): number {
  return Math.ceil(name.length / 8);
}

const recursionDesired = 0x01;
const authenticData = 0x20;

/** Length bytes are at most 63, so none of them is taken for a letter. */
function mixCase(qname: Buffer, bits: Uint8Array): void {
  let letters = 0;
  for (const [at, byte] of qname.entries()) {
    if (!isLetter(byte)) continue;
    const isCapital = (((bits[letters >> 3] ?? 0) >> (letters & 7)) & 1) === 1;
    qname[at] = isCapital ? byte & ~caseBit : byte | caseBit;
    letters++;
  }
}

const caseBit = 0x20;

function isLetter(byte: number): boolean {
  const lower = byte | caseBit;
  return lower >= 0x61 && lower <= 0x7a;
}

/**
 * Reads what came back from the server's address and port. RFC 5452 §9: the id and the question must be ours. Both are
 * looked at before anything else of the message is.
 * @param transport over our own connection nobody but the server can speak, so there the case of the name proves nothing
 */
export function readReply(bytes: Buffer, query: DnsQuery, transport: 'udp' | 'tcp'): DnsReply {
  if (bytes.length < headerBytes || bytes.readUInt16BE(0) !== query.id) return { kind: 'foreign' };
  const [flagsHigh, flagsLow] = [bytes.readUInt8(2), bytes.readUInt8(3)];
  // A response (QR) to a standard query (opcode 0).
  if ((flagsHigh & 0xf8) !== 0x80) return { kind: 'foreign' };
  const questions = bytes.readUInt16BE(4);
  const headerRcode = flagsLow & 0x0f;
  // A refusal may come without the question (BIND does so for FORMERR); an answer may not. BADVERS looks like NOERROR here.
  const isBare = questions === 0 && headerRcode !== nxDomain && (headerRcode !== 0 || isBadVersion(bytes));
  const echo = isBare ? 'exact' : questions === 1 ? echoOf(bytes, query.question) : 'other';
  if (echo === 'other') return { kind: 'foreign' };
  if (echo === 'otherCase' && transport === 'udp') return { kind: 'caseChanged' };
  // Some servers cut a truncated answer in the middle of a record; TCP will bring the whole one.
  if ((flagsHigh & 0x02) !== 0) return { kind: 'truncated' };
  try {
    return readSections(bytes, isBare ? headerBytes : headerBytes + query.question.length);
  } catch (thrown) {
    if (thrown instanceof DnsFormatError) return { kind: 'malformed' };
    throw thrown;
  }
}

/** RFC 6891 §6.1.3: 16, of which the header holds the lower half. */
function isBadVersion(bytes: Buffer): boolean {
  try {
    const reply = readSections(bytes, headerBytes);
    return reply.kind === 'answer' && reply.rcode === badVersion;
  } catch (thrown) {
    if (thrown instanceof DnsFormatError) return false;
    throw thrown;
  }
}

function echoOf(bytes: Buffer, question: Buffer): 'exact' | 'otherCase' | 'other' {
  const echoed = bytes.subarray(headerBytes, headerBytes + question.length);
  if (echoed.equals(question)) return 'exact';
  if (echoed.length !== question.length) return 'other';
  // Type and class are the last four bytes, and have no case.
  const nameEnd = question.length - 4;
  const isSame = echoed.every((byte, at) => {
    const sent = question[at] ?? 0;
    return byte === sent || (at < nameEnd && isLetter(byte) && (byte ^ sent) === caseBit);
  });
  return isSame ? 'otherCase' : 'other';
}

function readSections(bytes: Buffer, start: number): DnsReply {
  const [answers, authorities, additionals] = [6, 8, 10].map((offset) => bytes.readUInt16BE(offset)) as Counts;
  const all = readRecords(bytes, start, answers + authorities + additionals);
  const records = all.slice(0, answers).flatMap((record) => recordsOf(bytes, record));
  const rcode = rcodeOf(bytes, all.slice(answers + authorities));
  return { kind: 'answer', rcode, records, authenticated: (bytes.readUInt8(3) & authenticData) !== 0 };
}

type Counts = [answers: number, authorities: number, additionals: number];

const nxDomain = 3;
/** BADVERS: the answer of a server that knows another version of EDNS only. */
export const badVersion = 'RCODE_16';
/** The first of https://www.iana.org/assignments/dns-parameters (DNS RCODEs). */
const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** The upper eight bits are in the OPT record's TTL (RFC 6891 §6.1.3), the lower four in the header. */
function rcodeOf(bytes: Buffer, additionals: readonly RawRecord[]): string {
  const [opt, ...more] = additionals.filter(({ type }) => type === dnsTypes.OPT);
  if (more.length > 0) throw new DnsFormatError('more than one OPT record');
  const upper = opt === undefined ? 0 : opt.ttlSeconds >>> 24;
  const code = upper * 16 + (bytes.readUInt8(3) & 0x0f);
  return rcodes[code] ?? `RCODE_${code}`;
}
