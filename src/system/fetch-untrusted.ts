/**
 * Fetches what strangers name. Every hop is guarded again (scheme, port, address), the address that was checked is the
 * one connected to, and one time limit covers everything from the first DNS question to the last byte of the body.
 */

import { isIP, type Socket } from 'node:net';
import { type Reason, reason } from '../domain/errors.ts';
import type {
  DnsResolver,
  FetchUntrusted,
  PartialAnswer,
  UntrustedOutcome,
  UntrustedRequest,
} from '../domain/ports/system.ts';
import type { FaultText } from './connection-fault.ts';
import { withoutCodings } from './content-coding.ts';
import { endpointText } from './endpoint.ts';
import { type HttpAnswer, listOf } from './http-answer.ts';
import { redirectTarget } from './redirect-target.ts';
import { shownUrl } from './shown.ts';
import { anySockets, type SocketPlaces } from './socket-places.ts';
import { addressesOf, maxAddresses, shareOfAddressMs } from './untrusted-addresses.ts';
import { openConnection } from './untrusted-connection.ts';
import { exchange } from './untrusted-exchange.ts';
import { createUrlGuard, type GuardOptions, type UrlGuard } from './untrusted-guard.ts';

export interface FetchUntrustedOptions extends GuardOptions {
  readonly resolver: DnsResolver;
  readonly maxRedirects?: number;
  readonly maxBodyBytes?: number;
  /** Everything together: DNS, connecting, redirects, a body that drips. */
  readonly timeoutMs?: number;
  readonly sockets?: SocketPlaces;
}

interface Limits {
  readonly sockets: SocketPlaces;
  readonly resolver: DnsResolver;
  readonly guard: UrlGuard;
  readonly maxRedirects: number;
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
}

/** One fetch under way. */
interface Visit {
  readonly post: UntrustedRequest['post'];
  readonly limits: Limits;
  /** Aborts at the time limit and when the caller aborts. */
  readonly signal: AbortSignal;
  readonly endsAtMs: number;
  readonly connectedTo: string[];
  /** The host that was requested; undefined before the first hop. */
  firstHost: string | undefined;
  /** Whether every address that a hop led to is an ordinary host's. */
  isPublic: boolean;
  /** Whether a host on the Internet redirected us: then nothing internal may follow. */
  cameFromPublic: boolean;
}

type Hop =
  | { readonly kind: 'done'; readonly status: number; readonly body: Uint8Array }
  | { readonly kind: 'redirect'; readonly location: URL }
  | { readonly kind: 'problem'; readonly problem: Reason; readonly cut?: PartialAnswer };

export function createFetchUntrusted(options: FetchUntrustedOptions): FetchUntrusted {
  const limits: Limits = {
    resolver: options.resolver,
    guard: createUrlGuard(options),
    maxRedirects: options.maxRedirects ?? 5,
    maxBodyBytes: options.maxBodyBytes ?? 65_536,
    timeoutMs: options.timeoutMs ?? 10_000,
    sockets: options.sockets ?? anySockets,
  };

  return async ({ url, signal, post }) => {
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), limits.timeoutMs);
    const visit: Visit = {
      post,
      limits,
      signal: AbortSignal.any([signal, timer.signal]),
      endsAtMs: performance.now() + limits.timeoutMs,
      connectedTo: [],
      firstHost: undefined,
      isPublic: true,
      cameFromPublic: false,
    };
    try {
      const outcome = await follow(url, visit);
      if (outcome.ok) return outcome;
      // Whatever the hop made of being interrupted, these are the reasons for it.
      if (signal.aborted) return { ...outcome, problem: reason('checkAborted', {}) };
      if (!timer.signal.aborted) return outcome;
      return { ...outcome, problem: reason('httpTimeout', { url, timeoutMs: limits.timeoutMs }) };
    } finally {
      clearTimeout(timeout);
    }
  };
}

async function follow(start: string, visit: Visit): Promise<UntrustedOutcome> {
  const { limits, connectedTo } = visit;
  const parsed = URL.parse(start);
  const path = (url: string) => ({ url, connectedTo, isPublic: visit.isPublic });
  if (parsed === null) return { ok: false, problem: reason('httpForbiddenScheme', { url: start }), ...path(start) };
  let url = withoutCredentials(parsed);
  for (let redirects = 0; redirects <= limits.maxRedirects; redirects++) {
    const hop = await fetchHop(url, visit);
    if (hop.kind === 'problem') {
      const { problem, cut } = hop;
      return { ok: false, problem, ...(cut === undefined ? {} : { cut }), ...path(url.href) };
    }
    if (hop.kind === 'done') return { ok: true, status: hop.status, body: hop.body, ...path(url.href) };
    url = hop.location;
  }
  const problem = reason('httpTooManyRedirects', { url: start, limit: limits.maxRedirects });
  return { ok: false, problem, ...path(url.href) };
}

