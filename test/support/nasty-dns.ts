/** DNS servers that misbehave, each in one way, to test a resolver that believes what comes from the network. */
import { createSocket, type Socket as DatagramSocket, type RemoteInfo } from 'node:dgram';
import { createServer } from 'node:net';
import { type Answer, type DecodedPacket, decode, encode, TRUNCATED_RESPONSE } from 'dns-packet';
import { listen } from './listen.ts';

export interface NastyQuery {
  readonly packet: DecodedPacket;
  /** Sends a datagram back from the server's own port. */
  readonly send: (bytes: Uint8Array) => void;
  /** Sends a datagram back from another port. */
  readonly sendFromElsewhere: (bytes: Uint8Array) => void;
}

export interface NastyBehaviour {
  readonly udp: (query: NastyQuery) => void;
  /** The answer over TCP, without its length; without it, TCP is closed at once. */
  readonly tcp?: (packet: DecodedPacket) => Uint8Array | undefined;
}

export interface NastyDns {
  readonly address: string;
  readonly port: number;
  /** Source ports of the datagrams, and the questions' ids. */
  readonly seen: readonly { readonly port: number; readonly packet: DecodedPacket }[];
  close(): Promise<void>;
}

/** An answer to the query, changed in one respect or another. */
export interface Forgery {
  readonly rcode?: number;
  readonly flags?: number;
  readonly id?: number;
  readonly name?: string;
  readonly answers?: Answer[];
  readonly withoutQuestion?: boolean;
}

export function forged(packet: DecodedPacket, change: Forgery): Buffer {
  const questions = change.withoutQuestion === true ? [] : (packet.questions ?? []);
  return encode({
    type: 'response',
    id: change.id ?? packet.id,
    flags: (change.flags ?? 0) | (change.rcode ?? 0),
    questions: change.name === undefined ? questions : questions.map((one) => ({ ...one, name: change.name ?? '' })),
    answers: change.answers ?? [],
  });
}

function queriedName(packet: DecodedPacket): string {
  return packet.questions?.[0]?.name ?? '';
}

function cname(name: string, data: string): Answer {
  return { type: 'CNAME', name, ttl: 0, data };
}

const address = (packet: DecodedPacket): Answer[] => [
  { type: 'A', name: queriedName(packet), ttl: 0, data: '192.0.2.1' },
];
const wrongId = (packet: DecodedPacket): number => ((packet.id ?? 0) + 1) % 65_536;

/** A readable header and question, and then an answer record that ends in the middle. */
function brokenRecord(packet: DecodedPacket): Buffer {
  return forged(packet, { answers: address(packet) }).subarray(0, -6);
}

/** The answer to a query as RFC 1035 has it; anything else gets what the server makes of EDNS. */
function knowsNoEdns(other: (query: NastyQuery) => void): NastyBehaviour {
  return {
    udp: (query) => {
      if (isPlain(query.packet)) query.send(forged(query.packet, { answers: address(query.packet) }));
      else other(query);
    },
  };
}

function isPlain(packet: DecodedPacket): boolean {
  return packet.flag_ad === false && (packet.additionals ?? []).length === 0;
}

/** BADVERS: its upper bits are in the OPT record. */
function badVersion(packet: DecodedPacket, questions = packet.questions ?? []): Buffer {
  const opt: Answer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 1232,
    extendedRcode: 1,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  return encode({ type: 'response', id: packet.id, questions, additionals: [opt] });
}

function lowerCased(packet: DecodedPacket): Buffer {
  return forged(packet, { name: queriedName(packet).toLowerCase(), answers: address(packet) });
}

