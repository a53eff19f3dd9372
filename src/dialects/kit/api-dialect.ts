/** A dialect made of operations, with what its documentation and the conformance suite need to know of it beside the domain's description. */
import type { Dialect, DialectContext, DialectServer } from '../../domain/ports/dialect.ts';
import type { DialectDocs } from './docs.ts';
import type { ErrorTable } from './error-table.ts';
import type { OperationDescription } from './operation.ts';

export interface ApiDialect extends Dialect {
  readonly operations: readonly OperationDescription[];
  readonly errors: ErrorTable<unknown>;
  readonly docs: DialectDocs;
  createServer(context: DialectContext, options?: ApiServerOptions): DialectServer;
}

export interface ApiServerOptions {
  /** Tests only: see `OperationServerOptions`. */
  readonly checkReplies?: boolean;
}
