/**
 * The vendor's eleven error codes. A client gets nothing else, except for the name or record that failed (107), and why an order did
 * or which CAA records forbid it (109); what else is wrong goes in words into a header, which no client of the vendor looks at.
 */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { ReasonKey } from '../../domain/messages/index.ts';
import { inLanguage } from '../../domain/messages/words.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { codeOfRow, type ErrorTable } from '../kit/error-table.ts';
import type { FieldNames } from '../kit/field-names.ts';
import { type StatusForm, statusToWire } from './status.ts';

/** The vendor's names for the core's fields. */
export const fieldNames = {
  productCode: 'product',
  credential: 'customer_id',
  'credential.secret': 'auth_token',
} as const satisfies FieldNames;

interface ErrorRow {
  readonly status: number;
  /** Code to use instead, where the reason is about this field of the request. */
  readonly byField?: Readonly<Record<string, number>>;
  /** Instead, for this reason. */
  readonly byReason?: { readonly [K in ReasonKey]?: number };
  /** The vendor's code that our client reads as this. */
  readonly reads?: readonly number[];
}

const refused: ErrorRow = { status: 109 };
const unknown: ErrorRow = { status: 111 };

export const errors = {
  malformedRequest: unknown,
  invalidField: {
    status: 111,
    byField: { customer_id: 101, auth_token: 102, req_type: 103, csr: 104, domain_name: 105, handle_id: 108 },
    reads: [103],
  },
  unauthenticated: { status: 101, byField: { auth_token: 102 }, reads: [101, 102] },
  forbidden: { status: 109, byReason: { addressNotAllowed: 110 }, reads: [110] },
  notFound: { status: 108, byReason: { pathUnknown: 111, methodUnknown: 111 }, reads: [108] },
  unknownProduct: refused,
  badCsr: { status: 104, reads: [104] },
  badKey: { status: 104 },
  badName: { status: 105, reads: [105] },
  refusedName: refused,
  tooManyNames: { status: 106, reads: [106] },
  wrongState: refused,
  insufficientBalance: refused,
  conflict: refused,
  tooLarge: unknown,
  rateLimited: refused,
  validationFailed: { status: 107, reads: [107] },
  issuerRefused: { status: 109, reads: [109] },
  // The domain's own servers did not answer: it is the domain that cannot be verified.
  unavailable: { status: 111, byReason: { caaUnavailable: 107 } },
  unsupported: refused,
  internal: { status: 111, reads: [111] },
} as const satisfies ErrorTable<ErrorRow>;

/** The document's own words. */
export const descriptions: Readonly<Record<number, string>> = {
  101: 'customer_id error',
  102: 'auth_token error',
  103: 'req_type error',
  104: 'csr error',
  105: 'domain format error',
  106: 'domain number error>5',
  107: 'domain verify error',
  108: 'handle_id error',
  109: 'refused',
  110: 'IP is not permitted',
  111: 'unknow error',
};

export interface WireError {
  readonly result: 'error';
  readonly status: string | number;
  readonly other_msg?: string;
}

export function errorToWire(
  error: CertError,
  { form, language }: { readonly form: StatusForm; readonly language: Language },
): WireError {
  return {
    result: 'error',
    status: statusToWire(statusOf(error), form),
    ...withDefined({ other_msg: otherMessageOf(error, language) }),
  };
}

/** With 107 the place that failed. Of an order that has failed the code says too little: nobody calls again for it with something mended. */
function otherMessageOf(error: CertError, language: Language): string | undefined {
  const { reason } = error;
  if (statusOf(error) === errors.validationFailed.status) return placeIn(reason.params);
  // The records were looked up for an earlier order of the name, so that this one is refused at once.
  if (reason.key === 'caaProhibits') return renderReason(reason, language);
  return reason.key === 'orderFailed' ? inLanguage(reason.params.detail, language) : undefined;
}

/** The name that is not proved, or the host of the record that is missing. */
function placeIn(params: CertError['reason']['params']): string | undefined {
  if ('name' in params && typeof params.name === 'string') return params.name;
  return 'host' in params && typeof params.host === 'string' ? params.host : undefined;
}

export function statusOf({ code, reason }: CertError): number {
  const row: ErrorRow = errors[code];
  const field = 'field' in reason.params ? reason.params.field : '';
  return row.byReason?.[reason.key] ?? row.byField?.[field] ?? row.status;
}

/** The reason in words that fit into a header: one line of ASCII. */
export function detailOf({ reason }: CertError): string {
  const ascii = renderReason(reason, 'en')
    .slice(0, 500)
    .replaceAll(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return ascii.slice(0, 500);
}

/** Meaning of the vendor's code; `issuerRefused` for an unknown one: the request arrived and was refused. */
export function codeOfStatus(status: number): ErrorCode {
  return codeOfRow<ErrorRow>(errors, ({ reads = [] }) => reads.includes(status)) ?? 'issuerRefused';
}
