/**
 * The server half. The document names a host and no path, so every path is the one operation. Every reply, an error too,
 * is JSON with HTTP status 200.
 */
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { jsonReply } from '../kit/reply.ts';
import { createOperationServer } from '../kit/server.ts';
import { createAuthentication } from './auth.ts';
import { configSchema } from './config.ts';
import { detailOf, errorToWire, fieldNames } from './errors.ts';
import { operations } from './operations.ts';
import { readRequest } from './read.ts';
import type { UsedPort } from './services.ts';

/** Five names and a CSR are a few KiB. The key stands in the body, so strangers may send as much. */
const bodyLimitBytes = 32 << 10;

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const { random, clock, log, language } = context;
  const config = configSchema.parse(context.config ?? {});
  return createOperationServer({
    turns: context.turns,
    allowances: context.allowances,
    fieldNames,
    operations,
    services: { ...context.ports, random, config },
    clock,
    log,
    language: config.language ?? language,
    read: readRequest,
    credentials: { in: 'body', authenticate: createAuthentication(context.ports.signIn) },
    renderReply: (reply) => jsonReply(reply),
    renderError: (error, { language: spoken }) =>
      jsonReply(errorToWire(error, { form: config.statusAs, language: spoken }), {
        headers: { 'x-certmux-reason': detailOf(error) },
      }),
    secretFields: ['auth_token'],
    operationPath: () => '/',
    bodyLimitBytes,
    ...options,
  });
}
