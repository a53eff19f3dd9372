/**
 * Fetches from an upstream that the operator configured: a CA, a vendor. It may be in an internal network, so there is none of the guard
 * for strangers' servers; but it is authenticated, by the public roots or by the operator's own, and nothing that it says leads elsewhere.
 *
 * Node's `fetch` takes neither roots nor a proxy of its own for one server; agents of `node:https` take both, and keep connections open.
 */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { UpstreamFault } from '../domain/upstream-fault.ts';
import { type FaultText, faultOf } from './connection-fault.ts';

export interface FetchUpstreamOptions {
  /** PEM: the authorities that its certificate may come from, instead of the public ones. */
  readonly caPem?: string | undefined;
  /** `http://user:password@gateway.example.com:8888`. Undefined: no proxy, whatever the environment says. */
  readonly proxyUrl?: string | undefined;
  /** Up to the end of the TLS handshake; 10 s by default. */
  readonly connectTimeoutMs?: number;
  /** From the first step to the last byte of the reply; 30 s by default. */
  readonly timeoutMs?: number;
  /** 1 MiB by default. */
  readonly replyLimitBytes?: number;
}

export interface UpstreamFetcher {
  /**
   * The reply, read to its end, whatever its status; a redirect is a reply like others.
   * @param limits.timeoutMs in place of the configured one
   * @throws {UpstreamFault} without a whole reply; the signal's reason where the request was aborted
   */
  fetch(request: Request, limits?: { readonly timeoutMs?: number }): Promise<Response>;
  /** Closes the connections that are kept. */
  close(): void;
}

/** Shorter than servers keep a connection: one that they have closed in the meantime costs an order its answer. */
const keptOpenMs = 15_000;
/** Statuses whose reply has no body, so that a `Response` takes none (Fetch standard, null body status). */
const withoutBody = [204, 205, 304];

export function createFetchUpstream({
  caPem,
  proxyUrl,
  connectTimeoutMs = 10_000,
  timeoutMs: usualMs = 30_000,
  replyLimitBytes = 1 << 20,
}: FetchUpstreamOptions = {}): UpstreamFetcher {
  const proxy = proxyUrl === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl } };
  const kept = { keepAlive: true, timeout: keptOpenMs, ...proxy };
  const agents = {
    'http:': new HttpAgent(kept),
    'https:': new HttpsAgent(caPem === undefined ? kept : { ...kept, ca: caPem }),
  };

  return {
    async fetch(request, { timeoutMs = usualMs } = {}) {
      const { signal, method } = request;
      signal.throwIfAborted();
      const url = new URL(request.url);
      const isTls = url.protocol === 'https:';
      const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
      const sending = (isTls ? httpsRequest : httpRequest)(url, {
        method,
        agent: isTls ? agents['https:'] : agents['http:'],
        headers: {
          'user-agent': 'certmux-upstream/1',
          'accept-encoding': 'identity',
          ...Object.fromEntries(request.headers),
          ...(body === undefined ? {} : { 'content-length': String(body.length) }),
        },
      });
      const limits = { connectTimeoutMs, timeoutMs, replyLimitBytes };
      return exchange(sending, body, { ...limits, signal });
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

interface Limits {
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
  readonly replyLimitBytes: number;
  readonly signal: AbortSignal;
}

function exchange(sending: ClientRequest, body: Buffer | undefined, limits: Limits): Promise<Response> {
  const { signal, replyLimitBytes } = limits;
  let isConnected = false;
  return new Promise((resolve, reject) => {
    const connecting = setTimeout(
      () => fail(new UpstreamFault('did not accept the connection in time', { isSent: false })),
      limits.connectTimeoutMs,
    );
    const whole = setTimeout(
      () => fail(new UpstreamFault('did not answer in time', { isSent: isConnected })),
      limits.timeoutMs,
    );
    const onAbort = () => fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });

    function done(): void {
      clearTimeout(connecting);
      clearTimeout(whole);
      signal.removeEventListener('abort', onAbort);
    }
    function fail(why: unknown): void {
      done();
      reject(why);
      // What it makes of being destroyed comes too late to count.
      sending.destroy();
    }
    function connected(): void {
      isConnected = true;
      clearTimeout(connecting);
    }

    sending.on('socket', (socket) => {
      // One that is kept, or that a proxy has made a way for, is connected already.
      if (isReady(socket)) connected();
      else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', connected);
    });
    sending.on('error', (error) => fail(new UpstreamFault(detailOf(error), { isSent: isConnected, cause: error })));
    sending.on('response', (reply) => {
      connected();
      const parts: Buffer[] = [];
      let bytes = 0;
      reply.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > replyLimitBytes) {
          fail(new UpstreamFault('sent an answer that is too large', { isSent: true }));
        } else parts.push(part);
      });
      reply.on('error', (error) => fail(brokenOff(error)));
      // Node tells of a connection that ends too early by `aborted`, or by nothing but the missing end.
      reply.on('close', () => {
        if (!reply.complete) fail(brokenOff());
      });
      reply.on('end', () => {
        if (!reply.complete) return;
        try {
          const response = responseOf(reply, Buffer.concat(parts), replyLimitBytes);
          done();
          resolve(response);
        } catch (thrown) {
          fail(thrown);
        }
      });
    });
    sending.end(body);
  });
}

function isReady(socket: Socket): boolean {
  return socket instanceof TLSSocket ? socket.authorized : !socket.connecting;
}

function brokenOff(cause?: Error): UpstreamFault {
  return new UpstreamFault('closed the connection in the middle of the answer', { isSent: true, cause });
}

const decoders: Readonly<Record<string, (bytes: Buffer, limits: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};
const aboutEncoding = ['content-encoding', 'content-length'];

/**
 * Some servers, and proxies before them, compress although they were told not to: what was bought by that call would be lost.
 * @throws {UpstreamFault}
 */
function decodedBody({ headers }: IncomingMessage, body: Buffer, replyLimitBytes: number): Buffer {
  const decode = decoders[headers['content-encoding']?.trim().toLowerCase() ?? ''];
  if (decode === undefined || body.length === 0) return body;
  try {
    return decode(body, { maxOutputLength: replyLimitBytes });
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge
      ? new UpstreamFault('sent an answer that is too large', { isSent: true, cause })
      : new UpstreamFault('sent something that is not HTTP (content-encoding)', { isSent: true, cause });
  }
}

/** @throws {UpstreamFault} */
function responseOf(reply: IncomingMessage, bytes: Buffer, replyLimitBytes: number): Response {
  const { statusCode = 0, rawHeaders } = reply;
  const body = decodedBody(reply, bytes, replyLimitBytes);
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    // What is said of the bytes before they were decoded holds no longer.
    if (body === bytes || !aboutEncoding.includes(name.toLowerCase())) headers.append(name, value);
  }
  const status = statusCode >= 200 && statusCode <= 599 ? statusCode : 502;
  return new Response(withoutBody.includes(status) ? null : body, { status, headers });
}

/** Without Node's own words: those of a proxy that refuses hold its whole reply. */
function detailOf(error: Error): FaultText {
  const code = 'code' in error ? error.code : undefined;
  // Errors of the parser of HTTP.
  if (typeof code === 'string' && code.startsWith('HPE_')) return `sent something that is not HTTP (${code})`;
  if (code !== 'ERR_PROXY_TUNNEL') return faultOf(error);
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  return status === undefined
    ? 'cannot be reached through the proxy'
    : `cannot be reached through the proxy (${status})`;
}
