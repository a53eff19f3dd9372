/** What the records of a DNS answer say, as text, for the types that validation asks for. */
import type { DnsRecord } from '../domain/ports/system.ts';
import { DnsFormatError, endOfName, type RawRecord, readName } from './dns-reader.ts';

const internet = 1;

/** Numbers of the types: https://www.iana.org/assignments/dns-parameters */
export const dnsTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  DNAME: 39,
  OPT: 41,
  CAA: 257,
} as const;

const typeNames = new Map<number, keyof typeof dnsTypes>(
  Object.entries(dnsTypes).map(([name, number]) => [number, name as keyof typeof dnsTypes]),
);

/** None for a record of another class than the Internet's. @throws {DnsFormatError} when its data is not of its type's form */
export function recordsOf(message: Buffer, record: RawRecord): readonly DnsRecord[] {
  const type = typeNames.get(record.type);
  if (record.class !== internet || type === 'OPT') return [];
  const name = readName(message, record.offset);
  const data = dataOf(type, message, record);
  // RFC 3597 §5: types by number.
  return [{ name, type: type ?? `TYPE${record.type}`, ttlSeconds: record.ttlSeconds, data }];
}

type KnownType = Exclude<keyof typeof dnsTypes, 'OPT'>;

function dataOf(type: KnownType | undefined, message: Buffer, { dataStart, dataEnd }: RawRecord): string {
  const data = message.subarray(dataStart, dataEnd);
  switch (type) {
    case 'A':
      if (data.length !== 4) throw new DnsFormatError('not an IPv4 address');
      return data.join('.');
    case 'AAAA':
      if (data.length !== 16) throw new DnsFormatError('not an IPv6 address');
      return ipv6Text(data);
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return onlyName(message, dataStart, dataEnd);
    case 'TXT':
      return Buffer.concat(stringsOf(data)).toString('utf8');
    case 'CAA':
      return caaText(data);
    case 'SOA':
      return soaText(message, dataStart, dataEnd);
    case undefined:
      return data.toString('hex');
    default:
      return type satisfies never;
  }
}

/** The shortest form (RFC 5952), as the URL parser writes it. */
function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function onlyName(message: Buffer, start: number, end: number): string {
  if (endOfName(message, start, end) !== end) throw new DnsFormatError('something stands behind a name');
  return readName(message, start, end);
}

/** RFC 1035 §3.3.14: one string or more, and nothing else. */
function stringsOf(data: Buffer): readonly Buffer[] {
  if (data.length === 0) throw new DnsFormatError('TXT without a string');
  const strings: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const end = at + 1 + data.readUInt8(at);
    if (end > data.length) throw new DnsFormatError('a string reaches beyond its record');
    strings.push(data.subarray(at + 1, end));
    at = end;
  }
  return strings;
}

/** RFC 8659 §4.1: flags, length of the tag, tag, value. */
function caaText(data: Buffer): string {
  const tagEnd = data.length < 2 ? 0 : 2 + data.readUInt8(1);
  if (tagEnd <= 2 || tagEnd > data.length) throw new DnsFormatError('the tag of a CAA record is cut off');
  const tag = data.toString('latin1', 2, tagEnd);
  return `${data.readUInt8(0)} ${tag} ${JSON.stringify(data.toString('utf8', tagEnd))}`;
}

function soaText(message: Buffer, start: number, end: number): string {
  const firstEnd = endOfName(message, start, end);
  const secondEnd = endOfName(message, firstEnd, end);
  if (secondEnd + 20 !== end) throw new DnsFormatError('SOA of another length');
  const numbers = [0, 4, 8, 12, 16].map((offset) => message.readUInt32BE(secondEnd + offset));
  return [readName(message, start, end), readName(message, firstEnd, end), ...numbers].join(' ');
}
