/**
 * The sockets of our own DNS server: one address, over UDP and TCP (RFC 7766). Strangers hold them, so everything has a limit: the packets
 * that are being answered, the connections of all and of one network, and how long one may be open without a whole message.
 */
import { createSocket, type Socket as DatagramSocket, type RemoteInfo } from 'node:dgram';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { AnswerDns, DnsMeter } from '../domain/ports/dns-server.ts';
import type { Log } from '../domain/ports/system.ts';
import { createDnsConnections, type DnsConnections, type DnsLimits } from './dns-connections.ts';
import type { Endpoint } from './endpoint.ts';

export interface DnsListenerOptions {
  /** Port 0: any that is free, the same for both. */
  readonly endpoint: Endpoint;
  readonly answer: AnswerDns;
  readonly log: Log;
  readonly meter: DnsMeter;
  readonly limits?: Partial<DnsLimits>;
}

const defaultLimits: DnsLimits = {
  maxPending: 2000,
  maxConnections: 256,
  maxConnectionsEach: 32,
  idleMs: 10_000,
  maxPipelined: 32,
};

export interface DnsListener {
  /** With the port that was really taken. */
  readonly endpoint: Endpoint;
  /** Takes nothing more, and ends connections. */
  close(): Promise<void>;
}

/** @throws what the system refuses, with `address` and `port`: none of both sockets is open then */
export async function startDnsListener(options: DnsListenerOptions): Promise<DnsListener> {
  const { endpoint, log } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const connections = createDnsConnections({ ...options, limits });
  const { tcp, udp, port } = await listenOnBoth(endpoint, connections);
  tcp.on('error', (error) => log.error({ err: error }, 'the TCP socket of the alias zone failed'));
  udp.on('error', (error) => log.error({ err: error }, 'the UDP socket of the alias zone failed'));
  answerDatagrams(udp, { ...options, limits });
  return {
    endpoint: { ...endpoint, port },
    async close() {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      connections.end();
      await Promise.all([closed, closeDatagrams(udp)]);
    },
  };
}

interface Datagrams extends Pick<DnsListenerOptions, 'answer' | 'meter' | 'log'> {
  readonly limits: DnsLimits;
}

function answerDatagrams(udp: DatagramSocket, { answer, meter, log, limits }: Datagrams): void {
  let pending = 0;
  let isClosed = false;
  udp.once('close', () => {
    isClosed = true;
  });
  udp.on('message', (packet, from) => {
    if (!canBeAnswered(from)) return meter.dnsDropped('udp', 'unreadable');
    if (pending >= limits.maxPending) return meter.dnsDropped('udp', 'busy');
    pending++;
    answer(packet, { address: from.address, transport: 'udp' })
      .then((bytes) => {
        // Whoever has asked may be gone, and the network may be full: then the answer is lost, as any datagram may be.
        if (bytes !== undefined && !isClosed) udp.send(bytes, from.port, from.address, () => {});
      })
      .catch((error) => log.error({ err: error }, 'a DNS query could not be answered'))
      .finally(() => {
        pending--;
      });
  });
}

/** Port 0 can be forged but not sent to: Node throws. */
function canBeAnswered(from: RemoteInfo): boolean {
  return from.port !== 0;
}

interface BothSockets {
  readonly tcp: Server;
  readonly udp: DatagramSocket;
  readonly port: number;
}

/** The system picks a port for TCP; the same is likely free for UDP, and otherwise another one is tried. */
async function listenOnBoth(endpoint: Endpoint, connections: DnsConnections): Promise<BothSockets> {
  for (let attempt = 1; ; attempt++) {
    const tcp = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => connections.add(socket));
    const port = await listen(tcp, endpoint);
    try {
      return { tcp, port, udp: await bind({ ...endpoint, port }) };
    } catch (thrown) {
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
      if (endpoint.port !== 0 || attempt === 10) throw thrown;
    }
  }
}

/** `::` is IPv6 only, so that `0.0.0.0` can be listened on beside it. */
function listen(server: Server, { address: host, port }: Endpoint): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: isIPv6(host) }, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

/** Answers go to addresses, never to names: nothing is looked up. */
function bind({ address, port }: Endpoint): Promise<DatagramSocket> {
  const isV6 = isIPv6(address);
  const socket = createSocket({
    type: isV6 ? 'udp6' : 'udp4',
    ipv6Only: isV6,
    lookup: (host, _options, found) => found(null, host, isV6 ? 6 : 4),
  });
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', onError);
    socket.bind({ address, port }, () => {
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

function closeDatagrams(socket: DatagramSocket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}