export const nasty = {
  silent: { udp: () => undefined },
  serverFailure: { udp: ({ packet, send }) => send(forged(packet, { rcode: 2 })) },
  refused: { udp: ({ packet, send }) => send(forged(packet, { rcode: 5 })) },
  formatErrorWithoutQuestion: { udp: ({ packet, send }) => send(forged(packet, { rcode: 1, withoutQuestion: true })) },
  /** Bytes that are no DNS message and do not even carry the id. */
  noise: { udp: ({ send }) => send(Buffer.from([1])) },
  garbage: { udp: ({ packet, send }) => send(brokenRecord(packet)) },
  wrongId: { udp: ({ packet, send }) => send(forged(packet, { id: wrongId(packet), answers: address(packet) })) },
  wrongQuestion: {
    udp: ({ packet, send }) => send(forged(packet, { name: 'other.example', answers: address(packet) })),
  },
  answerWithoutQuestion: {
    udp: ({ packet, send }) => send(forged(packet, { withoutQuestion: true, answers: address(packet) })),
  },
  echo: { udp: ({ packet, send }) => send(encode({ ...packet, type: 'query' })) },
  wrongSender: {
    udp: ({ packet, sendFromElsewhere }) => sendFromElsewhere(forged(packet, { answers: address(packet) })),
  },
  /** Forgeries first, the truth last. */
  forgeriesThenTruth: {
    udp: ({ packet, send }) => {
      const forgery: Answer[] = [{ type: 'A', name: queriedName(packet), ttl: 0, data: '192.0.2.66' }];
      send(Buffer.from([0xff]));
      send(forged(packet, { id: wrongId(packet), answers: forgery }));
      send(forged(packet, { name: 'other.example', answers: forgery }));
      send(forged(packet, { answers: address(packet) }));
    },
  },
  truncatedThenTcp: {
    udp: ({ packet, send }) => send(forged(packet, { flags: TRUNCATED_RESPONSE })),
    tcp: (packet) => forged(packet, { answers: address(packet) }),
  },
  /** Cut in the middle of a record, as some servers do. */
  cutThenTcp: {
    udp: ({ packet, send }) =>
      send(forged(packet, { flags: TRUNCATED_RESPONSE, answers: address(packet) }).subarray(0, -6)),
    tcp: (packet) => forged(packet, { answers: address(packet) }),
  },
  /** Gives the name back in lower case, as some middleboxes do. */
  lowerCased: {
    udp: ({ packet, send }) => send(lowerCased(packet)),
    tcp: lowerCased,
  },
  lowerCasedNoTcp: { udp: ({ packet, send }) => send(lowerCased(packet)) },
  /** A forger who guessed id and port, but not the case; the true answer comes over TCP. */
  forgedCase: {
    udp: ({ packet, send }) => {
      const name = queriedName(packet).toUpperCase();
      send(forged(packet, { name, answers: [{ type: 'A', name, ttl: 0, data: '192.0.2.66' }] }));
    },
    tcp: (packet) => forged(packet, { answers: address(packet) }),
  },
  /** 49 bytes of which a TXT record claims to be 65,535 long. */
  textBeyondItsEnd: {
    udp: ({ packet, send }) => {
      const whole = forged(packet, { answers: [{ type: 'TXT', name: queriedName(packet), ttl: 0, data: '' }] });
      const cut = whole.subarray(0, -1);
      cut.writeUInt16BE(0xffff, cut.length - 2);
      send(cut);
    },
  },
  truncatedNoTcp: { udp: ({ packet, send }) => send(forged(packet, { flags: TRUNCATED_RESPONSE })) },
  truncatedTcpGarbage: {
    udp: ({ packet, send }) => send(forged(packet, { flags: TRUNCATED_RESPONSE })),
    tcp: (packet) => forged(packet, { id: wrongId(packet) }),
  },
  formatErrorOnEdns: knowsNoEdns(({ packet, send }) => send(forged(packet, { rcode: 1 }))),
  bareFormatErrorOnEdns: knowsNoEdns(({ packet, send }) => send(forged(packet, { rcode: 1, withoutQuestion: true }))),
  notImplementedOnEdns: knowsNoEdns(({ packet, send }) => send(forged(packet, { rcode: 4 }))),
  badVersionOnEdns: knowsNoEdns(({ packet, send }) => send(badVersion(packet))),
  bareBadVersionOnEdns: knowsNoEdns(({ packet, send }) => send(badVersion(packet, []))),
  garbageOnEdns: knowsNoEdns(({ packet, send }) => send(brokenRecord(packet))),
  serverFailureOnEdns: knowsNoEdns(({ packet, send }) => send(forged(packet, { rcode: 2 }))),
  silentOnEdns: knowsNoEdns(() => undefined),
  /** Knows no EDNS over either transport, and has more to say than fits into 512 bytes. */
  largeWithoutEdns: {
    udp: ({ packet, send }) => {
      send(forged(packet, isPlain(packet) ? { flags: TRUNCATED_RESPONSE } : { rcode: 1 }));
    },
    tcp: (packet) => forged(packet, isPlain(packet) ? { answers: address(packet) } : { rcode: 1 }),
  },
  cnameLoop: {
    udp: ({ packet, send }) => {
      const name = queriedName(packet);
      send(forged(packet, { answers: [cname(name, 'loop.example'), cname('loop.example', name)] }));
    },
  },
  longChain: {
    udp: ({ packet, send }) => {
      const names = Array.from({ length: 20 }, (_, index) => (index === 0 ? queriedName(packet) : `c${index}.example`));
      send(forged(packet, { answers: names.map((name, index) => cname(name, names[index + 1] ?? 'end.example')) }));
    },
  },
} satisfies Record<string, NastyBehaviour>;

export async function startNastyDns(behaviour: NastyBehaviour): Promise<NastyDns> {
  const seen: { port: number; packet: DecodedPacket }[] = [];
  const tcp = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (behaviour.tcp === undefined) socket.destroy();
    socket.once('data', (bytes: Buffer) => {
      const answer = behaviour.tcp?.(decode(bytes.subarray(2)));
      if (answer === undefined) return socket.destroy();
      const length = Buffer.from([answer.length >> 8, answer.length & 0xff]);
      // Sent in two writes, since a stream may arrive in any pieces.
      socket.write(Buffer.concat([length, answer.subarray(0, 7)]));
      return setImmediate(() => socket.end(answer.subarray(7)));
    });
  });
  const port = await listen(tcp);
  const udp = await bind(port);
  const elsewhere = await bind(0);
  udp.on('message', (bytes: Buffer, from: RemoteInfo) => {
    const packet = decode(bytes);
    seen.push({ port: from.port, packet });
    behaviour.udp({
      packet,
      send: (answer) => udp.send(answer, from.port, from.address),
      sendFromElsewhere: (answer) => elsewhere.send(answer, from.port, from.address),
    });
  });
  return {
    address: '127.0.0.1',
    port,
    seen,
    async close() {
      const closed = [udp, elsewhere, tcp].map((one) => new Promise<void>((done) => one.close(() => done())));
      await Promise.all(closed);
    },
  };
}

function bind(port: number): Promise<DatagramSocket> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.bind(port, '127.0.0.1', () => resolve(socket));
  });
}
