/** Errors on this wire: a code that is not 0. The vendor documents none, so the list is ours. */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { codeOfRow, type ErrorTable } from '../kit/error-table.ts';
import type { FieldNames } from '../kit/field-names.ts';
import { codeOfSentence } from '../kit/sentences.ts';

/** The vendor's names for the core's fields. */
export const fieldNames = {
  productCode: 'ca',
  credential: 'OpenApiKey',
  'credential.secret': 'OpenApiKey',
} as const satisfies FieldNames;

interface ErrorRow {
  readonly code: number;
}

/** For several rows with the same code the first is read back. */
export const errors = {
  invalidField: { code: 400 },
  malformedRequest: { code: 400 },
  unknownProduct: { code: 400 },
  badCsr: { code: 400 },
  badKey: { code: 400 },
  badName: { code: 400 },
  refusedName: { code: 400 },
  tooManyNames: { code: 400 },
  unauthenticated: { code: 401 },
  insufficientBalance: { code: 402 },
  forbidden: { code: 403 },
  notFound: { code: 404 },
  conflict: { code: 409 },
  wrongState: { code: 409 },
  tooLarge: { code: 413 },
  rateLimited: { code: 429 },
  internal: { code: 500 },
  unsupported: { code: 501 },
  unavailable: { code: 503 },
  validationFailed: { code: 1001 },
  issuerRefused: { code: 1002 },
} as const satisfies ErrorTable<ErrorRow>;

export interface WireError {
  readonly code: number;
  readonly msg: string;
  readonly data: null;
  readonly traceId: string;
}

export function errorToWire(
  error: CertError,
  context: { readonly language: Language; readonly requestId: string; readonly traceId: string },
): WireError {
  const sentence = renderReason(error.reason, context.language);
  // The log knows the request id, without which the operator cannot find the cause.
  const msg = error.code === 'internal' ? `${sentence} (${context.requestId})` : sentence;
  return { code: errors[error.code].code, msg, data: null, traceId: context.traceId };
}

/** Another certmux's sentences tell more than the code; `issuerRefused` for a code that nobody knows. */
export function codeOfReply(code: number, msg: string): ErrorCode {
  const known = codeOfSentence(msg);
  if (known !== undefined && errors[known].code === code) return known;
  if (credentialWords.test(msg)) return 'unauthenticated';
  return codeOfRow<ErrorRow>(errors, (row) => row.code === code) ?? 'issuerRefused';
}

/** Not attested. Servers like this one often have one code for all errors, 500 above all. */
const credentialWords = /open ?api ?key|httpsok-token|未登录|未授权|认证失败|鉴权|unauthori[sz]ed/i;
