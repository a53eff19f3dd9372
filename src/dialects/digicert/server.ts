/** The server half. */
import type { CertError } from '../../domain/errors.ts';
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { createOperationServer, type ErrorContext } from '../kit/server.ts';
import { createAuthentication } from './auth.ts';
import { configSchema } from './config.ts';
import { errorToWire, fieldNames } from './errors.ts';
import { operations } from './operations.ts';
import { readRequest } from './read.ts';
import { renderJson, renderReply } from './reply.ts';
import type { UsedPort } from './services.ts';

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const config = configSchema.parse(context.config ?? {});
  const { config: _, language, ports, ...parts } = context;
  const services = { ...parts, ...ports, config };
  return createOperationServer({
    turns: context.turns,
    allowances: context.allowances,
    fieldNames,
    operations,
    services,
    clock: context.clock,
    log: context.log,
    language: config.language ?? language,
    read: readRequest,
    readsPhp: true,
    credentials: { in: 'header', authenticate: createAuthentication(context.ports.signIn, config) },
    renderReply,
    renderError,
    secretFields: ['current_password', 'password', 'secret'],
    ...options,
  });
}

function renderError(error: CertError, context: ErrorContext): Response {
  const { status, body } = errorToWire(error, context);
  return renderJson(status, body);
}
