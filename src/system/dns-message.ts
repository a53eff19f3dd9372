/** DNS messages: the question we send, and the answer read into the core's own records. */

import { isIP } from 'node:net';
import { type Answer, AUTHENTIC_DATA, type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet';
import type { DnsRecord, DnsRecordType } from '../domain/system.ts';

/** What fits into one UDP datagram everywhere: https://www.dnsflagday.net/2020 */
const udpPayloadSize = 1232;
const headerBytes = 12;

export interface DnsQuestion {
  /** Lower case, without trailing dot. */
  readonly name: string;
  readonly type: DnsRecordType;
}

export type DnsReply =
  /** Not an answer to our question: a stray or forged datagram. Keep waiting. */
  | { readonly kind: 'foreign' }
  /** It carries our id but cannot be read. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'truncated' }
  | {
      readonly kind: 'answer';
      readonly rcode: string;
      readonly records: readonly DnsRecord[];
      readonly authenticated: boolean;
    };

/** Lower-cases ASCII only (RFC 4343): Unicode rules would turn the Kelvin sign into a k. */
export function dnsName(text: string): string {
  const bare = text.length > 1 && text.endsWith('.') ? text.slice(0, -1) : text;
  return bare.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether the name fits a DNS message: labels of 1 to 63 bytes, 253 in all (RFC 1035 §2.3.4). */
export function canBeAsked(name: string): boolean {
  if (Buffer.byteLength(name) > 253) return false;
  return name.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= 63);
}

/**
 * RD asks the resolver to do the work, AD asks it to tell whether DNSSEC validated the answer (RFC 6840 §5.7), EDNS0
 * allows answers larger than 512 bytes (RFC 6891).
 */
export function encodeQuestion(id: number, question: DnsQuestion): Buffer {
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions: [{ name: question.name, type: question.type, class: 'IN' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
}

/** Reads what came back from the server's address and port. RFC 5452 §9: the id and the question must be ours. */
export function readReply(bytes: Buffer, id: number, question: DnsQuestion): DnsReply {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== id) return { kind: 'foreign' };
  const isTruncated = bytes.length >= headerBytes && (bytes.readUInt8(2) & 0x82) === 0x82; // QR and TC
  try {
    // dns-packet gives the low four bits of the response code, but its types do not know.
    const packet: DecodedPacket & { readonly rcode?: unknown } = decode(bytes);
    const rcode = rcodeOf(packet);
    if (!packet.flag_qr || !echoes(packet, question, rcode)) return { kind: 'foreign' };
    if (isTruncated) return { kind: 'truncated' };
    const records = (packet.answers ?? []).flatMap(recordOf);
    return { kind: 'answer', rcode, records, authenticated: packet.flag_ad };
  } catch {
    // Some servers cut a truncated answer in the middle of a record; TCP will bring the whole one.
    return { kind: isTruncated ? 'truncated' : 'malformed' };
  }
}

/** A refusal may come without the question (BIND does so for FORMERR); an answer may not. */
function echoes(packet: DecodedPacket, question: DnsQuestion, rcode: string): boolean {
  const [asked, ...more] = packet.questions ?? [];
  if (asked === undefined) return rcode !== 'NOERROR' && rcode !== 'NXDOMAIN';
  return (
    more.length === 0 && dnsName(asked.name) === question.name && asked.type === question.type && asked.class === 'IN'
  );
}

function rcodeOf(packet: DecodedPacket & { readonly rcode?: unknown }): string {
  const opt = packet.additionals?.find((record) => record.type === 'OPT');
  // The upper eight bits are in the OPT record (RFC 6891 §6.1.3), the lower four in the header.
  const upper = opt?.type === 'OPT' ? opt.extendedRcode : 0;
  return upper === 0 ? String(packet.rcode) : `RCODE_${upper * 16 + ((packet.flags ?? 0) & 0x0f)}`;
}

function recordOf(answer: Answer): DnsRecord[] {
  if (answer.type === 'OPT') return [];
  if (answer.class !== undefined && answer.class !== 'IN') return [];
  return [{ name: dnsName(answer.name), type: answer.type, ttlSeconds: answer.ttl ?? 0, data: dataOf(answer) }];
}

/** @throws {RangeError} for an address record whose data is no address: dns-packet reads past the end without noticing */
function dataOf(answer: Exclude<Answer, { readonly type: 'OPT' }>): string {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      if (isIP(answer.data) === 0) throw new RangeError('not an address');
      return answer.data;
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return dnsName(answer.data);
    case 'TXT':
      return Buffer.concat([answer.data].flat().map((part) => Buffer.from(part))).toString('utf8');
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} ${JSON.stringify(answer.data.value)}`;
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return [dnsName(mname), dnsName(rname), serial, refresh, retry, expire, minimum].join(' ');
    }
    default:
      return Buffer.isBuffer(answer.data) ? answer.data.toString('hex') : JSON.stringify(answer.data);
  }
}
