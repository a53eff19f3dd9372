/**
 * A small DNS server on loopback that plays the customer's DNS in the quickstart and in tests. It answers like a
 * recursive resolver whose whole world is its records: CNAMEs are followed, a name that does not exist is
 * NXDOMAIN, a name without records of the type is an empty answer, and what does not fit into a datagram is truncated.
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import {
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
import {
  answerRecord,
  canonical,
  type Found,
  findRecords,
  isKnownType,
  type LoopbackRecords,
  type LoopbackRecordType,
  type LoopbackValue,
  rcodes,
} from './loopback-records.ts';

export type { LoopbackRecordType, LoopbackValue } from './loopback-records.ts';

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

/** Looks for records of a name at a zone's own name server. @throws where nobody answers */
export type AskZone = (name: string, type: LoopbackRecordType) => Promise<ZoneAnswer>;

export interface ZoneAnswer {
  readonly records: readonly { readonly name: string; readonly type: string; readonly data: string }[];
  /** That the name exists, with records of other types at least. */
  readonly exists: boolean;
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
  /** Has names of this zone looked up at its own name server, as a parent zone's NS records do. */
  delegate(zone: string, ask: AskZone): void;
  /** Removes the records of this type, or all of the name. */
  remove(name: string, type?: LoopbackRecordType): void;
  readonly queries: readonly SeenQuery[];
  close(): Promise<void>;
}

const address = '127.0.0.1';

export async function startLoopbackDns(options: LoopbackDnsOptions = {}): Promise<LoopbackDns> {
  const records: LoopbackRecords = new Map();
  const zones = new Map<string, AskZone>();
  const queries: SeenQuery[] = [];
  const set: LoopbackDns['set'] = (name, type, value) => {
    const types = records.get(canonical(name)) ?? new Map();
    records.set(canonical(name), types.set(type, [value].flat()));
  };
  for (const record of options.records ?? []) set(record.name, record.type, record.value);

  const answer: AnswerQuery = async (query, transport) => {
    const packet = readQuery(query);
    const [question] = packet?.questions ?? [];
    if (packet === undefined || question === undefined) return undefined;
    queries.push({ name: canonical(question.name), type: question.type, transport });
    if (options.isSilent?.(canonical(question.name)) === true) return undefined;
    const flags = options.authenticated === true ? AUTHENTIC_DATA : 0;
    const found = await findEverywhere(records, zones, question);
    return respond({ packet, question, found, flags, maxBytes: transport === 'udp' ? payloadSize(packet) : 65_535 });
  };
  const { udp, tcp, port } = await listenOnBoth(answer);

  return {
    address,
    port,
    queries,
    set,
    delegate: (zone, ask) => void zones.set(canonical(zone), ask),
    remove(name, type) {
      if (type === undefined) records.delete(canonical(name));
      else records.get(canonical(name))?.delete(type);
    },
    async close() {
      await Promise.all([new Promise<void>((done) => udp.close(done)), tcp.close()]);
    },
  };
}

async function findEverywhere(
  records: LoopbackRecords,
  zones: ReadonlyMap<string, AskZone>,
  question: Question,
): Promise<Found> {
  const askOf = (name: string) => [...zones].find(([zone]) => name === zone || name.endsWith(`.${zone}`))?.[1];
  const found = findRecords(records, question, (name) => askOf(name) !== undefined);
  const { elsewhere } = found;
  if (elsewhere === undefined || !isKnownType(question.type)) return found;
  try {
    const there = await askOf(elsewhere)?.(elsewhere, question.type);
    const further = there?.records.flatMap(({ name, type, data }) =>
      isKnownType(type) ? [answerRecord(name, type, data)] : [],
    );
    const rcode = there?.exists === true ? rcodes.noError : rcodes.nxDomain;
    return { answers: [...found.answers, ...(further ?? [])], rcode };
  } catch {
    return { answers: [], rcode: rcodes.serverFailure };
  }
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
  readonly found: Found;
  readonly flags: number;
  readonly maxBytes: number;
}

function respond({ packet, question, found: { answers, rcode }, flags, maxBytes }: Response): Buffer {
  // The response code is the lowest four bits of the flags.
  const responseFlags = AUTHORITATIVE_ANSWER | RECURSION_DESIRED | RECURSION_AVAILABLE | flags | rcode;
  const header: Packet = {
    type: 'response',
    id: packet.id,
    flags: responseFlags,
    questions: [question],
  };
  const whole = encode({ ...header, answers: [...answers] });
  if (whole.length <= maxBytes) return whole;
  return encode({ ...header, flags: responseFlags | TRUNCATED_RESPONSE });
}

type AnswerQuery = (query: Buffer, transport: 'udp' | 'tcp') => Promise<Buffer | undefined>;

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
  let isOpen = true;
  socket.on('close', () => {
    isOpen = false;
  });
  socket.on('message', async (query, from) => {
    const response = await answer(query, 'udp');
    if (response !== undefined && isOpen) socket.send(response, from.port, from.address);
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
        const query = received.subarray(2, end);
        received = received.subarray(end);
        void answer(query, 'tcp').then((response) => {
          if (response === undefined) socket.destroy();
          else socket.write(Buffer.concat([lengthPrefix(response), response]));
        });
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
