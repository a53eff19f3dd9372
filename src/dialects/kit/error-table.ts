/** The one table in which a dialect says how each error code looks on its wire. Its client reads the same table backwards. */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, refuse } from '../../domain/errors.ts';

/** `export const errors = { … } satisfies ErrorTable<MyRow>`: a new error code does not compile without its row. */
export type ErrorTable<Row> = Readonly<Record<ErrorCode, Row>>;

/** The first code whose row matches; the order of the table decides between several. */
export function codeOfRow<Row>(table: ErrorTable<Row>, matches: (row: Row) => boolean): ErrorCode | undefined {
  for (const [code, row] of Object.entries(table) as [ErrorCode, Row][]) {
    if (matches(row)) return code;
  }
  return undefined;
}

/**
 * Turns another server's answer into our own error of that code.
 * @param detail its own words
 */
export function upstreamError(
  code: ErrorCode,
  reply: { readonly upstream: string; readonly detail: string },
  options: { readonly cause?: unknown } = {},
): CertError {
  return refuse(upstreamReasons[code], reply, options);
}

const upstreamReasons = {
  malformedRequest: 'upstreamMalformedRequest',
  invalidField: 'upstreamInvalidField',
  unauthenticated: 'upstreamUnauthenticated',
  forbidden: 'upstreamForbidden',
  notFound: 'upstreamNotFound',
  unknownProduct: 'upstreamUnknownProduct',
  badCsr: 'upstreamBadCsr',
  badKey: 'upstreamBadKey',
  badName: 'upstreamBadName',
  refusedName: 'upstreamRefusedName',
  tooManyNames: 'upstreamTooManyNames',
  wrongState: 'upstreamWrongState',
  insufficientBalance: 'upstreamInsufficientBalance',
  conflict: 'upstreamConflict',
  tooLarge: 'upstreamTooLarge',
  rateLimited: 'upstreamRateLimited',
  validationFailed: 'upstreamValidationFailed',
  issuerRefused: 'upstreamIssuerRefused',
  unavailable: 'upstreamUnavailable',
  unsupported: 'upstreamUnsupported',
  internal: 'upstreamInternal',
} as const satisfies ErrorTable<string>;
