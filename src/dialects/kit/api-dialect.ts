/** A dialect made of operations, with what its documentation and the conformance suite need to know of it beside the domain's description. */
import type { Dialect, DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { PortName } from '../../domain/ports/index.ts';
import type { DialectDocs } from './docs.ts';
import type { ErrorTable } from './error-table.ts';
import type { OperationDescription } from './operation.ts';
import type { OnAnswer } from './reply.ts';

export interface ApiDialect extends Dialect {
  readonly operations: readonly OperationDescription[];
  readonly errors: ErrorTable<unknown>;
  readonly docs: DialectDocs;
  createServer(context: DialectContext, options?: ApiServerOptions): DialectServer;
}

/** A dialect whose server is handed the ports that its description names, and no others. */
export function apiDialect<const Used extends readonly PortName[]>(
  description: Omit<ApiDialect, 'ports' | 'createServer'> & {
    readonly ports: Used;
    readonly createServer: (context: DialectContext<Used[number]>, options?: ApiServerOptions) => DialectServer;
  },
): ApiDialect {
  return description;
}

export interface ApiServerOptions {
  /** Tests only: see `OperationServerOptions`. */
  readonly checkReplies?: boolean;
  /** Tests only: see `OperationServerOptions`. */
  readonly onAnswer?: OnAnswer;
}
