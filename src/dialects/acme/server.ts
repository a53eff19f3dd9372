/** The server half. Every answer to a POST has a fresh nonce, also a refusal (RFC 8555 §6.5). */
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { readJsonQueryAndParams } from '../kit/input.ts';
import { createOperationServer } from '../kit/server.ts';
import { configSchema } from './config.ts';
import { errorToProblem, fieldNames } from './errors.ts';
import { createNonces } from './nonces.ts';
import { operations } from './operations.ts';
import { addLink } from './reply.ts';
import { authenticateAccount, readSigned } from './requests.ts';
import type { Services, UsedPort } from './services.ts';
import { basePath, urlsOf } from './urls.ts';

/** RFC 8555 gives no limit; the largest order that is accepted has a fifth of this. */
const bodyLimitBytes = 64 << 10;

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const { clock, random, log, publicUrl, ports } = context;
  const config = configSchema.parse(context.config ?? {});
  const nonces = createNonces({ clock, random });
  const services: Services = { ...ports, config, nonces, clock, random, publicUrl };

  /** The headers that belong to every answer. */
  function finish(response: Response, request: Request): Response {
    const { headers } = response;
    const directory = directoryIn(request);
    if (directory !== undefined && Object.hasOwn(config.directories, directory)) {
      const url = urlsOf(publicUrl, directory).directory;
      if (new URL(request.url).pathname !== new URL(url).pathname) addLink(headers, url, 'index');
    }
    if (request.method === 'POST') {
      headers.set('replay-nonce', nonces.issue());
      headers.set('cache-control', 'no-store');
    }
    headers.set('access-control-allow-origin', '*');
    headers.set('access-control-expose-headers', 'Link, Replay-Nonce, Location, Retry-After');
    return response;
  }

  return createOperationServer({
    operations,
    services,
    clock,
    log,
    // Clients look for words in what they are told.
    language: 'en',
    fieldNames,
    bodyLimitBytes,
    read: (incoming) =>
      incoming.request.method === 'POST' ? readSigned(incoming, publicUrl) : readJsonQueryAndParams(incoming),
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
    renderError: (error, { operation, requestId, request }) => {
      const problem = errorToProblem(error, { operation, requestId });
      const headers = new Headers({ 'content-type': 'application/problem+json' });
      return finish(new Response(JSON.stringify(problem), { status: problem.status, headers }), request);
    },
    ...options,
  });
}

function reply(output: unknown, status: number, headers: Headers): Response {
  // An empty text would get a media type.
  if (output === undefined) return new Response(null, { status, headers });
  if (typeof output === 'string') return new Response(output, { status, headers });
  headers.set('content-type', 'application/json');
  return new Response(JSON.stringify(output), { status, headers });
}

/** A directory's URL is also written with a slash at its end. */
function pathOf(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
}

function directoryIn(request: Request): string | undefined {
  const path = pathOf(request);
  return path.startsWith(basePath) ? path.slice(basePath.length).split('/')[0] : undefined;
}
