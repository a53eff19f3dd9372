/** Sockets: listens, hands requests to the front, and stops without cutting off answers under way. */

import { createServer, type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Clock } from '../domain/ports/system.ts';
import { TextResponse } from '../domain/text-response.ts';
import { type Flaw, flawOf, flawOfParser } from './flawed-request.ts';
import type { Front } from './front.ts';
import { ResponseWithLinks } from './response-with-links.ts';

export interface TlsMaterial {
  /** PEM: leaf, then chain. */
  readonly certificate: string;
  readonly key: string;
}

export interface ListenOptions {
  /** `http://127.0.0.1:8080`; port 0 takes a free one. */
  readonly url: string;
  readonly front: Front;
  readonly clock: Clock;
  /** For https. */
  readonly tls: TlsMaterial | undefined;
  readonly limits?: Partial<Limits>;
  /** True if other threads of this process listen on the same port; the system spreads the connections. */
  readonly sharesPort?: boolean;
}

export interface Limits {
  /** A client that sends its headers this slowly only holds a connection open (Slowloris). So does a TLS handshake. */
  readonly headersTimeoutMs: number;
  /** The same for the whole request, body included. */
  readonly requestTimeoutMs: number;
  /** How long a stream of events may be taken nothing of: longer than three of its heartbeats. */
  readonly streamStallMs: number;
  /** How long an idle connection is kept for the next request: longer than the 60 s of most proxies in front of us. */
  readonly keepAliveTimeoutMs: number;
}

const defaultLimits: Limits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  streamStallMs: 50_000,
  keepAliveTimeoutMs: 65_000,
};

export interface Listener {
  /** With the port that was really taken. */
  readonly url: string;
  /** New connections get the new certificate. Ignored for http. @throws when certificate and key do not fit */
  renewTls(material: TlsMaterial): void;
  /** Takes no more connections, ends idle ones and streams, and resolves when every other request under way is answered or `graceMs` is over. */
  close(graceMs: number): Promise<void>;
}

const minVersion = 'TLSv1.2';

