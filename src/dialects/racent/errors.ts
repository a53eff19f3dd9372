/**
 * The vendor's response codes (its appendix 3.1, as clients know it), and the field of each refusal: `errors` is
 * always an object of lists, the only form in which the PHP SDK shows a message. Two WHMCS modules show only `msg`, which stands in
 * refusals and never in a success: there the PHP SDK makes a product of it.
 */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, type Reason, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { ReasonKey } from '../../domain/messages/index.ts';
import { codeOfRow, type ErrorTable } from '../kit/error-table.ts';
import type { FieldNames } from '../kit/field-names.ts';
import { codeOfSentence } from '../kit/sentences.ts';

/** The vendor's names for the core's fields. */
export const fieldNames = {
  credential: 'api_token',
  'credential.secret': 'api_token',
  organization: 'organizationInfo',
  'organization.name': 'organizationInfo.organizationName',
  'organization.unit': 'organizationInfo.organizationDivision',
  'organization.street': 'organizationInfo.organizationAddress',
  'organization.city': 'organizationInfo.organizationCity',
  'organization.state': 'organizationInfo.organizationState',
  'organization.country': 'organizationInfo.organizationCountry',
  'organization.postalCode': 'organizationInfo.organizationPostCode',
  'organization.phone': 'organizationInfo.organizationMobile',
  'organization.registrationNumber': 'organizationInfo.organizationRegNumber',
  'contact.name': 'Administrator.lastName',
  'contact.title': 'Administrator.job',
  'contact.phone': 'Administrator.mobile',
  'contact.email': 'Administrator.email',
  periods: 'years',
} as const satisfies FieldNames;

interface ErrorRow {
  readonly code: number;
  /** Field where the reason itself names none. */
  readonly field: string;
  /** Instead, for this reason. */
  readonly byReason?: { readonly [K in ReasonKey]?: { readonly code?: number; readonly field: string } };
}

/** For several rows with the same code the first is read back. */
export const errors = {
  invalidField: {
    code: -1,
    field: 'params',
    byReason: {
      mailAddressNotAllowed: { field: 'dcvEmail' },
      mailAddressMissing: { field: 'dcvEmail' },
      lastName: { field: 'domainName' },
    },
  },
  malformedRequest: { code: -1, field: 'body' },
  badCsr: { code: -1, field: 'csr' },
  badKey: { code: -1, field: 'csr' },
  badName: { code: -1, field: 'domainInfo' },
  refusedName: { code: -1, field: 'domainInfo' },
  tooManyNames: { code: -1, field: 'domainInfo' },
  validationFailed: { code: -1, field: 'dcvMethod' },
  notFound: {
    code: -1,
    field: 'certId',
    byReason: { pathUnknown: { field: 'path' }, methodUnknown: { field: 'path' } },
  },
  conflict: { code: -1, field: 'refId' },
  tooLarge: { code: -1, field: 'body' },
  internal: { code: -2, field: 'server' },
  unknownProduct: { code: -3, field: 'productCode' },
  unsupported: { code: -3, field: 'productCode', byReason: { mailNotConfigured: { code: -1, field: 'dcvMethod' } } },
  insufficientBalance: { code: -4, field: 'balance' },
  wrongState: { code: -5, field: 'certId', byReason: { nothingToRemove: { field: 'domainName' } } },
  issuerRefused: { code: -6, field: 'ca' },
  unavailable: { code: -6, field: 'ca' },
  rateLimited: {
    code: -6,
    field: 'ca',
    byReason: {
      mailTooSoon: { field: 'dcvEmail' },
      tooManyPendingOrders: { field: 'domainInfo' },
      tooManyUnprovedNames: { field: 'domainInfo' },
    },
  },
  unauthenticated: { code: 400, field: 'api_token' },
  forbidden: { code: 400, field: 'api_token' },
} as const satisfies ErrorTable<ErrorRow>;

/** A temporary refusal: the certificate is being signed at this moment. */
const beingIssued = 2;
const certificateStateWrong = -7;
const alreadyCancelled = -8;

/** Rows that depend on more than the code: for a wrong state, on the state. */
function codeOfState(reason: Reason): number | undefined {
  if (reason.key !== 'wrongState') return undefined;
  const { state, needed } = reason.params;
  if (state === 'cancelled') return alreadyCancelled;
  if (state === 'issuing' || state === 'ready') return beingIssued;
  const conditions: readonly string[] = typeof needed === 'string' ? [needed] : needed;
  return conditions.some(isOfCertificate) ? certificateStateWrong : undefined;
}

/** Reports whether the condition is about the certificate rather than the order. */
function isOfCertificate(condition: string): boolean {
  return ['issued', 'active', 'valid'].includes(condition) || condition.includes('certificate');
}

export interface WireError {
  readonly code: number;
  readonly msg: string;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

export function errorToWire(
  { code, reason }: CertError,
  context: { readonly language: Language; readonly requestId: string; readonly operation: string | undefined },
): WireError {
  const row: ErrorRow = errors[code];
  const special = row.byReason?.[reason.key] ?? fieldOfReference(reason, context.operation);
  const named = 'field' in reason.params ? reason.params.field : undefined;
  const sentence = renderReason(reason, context.language);
  // The log knows the request id, without which the operator cannot find the cause.
  const message = code === 'internal' ? `${sentence} (${context.requestId})` : sentence;
  return {
    code: special?.code ?? codeOfState(reason) ?? row.code,
    msg: message,
    errors: { [special?.field ?? (named || row.field)]: [message] },
  };
}

/** The object that was not found or is not allowed, by the name that the call has for it. */
function fieldOfReference(
  reason: Reason,
  operation = '',
): { readonly field: string; readonly code?: number } | undefined {
  if (reason.key !== 'notFound' && reason.key !== 'wrongState' && reason.key !== 'renewalTooEarly') return undefined;
  if (reason.key !== 'renewalTooEarly' && reason.params.what === 'name') return { field: 'domainName' };
  const field = referenceFields[operation];
  return field === undefined ? undefined : { field };
}

const referenceFields: Readonly<Record<string, string>> = {
  'cert.byRefId': 'refId',
  'cert.getByRefId': 'refId',
  'order.renew': 'renewId',
};

/** Another certmux's sentences tell more than the code; `issuerRefused` for a code that nobody knows. */
export function codeOfReply(code: number, messages: readonly string[]): ErrorCode {
  const known = codeOfSentence(messages[0] ?? '');
  if (known !== undefined) return known;
  if (code === beingIssued || code === certificateStateWrong || code === alreadyCancelled) return 'wrongState';
  return codeOfRow<ErrorRow>(errors, (row) => row.code === code) ?? 'issuerRefused';
}
