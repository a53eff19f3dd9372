/** A dialect made of operations, with what the conformance suite needs to know of it beside the domain's description. */
import type { Dialect, DialectContext, DialectServer } from '../../domain/dialect.ts';
import type { ErrorTable } from './error-table.ts';
import type { OperationDescription } from './operation.ts';

export interface ApiDialect extends Dialect {
  readonly operations: readonly OperationDescription[];
  readonly errors: ErrorTable<unknown>;
  createServer(context: DialectContext, options?: ApiServerOptions): DialectServer;
}

export interface ApiServerOptions {
  /** Tests only: see `OperationServerOptions`. */
  readonly checkReplies?: boolean;
}
