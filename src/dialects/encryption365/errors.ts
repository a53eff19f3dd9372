/**
 * Errors on this wire are one sentence, without a code. So the table says, for reading, which of the vendor's attested
 * sentences stand for which of our codes; sentences of certmux itself are recognized by their row of the message catalogue.
 */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { codeOfRow, type ErrorTable } from '../kit/error-table.ts';
import type { FieldNames } from '../kit/field-names.ts';
import { codeOfSentence } from '../kit/sentences.ts';

/** The vendor's names for the core's fields. */
export const fieldNames = {
  productCode: 'pid',
  // The vendor does not tell which of the two is wrong.
  credential: 'client_id/access_token',
  'credential.secret': 'client_id/access_token',
  registrationCode: 'authcode',
  'contact.name': 'contact_name',
  'contact.title': 'contact_title',
  'contact.phone': 'contact_phone',
  'contact.email': 'contact_email',
  organization: 'organization_name',
  'organization.name': 'organization_name',
  'organization.unit': 'organizationalUnitName',
  'organization.street': 'registered_address_line1',
  'organization.city': 'city',
  'organization.state': 'state',
  'organization.country': 'country',
  'organization.postalCode': 'postal_code',
  'organization.phone': 'organization_phone',
  'organization.registrationNumber': 'registered_no',
  'organization.incorporatedOn': 'date_of_incorporation',
} as const satisfies FieldNames;

interface ErrorRow {
  /** Sentences of the vendor, from its document and from the tests of its reseller clients. */
  readonly sentences: readonly RegExp[];
}

const none: ErrorRow = { sentences: [] };

export const errors = {
  malformedRequest: none,
  invalidField: none,
  unauthenticated: { sentences: [/^账户或密码错误/] },
  forbidden: none,
  notFound: none,
  unknownProduct: none,
  badCsr: none,
  badKey: none,
  badName: { sentences: [/至少保留1条域名/] },
  refusedName: none,
  tooManyNames: none,
  wrongState: {
    sentences: [
      /not in Issued_Active status/i, // reissue and revoke
      /^Order not in refund status/i,
    ],
  },
  insufficientBalance: { sentences: [/余额不足/] },
  conflict: none,
  tooLarge: none,
  rateLimited: none,
  validationFailed: none,
  issuerRefused: none,
  unavailable: none,
  unsupported: none,
  internal: none,
} as const satisfies ErrorTable<ErrorRow>;

export interface WireError {
  readonly result: 'error';
  /** Some clients look at `result`, some at `status`. */
  readonly status: 'error';
  readonly message: string;
}

export function errorToWire(
  error: CertError,
  context: { readonly language: Language; readonly requestId: string },
): WireError {
  const sentence = renderReason(error.reason, context.language);
  // There is no other place to tell the request id, and without it the operator cannot find the cause.
  const message = error.code === 'internal' ? `${sentence} (${context.requestId})` : sentence;
  return { result: 'error', status: 'error', message };
}

/** The code behind a sentence; `issuerRefused` for one that nobody knows: the request got there and was turned down. */
export function codeOfMessage(message: string): ErrorCode {
  const byVendor = codeOfRow<ErrorRow>(errors, (row) => row.sentences.some((sentence) => sentence.test(message)));
  return byVendor ?? codeOfSentence(message) ?? hints.find(([, hint]) => hint.test(message))?.[0] ?? 'issuerRefused';
}

/**
 * Words that no source attests: by them a sentence that nobody knows is not taken for a refusal for good. A fault of the vendor's own is
 * `internal`, since nobody knows what it did before.
 */
const hints: readonly (readonly [ErrorCode, RegExp])[] = [
  [
    'internal',
    /系统(错误|异常|繁忙|维护)|服务器(错误|异常|繁忙)|内部错误|超时|internal|time[ds]?[ -]?out|try again|稍后再?试/i,
  ],
  ['rateLimited', /频繁|too many requests|rate limit/i],
  ['insufficientBalance', /余额|insufficient (balance|credit|funds)/i],
  ['unauthenticated', /access_token|client_id|token.*(无效|过期|错误|invalid|expired)|未登录|未授权|unauthori[sz]ed/i],
  ['notFound', /订单不存在|找不到订单|order (was |is )?(not found|not exist)|no such order/i],
];
