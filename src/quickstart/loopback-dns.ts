/**
 * A small DNS server on loopback that plays the customer's DNS in the quickstart and in tests. It answers like a
 * recursive resolver whose whole world is its records: CNAMEs are followed, a name that does not exist is
 * NXDOMAIN, a name without records of the type is an empty answer, and what does not fit into a datagram is truncated.
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import {
  type Answer,
  AUTHENTIC_DATA,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';

export type LoopbackRecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'NS' | 'CAA';

/** A, AAAA: the address. CNAME, NS: the target. TXT: the text. CAA: `0 issue "ca.example"`. Several values make a set. */
export type LoopbackValue = string | readonly string[];

export interface LoopbackRecord {
  readonly name: string;
  readonly type: LoopbackRecordType;
  readonly value: LoopbackValue;
}

export interface LoopbackDnsOptions {
  readonly records?: readonly LoopbackRecord[];
  /** Sets the AD bit, as a resolver does for answers that DNSSEC protects. */
  readonly authenticated?: boolean;
  /** A query for one of these names is never answered, as where every server of a zone is down. */
  readonly isSilent?: (name: string) => boolean;
}

export interface SeenQuery {
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
}

export interface LoopbackDns {
  readonly address: string;
  /** The same port for UDP and TCP. */
  readonly port: number;
  /** Replaces the records of this name and type. `*.example.com` answers for names below that have no own records. */
  set(name: string, type: LoopbackRecordType, value: LoopbackValue): void;
  /** Removes the records of this type, or all of the name. */
  remove(name: string, type?: LoopbackRecordType): void;
  readonly queries: readonly SeenQuery[];
  close(): Promise<void>;
}

/** By name, then by type. */
type Zone = Map<string, Map<LoopbackRecordType, readonly string[]>>;

const address = '127.0.0.1';
const ttl = 0;
const maxCnames = 16;
const rcodes = { noError: 0, nxDomain: 3 } as const;

