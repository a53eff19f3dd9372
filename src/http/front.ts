/** Every request passes here: request id, caller's address, route, metrics. */
import { isInRanges } from '../domain/address-range.ts';
import { base32 } from '../domain/ids.ts';
import type { Peer } from '../domain/ports/dialect.ts';
import type { Clock, Log, Randomness } from '../domain/ports/system.ts';
import { requestPath } from '../domain/request-path.ts';
import { channelOf } from './channel.ts';
import { createForwardedNotice } from './forwarded-notice.ts';
import type { HttpMetrics } from './metrics/index.ts';
import type { Route } from './route.ts';

export interface FrontOptions {
  readonly route: Route;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** Ranges whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  readonly trustedProxies: readonly string[];
  /** Base URL at which clients reach this server. */
  readonly publicUrl: string;
}

/**
 * Answers one request that came from the socket address `remoteAddress`. Never throws.
 * @param isEncrypted true if the socket speaks TLS
 */
export type Front = (request: Request, remoteAddress: string, isEncrypted?: boolean) => Promise<Response>;

export function createFront({ route, clock, random, log, metrics, trustedProxies, publicUrl }: FrontOptions): Front {
  const noticeForwarded = createForwardedNotice({ clock, log, trustedProxies });
  return async (request, remoteAddress, isEncrypted = false) => {
    const startedMs = clock.monotonicMs();
    const requestId = base32(random.bytes(10));
    const address = clientAddress(request, remoteAddress, trustedProxies);
    const socketAddress = unmapped(remoteAddress);
    noticeForwarded(request, socketAddress);
    const host = hostOf(request);
    const arrival = { remoteAddress: socketAddress, isEncrypted, host };
    const peer: Peer = {
      address,
      requestId,
      // Looked at by few: most requests have no session.
      get channel() {
        return channelOf(request, arrival, { trustedProxies, publicUrl });
      },
    };
    const path = requestPath(request.url);
    const mount = route(host, path, request.method);
    const response =
      mount === undefined
        ? notFound(request.method, path)
        : await answer(() => mount.server.fetch(request, peer), log, requestId);
    metrics.observe(mount?.name ?? 'none', response.status, clock.monotonicMs() - startedMs);
    return withRequestId(response, requestId);
  };
}

async function answer(fetch: () => Promise<Response>, log: Log, requestId: string): Promise<Response> {
  try {
    return await fetch();
  } catch (thrown) {
    // Servers never throw; one that does has a bug, and its caller still gets an answer.
    log.error({ requestId, err: thrown }, 'a front door threw');
    return Response.json({ error: 'internal error', requestId }, { status: 500 });
  }
}

function withRequestId(response: Response, requestId: string): Response {
  try {
    response.headers.set('X-Request-Id', requestId);
    return response;
  } catch {
    // The headers of `Response.redirect()` and of fetched responses cannot be changed: a copy's can.
    const copy = new Response(response.body, response);
    copy.headers.set('X-Request-Id', requestId);
    return copy;
  }
}

function notFound(method: string, path: string): Response {
  const text = `certmux: nothing answers ${method} ${path.slice(0, 200)}\n`;
  return new Response(text, { status: 404, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

/** Host without port and final dot, lower case, cut out of the URL without the cost of parsing it. */
function hostOf({ url }: Request): string {
  const hostStart = url.indexOf('//') + 2;
  const pathStart = url.indexOf('/', hostStart);
  const authority = pathStart < 0 ? url.slice(hostStart) : url.slice(hostStart, pathStart);
  return authority.replace(/\.?(:\d+)?$/, '').toLowerCase();
}

/**
 * The socket's address, or what trusted proxies say of who is behind them: the last address in the list that is not
 * itself a trusted proxy. What strangers write into the header is never believed: each proxy appends whom it heard, so
 * what stands before the first stranger, seen from the end, is the stranger's own invention.
 */
export function clientAddress(request: Request, remoteAddress: string, trustedProxies: readonly string[]): string {
  let address = unmapped(remoteAddress);
  if (trustedProxies.length === 0) return address;
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',');
  while (isInRanges(address, trustedProxies)) {
    const previous = plainAddress(forwarded.pop()?.trim() ?? '');
    // The list is over, or holds something that is no address ("unknown"): the proxy is the last that is known.
    if (previous === undefined) return address;
    address = previous;
  }
  return address;
}

const withPort = /^(?:\[(?<v6>[^\]]*)\]|(?<v4>[\d.]+))(?::\d+)?$/;
const everyAddress = ['0.0.0.0/0', '::/0'];

/** An address as proxies write it, some with the port; undefined for anything else. */
function plainAddress(text: string): string | undefined {
  const { v6, v4 } = withPort.exec(text)?.groups ?? {};
  const address = unmapped(v6 ?? v4 ?? text);
  return isInRanges(address, everyAddress) ? address : undefined;
}

/** An IPv4 peer of an IPv6 socket shows as `::ffff:192.0.2.1`. */
function unmapped(address: string): string {
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
}
