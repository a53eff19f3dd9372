/** Answers as bytes (RFC 1035 §4.1), within the size that whoever has asked can take. */
import { type Answer, type Rcode, rcodes } from './answer.ts';
import { headerBytes, type Query, type QueryHeader } from './query.ts';
import { labelBytes } from './record-data.ts';
import type { RecordSet, RelativeName } from './zone.ts';

/** What fits into one UDP datagram everywhere: https://www.dnsflagday.net/2020 */
const udpPayloadBytes = 1232;
/** RFC 1035 §4.2.1: without EDNS. */
const plainPayloadBytes = 512;
/** Two bytes count them (RFC 1035 §4.2.2). */
const tcpBytes = 65_535;

const flag = { response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100 } as const;
const internet = 1;
const optBytes = 11;
const optType = 41;
export const ednsVersion = 0;
/** Owner by a pointer, type, class, TTL, length of the data. */
const recordHeadBytes = 12;

/** The most that an answer to the query may have (RFC 6891 §6.2.3 to §6.2.5). */
export function maxBytesOf({ edns }: Pick<Query, 'edns'>, transport: 'udp' | 'tcp'): number {
  if (transport === 'tcp') return tcpBytes;
  return Math.min(Math.max(edns?.udpPayloadBytes ?? 0, plainPayloadBytes), udpPayloadBytes);
}

/** The answer to what is no question: nothing but a header, and an OPT record where the query's own is what is wrong. */
export function writeBare(header: QueryHeader, rcode: Rcode, hasOpt = false): Buffer {
  const bytes = Buffer.alloc(headerBytes + (hasOpt ? optBytes : 0));
  writeHeader(bytes, header, { rcode, flags: 0, counts: [0, 0, 0, hasOpt ? 1 : 0] });
  if (hasOpt) writeOpt(bytes, headerBytes, rcode, false);
  return bytes;
}

/** Says nothing but that there is more to say over TCP (RFC 2181 §9). */
export function writeTruncated(query: Query): Buffer {
  return write(query, [], { rcode: 'NOERROR', flags: flag.truncated, counts: [1, 0, 0, 0] });
}

export interface Limits {
  /** How many of the question's labels are the zone's. */
  readonly zoneLabels: number;
  readonly maxBytes: number;
}

/** Undefined where the answer is larger, even without its additional records. */
export function writeAnswer(query: Query, answer: Answer, { zoneLabels, maxBytes }: Limits): Buffer | undefined {
  const { rcode, answers, authorities, additionals } = answer;
  const flags = answer.isAuthoritative ? flag.authoritative : 0;
  const places = placesIn(query, zoneLabels);
  const recordsOf = (sets: readonly RecordSet[]) => sets.flatMap((set) => recordsIn(set, places));
  const needed = [recordsOf(answers), recordsOf(authorities)] as const;
  for (const more of [recordsOf(additionals), []]) {
    const records = [...needed.flat(), ...more];
    const bytes = records.reduce((sum, { length }) => sum + length, headerBytes + query.question.length);
    if (bytes + (query.edns === undefined ? 0 : optBytes) > maxBytes) continue;
    return write(query, records, { rcode, flags, counts: [1, needed[0].length, needed[1].length, more.length] });
  }
  return undefined;
}

/** What owners are written with: names that stand in the question are pointed to (RFC 1035 §4.1.4), in its letter case. */
interface Places {
  readonly questionName: RelativeName;
  readonly zoneOffset: number;
}

function placesIn({ labels }: Query, zoneLabels: number): Places {
  const own = labels.slice(0, labels.length - zoneLabels);
  return {
    questionName: own.join('.'),
    zoneOffset: own.reduce((offset, label) => offset + 1 + label.length, headerBytes),
  };
}

function recordsIn({ owner, type, ttlSeconds, data }: RecordSet, { questionName, zoneOffset }: Places): Buffer[] {
  const isAsked = owner === questionName;
  const before = isAsked || owner === '' ? noBytes : labelBytes(owner.split('.'));
  return data.map((one) => {
    const record = Buffer.allocUnsafe(before.length + recordHeadBytes + one.length);
    before.copy(record);
    let at = record.writeUInt16BE(pointer | (isAsked ? headerBytes : zoneOffset), before.length);
    at = record.writeUInt16BE(type, at);
    at = record.writeUInt16BE(internet, at);
    at = record.writeUInt32BE(ttlSeconds, at);
    at = record.writeUInt16BE(one.length, at);
    record.set(one, at);
    return record;
  });
}

const pointer = 0xc000;
const noBytes = Buffer.alloc(0);

interface Head {
  readonly rcode: Rcode;
  readonly flags: number;
  /** Questions, answers, authorities, additionals; an OPT record aside. */
  readonly counts: readonly [number, number, number, number];
}

function write({ header, question, edns }: Query, records: readonly Buffer[], head: Head): Buffer {
  const hasOpt = edns !== undefined;
  const length = records.reduce((sum, record) => sum + record.length, headerBytes + question.length);
  const bytes = Buffer.allocUnsafe(length + (hasOpt ? optBytes : 0));
  const [questions, answers, authorities, additionals] = head.counts;
  writeHeader(bytes, header, { ...head, counts: [questions, answers, authorities, additionals + (hasOpt ? 1 : 0)] });
  bytes.set(question, headerBytes);
  let at = headerBytes + question.length;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  if (hasOpt) writeOpt(bytes, at, head.rcode, edns.isDnssecOk);
  return bytes;
}

function writeHeader(
  bytes: Buffer,
  { id, opcode, isRecursionDesired }: QueryHeader,
  { rcode, flags, counts }: Head,
): void {
  const asked = (opcode << 11) | (isRecursionDesired ? flag.recursionDesired : 0);
  bytes.writeUInt16BE(id, 0);
  // The upper bits of the code are in the OPT record (RFC 6891 §6.1.3).
  bytes.writeUInt16BE(flag.response | asked | flags | (rcodes[rcode] & 0x0f), 2);
  for (const [index, count] of counts.entries()) bytes.writeUInt16BE(count, 4 + 2 * index);
}

/** RFC 6891 §6.1.2; DO as it was in the query (RFC 3225 §3). */
function writeOpt(bytes: Buffer, start: number, rcode: Rcode, isDnssecOk: boolean): void {
  let at = bytes.writeUInt8(0, start);
  at = bytes.writeUInt16BE(optType, at);
  at = bytes.writeUInt16BE(udpPayloadBytes, at);
  at = bytes.writeUInt8(rcodes[rcode] >> 4, at);
  at = bytes.writeUInt8(ednsVersion, at);
  at = bytes.writeUInt16BE(isDnssecOk ? 0x8000 : 0, at);
  bytes.writeUInt16BE(0, at);
}
