/** The server half. */
import type { CertError } from '../../domain/errors.ts';
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { createOperationServer, type ErrorContext } from '../kit/server.ts';
import { createAuthentication } from './auth.ts';
import { configSchema } from './config.ts';
import { dialectDataOf } from './dialect-data.ts';
import { errorToWire } from './errors.ts';
import { operations } from './operations.ts';
import { proofsFor } from './orders/order-from-wire.ts';
import { dcvMethods } from './proofs.ts';
import { pathOf, readRequest } from './read.ts';
import { renderJson, renderReply } from './reply.ts';
import { createRequestLimiter } from './request-limits.ts';
import type { UsedPort } from './services.ts';
import { webhookMessage } from './webhooks/webhook-message.ts';

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const config = configSchema.parse(context.config ?? {});
  const { config: _, language, ports, ...parts } = context;
  const services = { ...parts, ...ports, config };
  const limiter = createRequestLimiter(config.requestLimits, context.clock);
  const server = createOperationServer({
    operations,
    services,
    clock: context.clock,
    log: context.log,
    language: config.language ?? language,
    read: readRequest,
    credentials: { in: 'header', authenticate: createAuthentication(context.ports.signIn, limiter) },
    renderReply,
    renderError,
    secretFields: ['current_password', 'password', 'secret'],
    pathOf,
    ...options,
  });
  return {
    ...server,
    webhookMessage: webhookMessage,
    // By the method that the customer chose; mail is sent only where they did.
    proofs: ({ order }) => {
      const method = dcvMethods.find((known) => known === dialectDataOf(order).dcvMethod);
      return proofsFor(services, {
        dcv_method: method,
        mailsByDefault: method === 'email' && context.sendsMail === true,
      });
    },
  };
}

function renderError(error: CertError, context: ErrorContext): Response {
  const { status, body } = errorToWire(error, context);
  return renderJson(status, body);
}
