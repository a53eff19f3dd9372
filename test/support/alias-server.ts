/** The DNS server of an alias zone over records in memory, its queries, and its answers as dns-packet, which it does not use, reads them. */
import { type DecodedPacket, decode } from 'dns-packet';
import { type AliasServerOptions, createAliasServer } from '../../src/dns/index.ts';
import type { AliasZoneSettings } from '../../src/domain/alias-zone.ts';
import type { AliasRecords } from '../../src/domain/ports/alias-records.ts';
import type { AnswerDns, DnsMeter, DnsSender } from '../../src/domain/ports/dns-server.ts';
import { createFakeClock, createFakeLog, type FakeClock, type LogLine } from './system.ts';

export const aliasSettings: AliasZoneSettings = {
  zone: 'acme.example.com',
  nameServers: [
    { name: 'ns1.acme.example.com', addresses: ['192.0.2.53', '2001:db8::53'] },
    { name: 'ns2.pop.acme.example.com', addresses: ['192.0.2.54'] },
    { name: 'ns.example.net', addresses: [] },
  ],
  contact: 'host.master@example.com',
  caa: [
    { flags: 0, tag: 'issue', value: 'ca.example' },
    { flags: 128, tag: 'issuewild', value: ';' },
  ],
  ttlSeconds: 10,
};

/** Live values by name: `label.acme.example.com`. */
export type LiveTexts = Readonly<Record<string, readonly string[]>>;

export function aliasRecords(live: LiveTexts): AliasRecords & { readonly looked: readonly string[] } {
  const looked: string[] = [];
  return {
    looked,
    async find(name) {
      looked.push(name);
      const hasBelow = Object.keys(live).some((other) => other.endsWith(`.${name}`));
      return { texts: live[name] ?? [], hasBelow };
    },
  };
}

export interface CountingMeter extends DnsMeter {
  /** `udp NOERROR` and `udp dropped rate`, in their order. */
  readonly counted: readonly string[];
}

export function countingMeter(): CountingMeter {
  const counted: string[] = [];
  return {
    counted,
    dnsAnswered: (transport, result) => counted.push(`${transport} ${result}`),
    dnsDropped: (transport, reason) => counted.push(`${transport} dropped ${reason}`),
  };
}

export interface AliasStage {
  readonly answer: AnswerDns;
  readonly clock: FakeClock;
  readonly meter: CountingMeter;
  readonly logLines: readonly LogLine[];
}

/** At most tests ask more often than a network may. */
export function createAliasStage(
  options: Partial<AliasServerOptions> & { readonly live?: LiveTexts } = {},
): AliasStage {
  const [clock, log, meter] = [createFakeClock(), createFakeLog(), countingMeter()];
  const records = aliasRecords(options.live ?? {});
  const answer = createAliasServer({
    settings: aliasSettings,
    records,
    clock,
    log,
    meter,
    perSecond: 1_000_000,
    ...options,
  });
  return { answer, clock, meter, logLines: log.lines };
}

const typeNumbers = { A: 1, NS: 2, SOA: 6, HINFO: 13, TXT: 16, AAAA: 28, DS: 43, RRSIG: 46, NSEC: 47, DNSKEY: 48 };
const moreTypeNumbers = { HTTPS: 65, IXFR: 251, AXFR: 252, ANY: 255, CAA: 257, CNAME: 5, MX: 15, OPT: 41, SRV: 33 };
export const queryTypes = { ...typeNumbers, ...moreTypeNumbers } as const;

export interface QueryParts {
  readonly id?: number;
  /** Of the third and fourth byte: RD by default. */
  readonly flags?: number;
  readonly class?: number;
  readonly edns?: {
    readonly bytes?: number;
    readonly version?: number;
    readonly isDnssecOk?: boolean;
    readonly options?: Buffer;
  };
}

export function queryOf(name: string, type: keyof typeof queryTypes | number, parts: QueryParts = {}): Buffer {
  const { id = 0x1234, flags = 0x0100, class: dnsClass = 1, edns } = parts;
  const labels = name === '' ? [] : name.split('.').map((label) => Buffer.from(label, 'latin1'));
  const qname = Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)]);
  const number = typeof type === 'number' ? type : queryTypes[type];
  return Buffer.concat([
    words(id, flags, 1, 0, 0, edns === undefined ? 0 : 1),
    qname,
    words(number, dnsClass),
    edns === undefined ? Buffer.alloc(0) : optRecord(edns),
  ]);
}

export function optRecord({
  bytes = 1232,
  version = 0,
  isDnssecOk = false,
  options = Buffer.alloc(0),
}: NonNullable<QueryParts['edns']>): Buffer {
  const head = Buffer.concat([
    Buffer.of(0),
    words(41, bytes),
    Buffer.of(0, version),
    words(isDnssecOk ? 0x8000 : 0, options.length),
  ]);
  return Buffer.concat([head, options]);
}

export function words(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
}

export const overUdp: DnsSender = { address: '198.51.100.7', transport: 'udp' };
export const overTcp: DnsSender = { address: '198.51.100.7', transport: 'tcp' };

/** @throws where there is no answer */
export async function askAlias(answer: AnswerDns, query: Uint8Array, from: DnsSender = overUdp): Promise<Buffer> {
  const bytes = await answer(query, from);
  if (bytes === undefined) throw new Error('there was no answer');
  return Buffer.from(bytes);
}

export interface ShownAnswer {
  /** `NOERROR aa rd`. */
  readonly head: string;
  readonly answers: readonly string[];
  readonly authorities: readonly string[];
  /** An OPT record as `OPT 1232 v0`, with its extended code and `do`. */
  readonly additionals: readonly string[];
}

/** Every record as `name ttl type data`. */
export function shownAnswer(bytes: Buffer): ShownAnswer {
  const packet: DecodedPacket & { readonly rcode?: string } = decode(bytes);
  const flags = [
    [packet.flag_aa, 'aa'],
    [packet.flag_tc, 'tc'],
    [packet.flag_rd, 'rd'],
    [packet.flag_ra, 'ra'],
    [packet.flag_z, 'z'],
    [packet.flag_ad, 'ad'],
    [packet.flag_cd, 'cd'],
  ] as const;
  const head = [packet.rcode, ...flags.flatMap(([isSet, name]) => (isSet ? [name] : []))].join(' ');
  const shown = (records: DecodedPacket['answers'] = []) => records.map(recordText);
  return {
    head,
    answers: shown(packet.answers),
    authorities: shown(packet.authorities),
    additionals: shown(packet.additionals),
  };
}

function recordText(record: NonNullable<DecodedPacket['answers']>[number]): string {
  if (record.type === 'OPT') {
    const code = record.extendedRcode === 0 ? '' : ` code ${record.extendedRcode}`;
    return `OPT ${record.udpPayloadSize} v${record.ednsVersion}${code}${record.flag_do ? ' do' : ''}`;
  }
  const ttl = 'ttl' in record ? record.ttl : '';
  return `${record.name} ${ttl} ${record.type} ${dataText(record)}`;
}

function dataText(record: NonNullable<DecodedPacket['answers']>[number]): string {
  switch (record.type) {
    case 'TXT':
      return JSON.stringify([record.data].flat().map(String));
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
      return [mname, rname, serial, refresh, retry, expire, minimum].join(' ');
    }
    case 'CAA':
      return `${record.data.flags} ${record.data.tag} ${JSON.stringify(record.data.value)}`;
    case 'HINFO':
      return `${record.data.cpu} ${JSON.stringify(record.data.os)}`;
    default:
      return 'data' in record ? String(record.data) : '';
  }
}
