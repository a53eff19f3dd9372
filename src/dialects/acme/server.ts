/** The server half. Every answer to a POST has a fresh nonce, also a refusal (RFC 8555 §6.5). */
import { networkOf } from '../../domain/address-range.ts';
import { type CertError, toCertError } from '../../domain/errors.ts';
import type { DialectContext, DialectServer, Peer } from '../../domain/ports/dialect.ts';
import { requestPath, withoutLastSlash } from '../../domain/request-path.ts';
import { TextResponse } from '../../domain/text-response.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { readJsonQueryAndParams } from '../kit/input.ts';
import { createOperationServer, type ErrorContext } from '../kit/server.ts';
import { configSchema } from './config.ts';
import { errorToProblem, fieldNames } from './errors.ts';
import { createLimits } from './limits.ts';
import { methodsOf } from './methods.ts';
import { createNonces } from './nonces.ts';
import { operations } from './operations.ts';
import { createOwnPathOf } from './own-urls.ts';
import { addLink } from './reply.ts';
import { authenticateAccount, readSigned } from './requests.ts';
import { limitsOf, type Services, type UsedPort } from './services.ts';
import { basePath, urlsOf } from './urls.ts';

/** RFC 8555 gives no limit; the largest order that is accepted has a fifth of this. */
const bodyLimitBytes = 64 << 10;

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const { clock, random, log, publicUrl, publicSuffixes, hosts, ports } = context;
  const config = configSchema.parse(context.config ?? {});
  const nonces = createNonces({ clock, numbers: context.oneTimeNumbers });
  const limits = createLimits({ allowances: context.allowances, attempts: ports.attempts }, config);
  const services: Services = {
    ...ports,
    config,
    nonces,
    limits,
    clock,
    random,
    publicSuffixes,
    publicUrl,
    ownPathOf: createOwnPathOf({ publicUrl, hosts }),
  };

  for (const [directory, { open }] of Object.entries(config.directories)) {
    if (open === undefined) continue;
    const { account, product } = open;
    log.warn(
      { directory, account, product },
      'this ACME directory asks for no external account key: whoever reaches the server orders for this account; it is for a private network',
    );
  }

  /** The headers that belong to every answer. */
  function finish(response: Response, request: Request): Response {
    const { headers } = response;
    const directory = directoryIn(request);
    if (directory !== undefined && Object.hasOwn(config.directories, directory)) {
      const isDirectory = pathOf(request) === `${basePath}${directory}/directory`;
      if (!isDirectory) addLink(headers, urlsOf(publicUrl, directory).directory, 'index');
    }
    if (request.method === 'POST') {
      headers.set('replay-nonce', nonces.issue());
      headers.set('cache-control', 'no-store');
    }
    headers.set('access-control-allow-origin', '*');
    headers.set('access-control-expose-headers', 'Link, Replay-Nonce, Location, Retry-After');
    return response;
  }

  const server = createOperationServer({
    turns: context.turns,
    allowances: context.allowances,
    operations,
    services,
    clock,
    log,
    // Clients look for words in what they are told.
    language: 'en',
    fieldNames,
    // RFC 8555 §7.3 has an error for contacts, and an order's number is looked at as a whole.
    fieldsWithOwnCheck: ['contact', 'orderId'],
    bodyLimitBytes,
    read: (incoming) =>
      incoming.request.method === 'POST' ? readSigned(incoming, services) : readJsonQueryAndParams(incoming),
    credentials: {
      in: 'body',
      authenticate: (_, { request, params: { directory = '' }, peer }) =>
        authenticateAccount(services, { request, directory, origin: peer }),
    },
    renderReply: (output, operation, request, head) => {
      const { status = operation.status ?? 200, headers } = head;
      // RFC 8555 §7.2: a HEAD of new-nonce is answered with 200.
      const shown = request.method === 'HEAD' ? 200 : status;
      return finish(reply(output, shown, headers), request);
    },
    renderError: renderProblem,
    ...options,
  });

  function renderProblem(
    error: CertError,
    { operation, requestId, request }: Omit<ErrorContext, 'language'>,
  ): Response {
    const problem = errorToProblem(error, { operation, requestId });
    const headers = new Headers({ 'content-type': 'application/problem+json' });
    addErrorHeaders(headers, error);
    const directory = directoryIn(request);
    if (error.reason.key === 'accountKeyInUse' && directory !== undefined)
      headers.set('location', urlsOf(publicUrl, directory).account(error.reason.params.account));
    return finish(new TextResponse(JSON.stringify(problem), { status: problem.status, headers }), request);
  }

  /** Before anything is read of a request: a flood costs as little as can be. */
  function refusalOfFlood(request: Request, { address, requestId }: Peer): Response | undefined {
    const own = limitsOf(services, directoryIn(request) ?? '');
    const network = networkOf(address);
    try {
      own.take('requestsPerAddress', network);
      return undefined;
    } catch (thrown) {
      const error = toCertError(thrown);
      const response = renderProblem(error, { operation: undefined, requestId, request });
      if (error.reason.key === 'acmeBusy')
        response.headers.set('retry-after', String(error.reason.params.retryAfterSeconds));
      return response;
    }
  }

  return {
    async fetch(request, peer) {
      if (request.method === 'OPTIONS') return finish(preflight(request), request);
      return refusalOfFlood(request, peer) ?? server.fetch(request, peer);
    },
  };
}

/** What a browser asks before it lets a page of another site call (Fetch standard, CORS). */
function preflight(request: Request): Response {
  const methods = [...methodsOf(operations, pathOf(request)), 'OPTIONS'].join(', ');
  const headers = {
    allow: methods,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': 'Content-Type',
    'access-control-max-age': '86400',
  };
  return new Response(null, { status: 200, headers });
}

/** What a client needs beside the problem document to do better. */
function addErrorHeaders(headers: Headers, { code, reason }: CertError): void {
  if (code === 'internal') headers.set('retry-after', String(internalRetrySeconds));
  const { key, params } = reason;
  if (key === 'termsNotAgreed' || key === 'termsChanged') addLink(headers, params.url, 'terms-of-service');
}

/** Clients that call again at once would only meet the same fault. */
const internalRetrySeconds = 60;

function reply(output: unknown, status: number, headers: Headers): Response {
  if (output === undefined) return new Response(null, { status, headers });
  if (typeof output === 'string') return new TextResponse(output, { status, headers });
  headers.set('content-type', 'application/json');
  return new TextResponse(JSON.stringify(output), { status, headers });
}

function pathOf(request: Request): string {
  return withoutLastSlash(requestPath(request.url));
}

/** As the router reads it: percent-encoded, it is still the same directory. */
function directoryIn(request: Request): string | undefined {
  const path = pathOf(request);
  const [name = ''] = path.startsWith(basePath) ? path.slice(basePath.length).split('/') : [];
  if (!name.includes('%')) return name === '' ? undefined : name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