async function fetchHop(url: URL, visit: Visit): Promise<Hop> {
  const { limits, signal } = visit;
  const { guard } = limits;
  const objection = objectionToHop(url, visit);
  if (objection !== undefined) {
    visit.isPublic &&= !internalObjections.includes(objection.key);
    return problem(objection);
  }
  visit.firstHost ??= url.hostname;
  const found = await addressesOf(url.hostname, { resolver: limits.resolver, signal });
  if (!found.ok) return problem(found.problem);
  const allowed = found.addresses.filter(guard.isAllowed);
  // What is inside must never be fetched on the word of somebody outside.
  const usable = visit.cameFromPublic ? allowed.filter((address) => !guard.isSpecial(address)) : allowed;
  const addresses = usable.slice(0, maxAddresses);
  if (addresses.length === 0) {
    visit.isPublic = false;
    const key = allowed.length === 0 ? 'httpForbiddenAddress' : 'httpForbiddenRedirect';
    return problem(reason(key, { host: found.host, address: found.addresses[0] ?? '' }));
  }
  const port = guard.portOf(url);

  let failure = { peer: '', detail: '' };
  for (const [index, address] of addresses.entries()) {
    if (signal.aborted) break;
    const isPublic = !guard.isSpecial(address);
    visit.isPublic &&= isPublic;
    const connection = await openConnection(
      { address, port },
      {
        tls: url.protocol === 'https:' ? { serverName: serverNameOf(url), protocol: 'http/1.1' } : undefined,
        isVerified: visit.post !== undefined,
        timeoutMs: shareOfAddressMs(visit.endsAtMs, { index, count: addresses.length }),
        signal,
        sockets: limits.sockets,
      },
    );
    if (connection.ok) {
      visit.connectedTo.push(endpointText({ address, port }));
      visit.cameFromPublic ||= isPublic;
      return hopOf(await answerOn(connection.socket, url, visit), url, visit);
    }
    failure = { peer: endpointText({ address, port }), detail: connection.detail };
  }
  return problem(reason('httpConnectFailed', { url: shownUrl(url), ...failure }));
}

/** SNI carries names only, without the trailing dot (RFC 6066 §3). */
function serverNameOf({ hostname }: URL): string {
  const host = hostname.replace(/\.$/, '');
  return host.startsWith('[') || isIP(host) !== 0 ? '' : host;
}

const internalObjections: readonly Reason['key'][] = ['httpForbiddenAddress', 'httpInternalName'];

/** Of the first hop as when the URL was entered; a redirect leads to a name, or to the address that was requested. */
function objectionToHop(url: URL, { limits, firstHost }: Visit): Reason | undefined {
  const objection = limits.guard.objectionTo(url);
  if (objection !== undefined || firstHost === undefined || url.hostname === firstHost) return objection;
  return isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0
    ? undefined
    : reason('httpRedirectToAddress', { url: shownUrl(url) });
}

function problem(why: Reason): Hop {
  return { kind: 'problem', problem: why };
}

function answerOn(socket: Socket, url: URL, { limits, signal, post }: Visit): Promise<HttpAnswer | FaultText> {
  return exchange(socket, { url, post, maxBodyBytes: limits.maxBodyBytes, signal });
}

function hopOf(answer: HttpAnswer | FaultText, url: URL, { limits, connectedTo, post }: Visit): Hop {
  const failed = (detail: FaultText) =>
    reason('httpConnectFailed', { url: shownUrl(url), peer: connectedTo.at(-1) ?? '', detail });
  if (typeof answer === 'string') return problem(failed(answer));
  const { status } = answer;
  // What is sent goes where the customer configured it to, and nowhere else.
  const target = post === undefined ? redirectTarget(answer, url) : undefined;
  if (target !== undefined) return { kind: 'redirect', location: withoutCredentials(target) };
  const isSuccess = status >= 200 && status <= 299;
  const body = plainBody(answer, limits.maxBodyBytes);
  // The page that comes with an error may be as long as it likes: the status is what matters there.
  if (!isSuccess) return { kind: 'done', status, body: body ?? answer.body.subarray(0, limits.maxBodyBytes) };
  if (body === undefined) {
    return problem(reason('httpTooLarge', { url: shownUrl(url), limitBytes: limits.maxBodyBytes }));
  }
  if (!answer.isCut) return { kind: 'done', status, body };
  const cause = failed('closed the connection in the middle of the answer');
  return { kind: 'problem', problem: cause, cut: { status, body } };
}

/** Without its compression; undefined where it is larger than the limit, before or after. */
function plainBody({ body, headers }: HttpAnswer, maxBytes: number): Uint8Array | undefined {
  if (body.length > maxBytes) return undefined;
  const transfer = listOf(headers, 'transfer-encoding').filter((coding) => coding !== 'chunked');
  return withoutCodings(body, [...listOf(headers, 'content-encoding'), ...transfer], maxBytes);
}

/** No credentials leave this server, not even those that a stranger wrote into a link. */
function withoutCredentials(url: URL): URL {
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}