export async function listen({ url, front, clock, tls, limits, sharesPort }: ListenOptions): Promise<Listener> {
  const { protocol, hostname } = new URL(url);
  const underWay = trackAnswers();
  const answering = new WeakMap<Duplex, ServerResponse>();
  const handle = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const response = await front(request, incoming.socket.remoteAddress ?? '', protocol === 'https:');
      if (isEventStream(response)) {
        if (underWay.isEnding) return endedStream(response);
        if (outgoing instanceof ServerResponse) underWay.addStream(outgoing);
        // A reader that takes nothing for so long is cut off: it would hold a socket and what the system keeps for it.
        incoming.socket.setTimeout(limited.streamStallMs, () => incoming.socket.destroy());
      }
      return outgoing instanceof ServerResponse && isSent(response, outgoing) ? RESPONSE_ALREADY_SENT : response;
    },
    {
      overrideGlobalObjects: false,
      // For HTTP/1.0, where a request need not say its host.
      hostname: 'localhost',
    },
  );
  const limited = { ...defaultLimits, ...limits };
  const server = createServerFor(protocol, limited, tls, (incoming, response) => {
    underWay.add(response);
    answering.set(incoming.socket, response);
    const flaw = flawOf(incoming);
    if (flaw === undefined) void handle(incoming, response);
    else answerFlaw(response, flaw);
  });
  // Without a listener Node ends both without a word.
  server.on('connect', (incoming, socket) => endWith(socket, flawOf(incoming) ?? flawOfParser(undefined)));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const response = answering.get(socket);
    // Words in the middle of an answer would be taken for a part of it.
    if (response?.headersSent && !response.writableFinished) socket.destroy();
    else endWith(socket, flawOfParser(error.code));
  });
  // Node's own list of connections lacks those that have not finished their TLS handshake.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...socketOf(url), reusePort: sharesPort ?? false }, resolve);
  });
  const taken = (server.address() as AddressInfo).port;

  return {
    url: `${protocol}//${hostname}:${taken}`,
    renewTls({ certificate, key }) {
      if (server instanceof TlsServer) server.setSecureContext({ minVersion, cert: certificate, key });
    },
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const answered = new AbortController();
      const graceIsOver = clock.sleep(graceMs, answered.signal).catch(() => undefined);
      await Promise.race([underWay.end(), graceIsOver]);
      answered.abort();
      // What is left are connections without a request, and requests whose grace is over.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A stream has no end of its own. */
function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

/** Nothing of it is sent: the server stops. */
function endedStream(response: Response): Response {
  void response.body?.cancel();
  return new Response(null, { status: 503, headers: { connection: 'close', 'retry-after': '3' } });
}

/** Where to listen for a URL, which drops a port that is its scheme's default. */
export function socketOf(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** Sends an answer whose text is at hand, in one piece. Others are left to the adapter. */
function isSent(response: Response, outgoing: ServerResponse): boolean {
  const text = response instanceof TextResponse ? response.unreadText : undefined;
  if (text === undefined) return false;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) {
    const before = headers[name];
    // Only of cookies each has a line of its own here.
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  headers['content-length'] = String(Buffer.byteLength(text));
  outgoing.writeHead(response.status, headers).end(text);
  return true;
}

/** Nothing more is read on the connection: where the next request begins is not certain. */
function answerFlaw(response: ServerResponse, { status, text }: Flaw): void {
  const body = `certmux: ${text}\n`;
  const length = Buffer.byteLength(body);
  const allow = status === 405 ? { Allow: answeredMethods } : {};
  response
    .writeHead(status, { Connection: 'close', 'Content-Type': plainText, 'Content-Length': length, ...allow })
    .end(body);
}

/** The same for requests of which there is no more than their connection. */
function endWith(socket: Duplex, { status, text }: Flaw): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = `certmux: ${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${plainText}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 405 ? [`Allow: ${answeredMethods}`] : []),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

const plainText = 'text/plain; charset=utf-8';

/** RFC 9110 §15.5.6: what a server does not answer anywhere, it says by naming what it does. */
const answeredMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE';

type Handle = (incoming: IncomingMessage, response: ServerResponse) => void;

function createServerFor(
  protocol: string,
  { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs }: Limits,
  tls: TlsMaterial | undefined,
  handle: Handle,
): Server | TlsServer {
  const options = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // How often the two limits above are looked at; every 30 s by default, which would make them that much longer.
    connectionsCheckingInterval: Math.min(1000, headersTimeoutMs),
    noDelay: true,
    ServerResponse: ResponseWithLinks,
  };
  if (protocol !== 'https:') return createServer(options, handle);
  if (tls === undefined) throw new Error('an https listener needs a certificate');
  const { certificate, key } = tls;
  return createTlsServer(
    { ...options, handshakeTimeout: headersTimeoutMs, minVersion, cert: certificate, key },
    handle,
  );
}

/** The answers under way, and their end. */
function trackAnswers() {
  const responses = new Set<ServerResponse>();
  let onEnd: (() => void) | undefined;
  let isEnding = false;
  /** Answers that have no end of their own. */
  const streams = new WeakSet<ServerResponse>();
  return {
    addStream(response: ServerResponse): void {
      streams.add(response);
    },
    get isEnding() {
      return isEnding;
    },
    add(response: ServerResponse): void {
      responses.add(response);
      response.once('close', () => {
        responses.delete(response);
        if (responses.size === 0) onEnd?.();
      });
    },
    /** Resolves when no answer is under way. Tells their clients that the connection ends with them. */
    end(): Promise<void> {
      isEnding = true;
      for (const response of responses) {
        // Nobody waits for the end of a stream: its client goes on with another server, or with this one when it is back.
        if (streams.has(response)) response.destroy();
        else if (!response.headersSent) response.setHeader('Connection', 'close');
      }
      return new Promise((resolve) => {
        onEnd = resolve;
        if (responses.size === 0) resolve();
      });
    },
  };
}