export async function startLoopbackDns(options: LoopbackDnsOptions = {}): Promise<LoopbackDns> {
  const zone: Zone = new Map();
  const queries: SeenQuery[] = [];
  const set: LoopbackDns['set'] = (name, type, value) => {
    const types = zone.get(canonical(name)) ?? new Map();
    zone.set(canonical(name), types.set(type, [value].flat()));
  };
  for (const record of options.records ?? []) set(record.name, record.type, record.value);

  const answer = (query: Buffer, transport: 'udp' | 'tcp'): Buffer | undefined => {
    const packet = readQuery(query);
    const [question] = packet?.questions ?? [];
    if (packet === undefined || question === undefined) return undefined;
    queries.push({ name: canonical(question.name), type: question.type, transport });
    if (options.isSilent?.(canonical(question.name)) === true) return undefined;
    const flags = options.authenticated === true ? AUTHENTIC_DATA : 0;
    return respond({ packet, question, zone, flags, maxBytes: transport === 'udp' ? payloadSize(packet) : 65_535 });
  };
  const { udp, tcp, port } = await listenOnBoth(answer);

  return {
    address,
    port,
    queries,
    set,
    remove(name, type) {
      if (type === undefined) zone.delete(canonical(name));
      else zone.get(canonical(name))?.delete(type);
    },
    async close() {
      await Promise.all([new Promise<void>((done) => udp.close(done)), tcp.close()]);
    },
  };
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function readQuery(bytes: Buffer): DecodedPacket | undefined {
  try {
    const packet = decode(bytes);
    return packet.flag_qr ? undefined : packet;
  } catch {
    return undefined;
  }
}

/** RFC 6891 §6.2.3: what the asker can take; 512 bytes without EDNS0. */
function payloadSize(packet: DecodedPacket): number {
  const opt = packet.additionals?.find((record) => record.type === 'OPT');
  return opt?.type === 'OPT' ? Math.max(512, opt.udpPayloadSize) : 512;
}

interface Response {
  readonly packet: DecodedPacket;
  readonly question: Question;
  readonly zone: Zone;
  readonly flags: number;
  readonly maxBytes: number;
}

function respond({ packet, question, zone, flags, maxBytes }: Response): Buffer {
  const { answers, rcode } = resolve(zone, question);
  // The response code is the lowest four bits of the flags.
  const responseFlags = AUTHORITATIVE_ANSWER | RECURSION_DESIRED | RECURSION_AVAILABLE | flags | rcode;
  const header: Packet = {
    type: 'response',
    id: packet.id,
    flags: responseFlags,
    questions: [question],
  };
  const whole = encode({ ...header, answers });
  if (whole.length <= maxBytes) return whole;
  return encode({ ...header, flags: responseFlags | TRUNCATED_RESPONSE });
}

/** RFC 1034 §4.3.2; the code speaks of the last name of a CNAME chain (RFC 6604). A loop ends where it closes. */
function resolve(zone: Zone, question: Question): { readonly answers: Answer[]; readonly rcode: number } {
  const type = isKnownType(question.type) ? question.type : undefined;
  const answers: Answer[] = [];
  const seen = new Set<string>();
  let name = canonical(question.name);
  while (!seen.has(name) && seen.size < maxCnames) {
    seen.add(name);
    const types = lookUp(zone, name);
    if (types === undefined) return { answers, rcode: rcodes.nxDomain };
    const values = type === undefined ? undefined : types.get(type);
    if (type !== undefined && values !== undefined) {
      for (const value of values) answers.push(answerRecord(name, type, value));
      return { answers, rcode: rcodes.noError };
    }
    const [target] = types.get('CNAME') ?? [];
    if (target === undefined) return { answers, rcode: rcodes.noError };
    answers.push(answerRecord(name, 'CNAME', target));
    name = canonical(target);
  }
  return { answers, rcode: rcodes.noError };
}

const knownTypes: readonly string[] = ['A', 'AAAA', 'CNAME', 'TXT', 'NS', 'CAA'] satisfies LoopbackRecordType[];

/** Names simply have no records of other types. */
function isKnownType(type: string): type is LoopbackRecordType {
  return knownTypes.includes(type);
}

/** The records of a name; empty when only names below it exist (RFC 8020); undefined when nothing does. */
function lookUp(zone: Zone, name: string): ReadonlyMap<LoopbackRecordType, readonly string[]> | undefined {
  const own = zone.get(name);
  if (own !== undefined && own.size > 0) return own;
  const isThere = (one: string) =>
    [...zone].some(([other, types]) => types.size > 0 && (other === one || other.endsWith(`.${one}`)));
  if (isThere(name)) return new Map();
  // RFC 4592 §3.3.1: only the wildcard right below the closest name that exists counts.
  for (let parent = parentOf(name); parent !== undefined; parent = parentOf(parent)) {
    const wildcard = zone.get(`*.${parent}`);
    if (wildcard !== undefined && wildcard.size > 0) return wildcard;
    if (isThere(parent)) return undefined;
  }
  return undefined;
}

function parentOf(name: string): string | undefined {
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : name.slice(dot + 1);
}

function answerRecord(name: string, type: LoopbackRecordType, value: string): Answer {
  switch (type) {
    case 'TXT':
      return { name, type, ttl, data: value.match(/.{1,255}/gs) ?? [''] };
    case 'CAA': {
      const [, flags = '0', tag = '', text = ''] = /^(\d+) (\w+) "?([^"]*)"?$/.exec(value) ?? [];
      if (tag !== 'issue' && tag !== 'issuewild' && tag !== 'iodef') throw new RangeError(`no CAA record: ${value}`);
      return { name, type, ttl, data: { flags: Number(flags), tag, value: text } };
    }
    default:
      return { name, type, ttl, data: value };
  }
}

type AnswerQuery = (query: Buffer, transport: 'udp' | 'tcp') => Buffer | undefined;

interface Listening {
  readonly udp: DatagramSocket;
  readonly tcp: { close(): Promise<void> };
  readonly port: number;
}

/** The operating system picks a port for TCP; the same number is likely free for UDP, and otherwise we try again. */
async function listenOnBoth(answer: AnswerQuery): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    const tcp = await listenTcp(answer);
    try {
      return { udp: await listenUdp(answer, tcp.port), tcp, port: tcp.port };
    } catch (cause) {
      await tcp.close();
      if (attempt === 10) throw cause;
    }
  }
}

function listenUdp(answer: AnswerQuery, port: number): Promise<DatagramSocket> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const response = answer(query, 'udp');
    if (response !== undefined) socket.send(response, from.port, from.address);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners('error');
      // The asker may be gone by the time we answer.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

async function listenTcp(answer: AnswerQuery): Promise<{ readonly port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const response = answer(received.subarray(2, end), 'tcp');
        received = received.subarray(end);
        if (response === undefined) socket.destroy();
        else socket.write(Buffer.concat([lengthPrefix(response), response]));
      }
    });
  });
  const port = await listen(server);
  return {
    port,
    close: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy();
        server.close(() => done());
      }),
  };
}

function lengthPrefix(message: Buffer): Buffer {
  const prefix = Buffer.alloc(2);
  prefix.writeUInt16BE(message.length);
  return prefix;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('the server has no port'));
      else resolve(bound.port);
    });
  });
}
