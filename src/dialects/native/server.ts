/** The server half. */
import { acceptedLanguage } from '../../domain/language.ts';
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { createOperationServer } from '../kit/server.ts';
import { authenticate, createStrangerLimit } from './auth.ts';
import { fieldNames, renderProblem } from './errors.ts';
import { operations } from './operations.ts';
import { readNative } from './read.ts';
import { renderNative } from './reply.ts';
import { withSecurityHeaders } from './security-headers.ts';
import type { UsedPort } from './services.ts';

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const asStranger = createStrangerLimit(context.allowances);
  const server = createOperationServer({
    turns: context.turns,
    allowances: context.allowances,
    operations,
    services: { ...context, ...context.ports },
    clock: context.clock,
    log: context.log,
    language: (request) => acceptedLanguage(request.headers.get('accept-language'), context.language),
    read: readNative,
    credentials: {
      in: 'header',
      authenticate: ({ request, peer }, head) => asStranger(peer, () => authenticate(context, { request, peer, head })),
    },
    renderReply: (output, operation, _, head) => renderNative(output, operation, head),
    renderError: renderProblem,
    fieldNames,
    secretFields: ['password'],
    ...options,
  });
  return withSecurityHeaders(server);
}
