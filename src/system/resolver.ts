/**
 * Our own stub resolver: it sees what `node:dns` hides (SERVFAIL, the AD bit, who answered) and is careful about who it
 * believes (RFC 5452): a fresh random port, id and case of the name (draft-vixie-dnsext-dns0x20) for every datagram, and only
 * an answer from the server's own address and port that repeats our id and question counts. Anything else is ignored rather
 * than fatal, since otherwise a forger could stop validation with one datagram. A resolver that does not keep the case of
 * the query is repeated over TCP, where nobody else can answer. One that does not know EDNS, and says so or falls silent, is
 * queried again without it (RFC 6891 §6.2.2).
 */

import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { type Reason, reason } from '../domain/errors.ts';
import type { DnsOutcome, DnsResolver, Randomness } from '../domain/ports/system.ts';
import {
  badVersion,
  caseBytesOf,
  createQuery,
  type DnsQuery,
  type DnsQuestion,
  type DnsReply,
  readReply,
} from './dns-message.ts';
import { canBeAsked, dnsName } from './dns-name.ts';
import { type Endpoint, endpointText } from './endpoint.ts';
import { shownName } from './shown.ts';
import { anySockets, type SocketPlaces } from './socket-places.ts';

export interface ResolverOptions {
  /** Recursive resolvers, queried in this order. At least one. */
  readonly servers: readonly Endpoint[];
  /** How long one server may take over one transport. */
  readonly timeoutMs?: number;
  /** How often the list of servers is gone through. */
  readonly attempts?: number;
  readonly random: Randomness;
  readonly sockets?: SocketPlaces;
}

/** The answer of one server over one transport. */
type Exchange = Exclude<DnsReply, { kind: 'foreign' }> | { readonly kind: 'silent' } | { readonly kind: 'aborted' };

