/**
 * The server half. Every reply, an error too, has HTTP status 200: the PowerShell client takes any other for a broken
 * network and stops.
 */
import { renderReason } from '../../domain/errors.ts';
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import { requestPath } from '../../domain/request-path.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { readFieldsQueryAndParams } from '../kit/php-form.ts';
import { jsonReply } from '../kit/reply.ts';
import { createOperationServer } from '../kit/server.ts';
import { createAgent } from './agent.ts';
import { createAuthentication } from './auth.ts';
import { aliasOf, configSchema } from './config.ts';
import { errorToWire, fieldNames } from './errors.ts';
import { text } from './operations/agent.ts';
import { operations } from './operations.ts';
import { createDelegations } from './proofs.ts';
import { newTraceId } from './reply.ts';
import type { UsedPort } from './services.ts';

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const { random, publicSuffixes, clock, log } = context;
  const config = configSchema.parse(context.config ?? {});
  const alias = aliasOf(context);
  const delegations = createDelegations({ proving: context.ports.proving, publicSuffixes, alias });
  const agentSecret = context.secretFor('agent');
  const agent = createAgent({ ...context.ports, delegations, clock, random, secret: agentSecret, config });
  return createOperationServer({
    turns: context.turns,
    allowances: context.allowances,
    fieldNames,
    operations,
    services: { ...context.ports, random, publicSuffixes, delegations, agent, log, config },
    clock,
    log,
    language: config.language ?? context.language,
    read: readFieldsQueryAndParams,
    readsPhp: true,
    credentials: { in: 'header', authenticate: createAuthentication(context.ports.signIn) },
    renderReply: (reply) => jsonReply(reply),
    renderError: (error, { language, requestId, request }) =>
      isAgent(request)
        ? text(`${renderReason(error.reason, language)}\n`)
        : jsonReply(errorToWire(error, { language, requestId, traceId: newTraceId(random) })),
    ...options,
  });
}

/** Its script prints every reply as it comes. */
function isAgent(request: Request): boolean {
  return /^\/v1\/nginx(?:\/|$)/.test(requestPath(request.url));
}
