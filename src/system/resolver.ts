/**
 * Our own stub resolver: it sees what `node:dns` hides (SERVFAIL, the AD bit, who answered) and is careful about who it
 * believes (RFC 5452): a fresh random port and id for every datagram, and only an answer from the server's own address
 * and port that repeats our id and question counts. Anything else is ignored rather than fatal, since otherwise a forger
 * could stop validation with one datagram.
 */
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { type Reason, reason } from '../domain/errors.ts';
import type { DnsOutcome, DnsResolver, Randomness } from '../domain/system.ts';
import { canBeAsked, type DnsQuestion, type DnsReply, dnsName, encodeQuestion, readReply } from './dns-message.ts';
import { type Endpoint, endpointText } from './endpoint.ts';

export interface ResolverOptions {
  /** Recursive resolvers, asked in this order. At least one. */
  readonly servers: readonly Endpoint[];
  /** How long one server may take over one transport. */
  readonly timeoutMs?: number;
  /** How often the list of servers is gone through. */
  readonly attempts?: number;
  readonly random: Randomness;
}

/** What one server said over one transport. */
type Exchange = Exclude<DnsReply, { kind: 'foreign' }> | { readonly kind: 'silent' } | { readonly kind: 'aborted' };

interface Ask {
  readonly server: Endpoint;
  readonly question: DnsQuestion;
  readonly id: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** @throws {RangeError} when there is no server */
export function createResolver(options: ResolverOptions): DnsResolver {
  const { servers, timeoutMs = 3000, attempts = 2, random } = options;
  const [first] = servers;
  if (first === undefined) throw new RangeError('a resolver needs at least one server');
  const rounds = Array.from({ length: Math.max(1, attempts) }, () => servers).flat();
  const newId = () => random.bytes(2).reduce((id, byte) => id * 256 + byte, 0);

  return {
    async query(name, type, signal): Promise<DnsOutcome> {
      const question: DnsQuestion = { name: dnsName(name), type };
      // A name too long for DNS cannot exist there, and asking would only produce a broken packet.
      if (!canBeAsked(question.name)) return failed(first, reason('dnsNoSuchName', { name: question.name }));
      let outcome: DnsOutcome = failed(first, reason('checkAborted', {}));
      for (const server of rounds) {
        if (signal.aborted) return failed(server, reason('checkAborted', {}));
        const ask = { server, question, timeoutMs, signal };
        const overUdp = await askOverUdp({ ...ask, id: newId() });
        const exchange = overUdp.kind === 'truncated' ? await askOverTcp({ ...ask, id: newId() }) : overUdp;
        outcome = outcomeOf(exchange, server, question.name);
        if (outcome.ok) return outcome;
      }
      return outcome;
    },
  };
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
function askOverUdp({ server, question, id, timeoutMs, signal }: Ask): Promise<Exchange> {
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  return settleOnce({ timeoutMs, signal, close: () => socket.close() }, (settle) => {
    // Unreachable or nobody listening (ICMP): nobody answered, only sooner.
    socket.on('error', () => settle({ kind: 'silent' }));
    socket.on('message', (bytes, sender) => {
      // A datagram may slip in between the bind and the connect.
      if (sender.port !== server.port) return;
      const reply = readReply(bytes, id, question);
      if (reply.kind !== 'foreign') settle(reply);
    });
    socket.connect(server.port, server.address, () => socket.send(encodeQuestion(id, question)));
  });
}

/** RFC 7766: each message is preceded by its length in two bytes. */
function askOverTcp({ server, question, id, timeoutMs, signal }: Ask): Promise<Exchange> {
  const socket = connect({ host: server.address, port: server.port });
  return settleOnce({ timeoutMs, signal, close: () => socket.destroy() }, (settle) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => settle({ kind: 'silent' }));
    socket.on('close', () => settle({ kind: received.length === 0 ? 'silent' : 'malformed' }));
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const reply = readReply(received.subarray(2, 2 + received.readUInt16BE(0)), id, question);
      // On our own connection nobody else can speak, so a foreign answer is simply a wrong one.
      settle(reply.kind === 'foreign' ? { kind: 'malformed' } : reply);
    });
    const message = encodeQuestion(id, question);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    socket.write(Buffer.concat([length, message]));
  });
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