interface Ask {
  readonly server: Endpoint;
  readonly query: DnsQuery;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** @throws {RangeError} when there is no server */
export function createResolver(options: ResolverOptions): DnsResolver {
  const { servers, timeoutMs = 3000, attempts = 2, random, sockets = anySockets } = options;
  const [first] = servers;
  if (first === undefined) throw new RangeError('a resolver needs at least one server');
  const rounds = Array.from({ length: Math.max(1, attempts) }, () => servers);
  const newQuery = (question: DnsQuestion) =>
    createQuery(question, random.bytes(2), random.bytes(caseBytesOf(question.name)));

  return {
    async query(name, type, signal): Promise<DnsOutcome> {
      const question: DnsQuestion = { name: dnsName(name), type };
      // A name too long for DNS cannot exist there, and asking would only produce a broken packet.
      if (!canBeAsked(question.name)) return failed(first, reason('dnsNoSuchName', { name: shownName(question.name) }));
      let outcome: DnsOutcome = failed(first, reason('checkAborted', {}));
      for (const [round, all] of rounds.entries()) {
        for (const server of all) {
          if (signal.aborted) return failed(server, reason('checkAborted', {}));
          // Some firewalls drop whatever has an OPT record, and some servers fail on it: the same query would fail again.
          const isPlain = round > 0;
          const exchange = await ask(server, { ...question, isPlain }, signal);
          outcome = outcomeOf(exchange, server, question.name);
          if (outcome.ok) return outcome;
          if (isPlain || !mayNotKnowEdns(exchange)) continue;
          const plain = outcomeOf(await ask(server, { ...question, isPlain: true }, signal), server, question.name);
          if (plain.ok) return plain;
        }
      }
      return outcome;
    },
  };

  /** One server, over UDP, and over TCP where that is not enough. */
  async function ask(server: Endpoint, question: DnsQuestion, signal: AbortSignal): Promise<Exchange> {
    const one = { server, timeoutMs, signal };
    const overUdp = await onSocket(signal, () => askOverUdp({ ...one, query: newQuery(question) }));
    const needsTcp = overUdp.kind === 'truncated' || overUdp.kind === 'caseChanged';
    const overTcp = needsTcp
      ? await onSocket(signal, () => askOverTcp({ ...one, query: newQuery(question) }))
      : undefined;
    // Where TCP is closed, the operator must learn why the answer that came over UDP does not count.
    return overUdp.kind === 'caseChanged' && overTcp?.kind === 'silent' ? overUdp : (overTcp ?? overUdp);
  }

  async function onSocket(signal: AbortSignal, exchange: () => Promise<Exchange>): Promise<Exchange> {
    const giveBack = await sockets.take(signal);
    try {
      return signal.aborted ? { kind: 'aborted' } : await exchange();
    } finally {
      giveBack();
    }
  }
}

/** RFC 6891 §7: FORMERR or NOTIMP; BADVERS of a later one. Some servers send back the OPT record in pieces. */
function mayNotKnowEdns(exchange: Exchange): boolean {
  if (exchange.kind === 'malformed') return true;
  return exchange.kind === 'answer' && ['FORMERR', 'NOTIMP', badVersion].includes(exchange.rcode);
}

function outcomeOf(exchange: Exchange, server: Endpoint, name: string): DnsOutcome {
  const serverText = endpointText(server);
  switch (exchange.kind) {
    case 'answer': {
      const { rcode, records, authenticated } = exchange;
      if (rcode === 'NOERROR' || rcode === 'NXDOMAIN')
        return { ok: true, server: serverText, rcode, records, authenticated };
      return failed(server, reason('dnsServerFailure', { name, rcode, server: serverText }));
    }
    case 'aborted':
      return failed(server, reason('checkAborted', {}));
    case 'silent':
      return failed(server, reason('dnsTimeout', { name, server: serverText }));
    case 'caseChanged':
      return failed(server, reason('dnsCaseChanged', { name, server: serverText }));
    case 'malformed':
    case 'truncated': // over TCP nothing is ever cut
      return failed(server, reason('dnsMalformed', { name, server: serverText }));
    default:
      return exchange satisfies never;
  }
}

function failed(server: Endpoint, problem: Reason): DnsOutcome {
  return { ok: false, server: endpointText(server), problem };
}

/** A connected socket: the operating system picks a random port and drops what comes from anyone but the server. */
function askOverUdp({ server, query, timeoutMs, signal }: Ask): Promise<Exchange> {
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  return settleOnce({ timeoutMs, signal, close: () => socket.close() }, (settle) => {
    // Unreachable or nobody listening (ICMP): nobody answered, only sooner.
    socket.on('error', () => settle({ kind: 'silent' }));
    socket.on('message', (bytes, sender) => {
      // A datagram may slip in between the bind and the connect.
      if (sender.port !== server.port) return;
      const reply = readReply(bytes, query, 'udp');
      if (reply.kind !== 'foreign') settle(reply);
    });
    // Not a callback of `connect`, which would also be called, without a connection, where there is no way to the server.
    socket.once('connect', () => socket.send(query.bytes));
    socket.connect(server.port, server.address);
  });
}

/** RFC 7766: each message is preceded by its length in two bytes. */
function askOverTcp({ server, query, timeoutMs, signal }: Ask): Promise<Exchange> {
  const socket = connect({ host: server.address, port: server.port });
  return settleOnce({ timeoutMs, signal, close: () => socket.destroy() }, (settle) => {
    const chunks: Buffer[] = [];
    let size = 0;
    socket.on('error', () => settle({ kind: 'silent' }));
    socket.on('close', () => settle({ kind: size === 0 ? 'silent' : 'malformed' }));
    socket.on('data', (bytes: Buffer) => {
      chunks.push(bytes);
      size += bytes.length;
      const announced = announcedBytes(chunks);
      if (announced === undefined || size < 2 + announced) return;
      const reply = readReply(Buffer.concat(chunks).subarray(2, 2 + announced), query, 'tcp');
      // On our own connection nobody else can speak, so a foreign answer is simply a wrong one.
      settle(reply.kind === 'foreign' ? { kind: 'malformed' } : reply);
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.bytes.length);
    socket.write(Buffer.concat([length, query.bytes]));
  });
}

/** The length in front of the message, which may come in two pieces. */
function announcedBytes([first, second]: readonly Buffer[]): number | undefined {
  const high = first?.[0];
  const low = first?.[1] ?? second?.[0];
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly close: () => void;
}

/** Runs one exchange until it settles, times out or is aborted, and closes its socket in every case. */
function settleOnce(limits: Limits, start: (settle: (exchange: Exchange) => void) => void): Promise<Exchange> {
  return new Promise((resolve) => {
    let isSettled = false;
    const settle = (exchange: Exchange) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', onAbort);
      limits.close();
      resolve(exchange);
    };
    const onAbort = () => settle({ kind: 'aborted' });
    const timer = setTimeout(() => settle({ kind: 'silent' }), limits.timeoutMs);
    limits.signal.addEventListener('abort', onAbort, { once: true });
    start(settle);
    if (limits.signal.aborted) onAbort();
  });
}
