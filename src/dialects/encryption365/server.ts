/** The server half. Every reply, an error too, is JSON with HTTP status 200: clients take any other for a broken network. */
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { readJsonObject } from '../kit/input.ts';
import { jsonReply } from '../kit/reply.ts';
import { createOperationServer } from '../kit/server.ts';
import { createAuthentication } from './auth.ts';
import { configSchema } from './config.ts';
import { errorToWire, fieldNames } from './errors.ts';
import { logoReply } from './logo.ts';
import { operations } from './operations.ts';
import type { UsedPort } from './services.ts';

/** The key stands in the body, so strangers may send as much: little, but where names and a CSR belong into it. */
const bodyLimitBytes = 16 << 10;

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const { random, publicSuffixes, version, clock, log } = context;
  const config = configSchema.parse(context.config ?? {});
  const server = createOperationServer({
    turns: context.turns,
    allowances: context.allowances,
    fieldNames,
    operations,
    services: { ...context.ports, random, publicSuffixes, version, config },
    clock,
    log,
    language: config.language ?? context.language,
    read: readJsonObject,
    readsPhp: true,
    credentials: { in: 'body', authenticate: createAuthentication(context.ports.signIn) },
    renderReply: (reply) => jsonReply(reply),
    renderError: (error, { language, requestId }) => jsonReply(errorToWire(error, { language, requestId })),
    secretFields: ['password', 'access_token', 'authcode'],
    bodyLimitBytes,
    ...options,
  });
  return {
    fetch: async (request, peer) => logoReply(request) ?? server.fetch(request, peer),
  };
}
