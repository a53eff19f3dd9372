/**
 * The server half. Every reply, an error too, is JSON with HTTP status 200: the PHP SDK and the WHMCS modules take any other
 * for a broken network.
 */
import type { DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { ApiServerOptions } from '../kit/api-dialect.ts';
import { jsonReply } from '../kit/reply.ts';
import { createOperationServer } from '../kit/server.ts';
import { createAuthentication } from './auth.ts';
import { configSchema } from './config.ts';
import { errorToWire, fieldNames } from './errors.ts';
import { operations } from './operations.ts';
import { readRequest } from './read.ts';
import type { Services, UsedPort } from './services.ts';

/** The token stands in the body, so strangers may send as much: little, but where an order's names belong into it. */
const bodyLimitBytes = 16 << 10;

export function createServer(context: DialectContext<UsedPort>, options: ApiServerOptions = {}): DialectServer {
  const { clock, random, publicSuffixes, log, sendsMail = false } = context;
  const config = configSchema.parse(context.config ?? {});
  const passwordSecret = context.secretFor('key store passwords');
  const secret = context.secretFor('unique values');
  const proofContext = { suffix: config.suffix, publicSuffixes, secret };
  const services: Services = {
    ...context.ports,
    clock,
    random,
    publicSuffixes,
    sendsMail,
    passwordSecret,
    proofContext,
    config,
  };
  return createOperationServer({
    turns: context.turns,
    allowances: context.allowances,
    fieldNames,
    operations,
    services,
    clock,
    log,
    language: config.language ?? context.language,
    read: readRequest,
    readsPhp: true,
    credentials: { in: 'body', authenticate: createAuthentication(context.ports.signIn) },
    renderReply: (reply) => jsonReply(reply),
    renderError: (error, { language, requestId, operation }) =>
      jsonReply(errorToWire(error, { language, requestId, operation: operation?.id })),
    secretFields: ['api_token', 'privateKey', 'csr'],
    operationPath,
    bodyLimitBytes,
    ...options,
  });
}

const spellings: ReadonlyMap<string, string> = new Map(operations.map(({ path }) => [path.toLowerCase(), path]));

/** Documents and clients differ in upper and lower case: `batchupdateDCV`, `batchUpdateDCV`. */
function operationPath(path: string): string {
  return spellings.get(path.toLowerCase()) ?? path;
}
