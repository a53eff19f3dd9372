/** Form of each error on the wire: RFC 9457 problem details. The client reads the same table backwards. */

import { z } from 'zod';
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, codeOf, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { ReasonKey } from '../../domain/messages/index.ts';
import type { Thing } from '../../domain/messages/row.ts';
import { TextResponse } from '../../domain/text-response.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { ErrorTable } from '../kit/error-table.ts';
import type { FieldNames } from '../kit/field-names.ts';
import type { OperationDescription } from '../kit/operation.ts';
import type { ErrorContext } from '../kit/server.ts';
import { field } from './auth.ts';
import type { Problem } from './schema/shapes.ts';

/** The vendor's names for the core's fields. */
export const fieldNames = { credential: field, 'credential.secret': field } as const satisfies FieldNames;

interface Row {
  readonly status: number;
  readonly title: Readonly<Record<Language, string>>;
}

// 400 is what cannot be read at all, 422 what was read and makes no sense, so that a client knows whose bug it is. Of
// several codes with one status the first is what the client assumes when a proxy answers in the server's place.
export const errors = {
  malformedRequest: { status: 400, title: { en: 'Malformed request', zh: '请求格式错误' } },
  unauthenticated: { status: 401, title: { en: 'Not authenticated', zh: '未认证' } },
  insufficientBalance: { status: 402, title: { en: 'Insufficient balance', zh: '余额不足' } },
  forbidden: { status: 403, title: { en: 'Not allowed', zh: '没有权限' } },
  notFound: { status: 404, title: { en: 'Not found', zh: '不存在' } },
  conflict: { status: 409, title: { en: 'Conflict', zh: '冲突' } },
  wrongState: { status: 409, title: { en: 'Wrong state', zh: '状态不允许' } },
  tooLarge: { status: 413, title: { en: 'Too large', zh: '请求过大' } },
  invalidField: { status: 422, title: { en: 'Invalid field', zh: '参数无效' } },
  unknownProduct: { status: 422, title: { en: 'Unknown product', zh: '产品不存在' } },
  badCsr: { status: 422, title: { en: 'Bad CSR', zh: 'CSR 无效' } },
  badKey: { status: 422, title: { en: 'Key not accepted', zh: '密钥不可接受' } },
  badName: { status: 422, title: { en: 'Bad name', zh: '域名无效' } },
  refusedName: { status: 422, title: { en: 'Name refused', zh: '域名被拒绝' } },
  tooManyNames: { status: 422, title: { en: 'Too many names', zh: '域名过多' } },
  validationFailed: { status: 422, title: { en: 'Validation failed', zh: '验证失败' } },
  // Not 502, which clients and proxies repeat: asking again gets the same answer.
  issuerRefused: { status: 422, title: { en: 'Refused by the issuer', zh: '签发机构拒绝' } },
  rateLimited: { status: 429, title: { en: 'Too many requests', zh: '请求过于频繁' } },
  internal: { status: 500, title: { en: 'Internal error', zh: '内部错误' } },
  unsupported: { status: 501, title: { en: 'Not offered', zh: '未开放' } },
  unavailable: { status: 503, title: { en: 'Unavailable', zh: '暂不可用' } },
} as const satisfies ErrorTable<Row>;

export const problemType = 'application/problem+json';

export function problemOf(
  error: CertError,
  context: Pick<ErrorContext, 'language' | 'requestId' | 'operation'>,
): Problem {
  const { status: usual, title } = errors[error.code];
  const status = statusOfReason[error.reason.key] ?? usual;
  const code = codeOfReason[error.reason.key] ?? error.code;
  const detail = renderReason(error.reason, context.language);
  const field = fieldOf(error, context.operation);
  return {
    type: `urn:certmux:error:${code}`,
    title: title[context.language],
    status,
    detail,
    instance: context.requestId,
    code,
    errors: field === undefined ? [] : [{ field, detail }],
    ...withDefined({ names: namesOf(error, context.language) }),
  };
}

function namesOf({ reason: { parts } }: CertError, language: Language): Problem['names'] {
  return parts?.map(({ name, reason }) => ({
    name,
    code: codeOf(reason),
    detail: renderReason(reason, language),
  }));
}

export function renderProblem(error: CertError, context: ErrorContext): Response {
  const problem = problemOf(error, context);
  return new TextResponse(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': problemType, 'content-language': context.language, ...extraHeaders(error) },
  });
}

/** RFC 9110 §15.5.6 and §15.5.13. */
const statusOfReason: Readonly<Partial<Record<ReasonKey, number>>> = {
  methodUnknown: 405,
  orderChanged: 412,
  objectChanged: 412,
};

/** Codes on the wire of reasons after which a program has something of its own to do. A client that does not know one goes by the status. */
const codeOfReason: Readonly<Partial<Record<ReasonKey, string>>> = { confirmationNeeded: 'confirmationNeeded' };

/** The field that errors of a kind are about where their reason does not name it. */
const fieldOfCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  badCsr: 'csr',
  badKey: 'csr',
  badName: 'names',
  refusedName: 'names',
  tooManyNames: 'names',
  unknownProduct: 'product',
};

/** The same, of reasons whose kind is about something else as a rule. */
const fieldOfReason: Readonly<Partial<Record<ReasonKey, string>>> = {
  customValueMissing: 'customFields',
  customValueInvalid: 'customFields',
  customValueNotCarried: 'customFields',
  orderLacksCustomValue: 'customFields',
  tooManyPendingOrders: 'names',
  tooManyUnprovedNames: 'names',
  lastName: 'names',
  bulkOfSeveralProducts: 'ids',
  // A choice for one name of `methods` has fields of these names as well.
  mailAddressMissing: 'address',
  mailAddressNotAllowed: 'address',
  mailboxStopped: 'address',
  methodNotAllowed: 'method',
  mailNotConfigured: 'method',
  onlyDelegation: 'method',
  refundTooLarge: 'minor',
  keyListLine: 'text',
  proofSubject: 'csr',
  vendorReferenceUnknown: 'reference',
  vendorReferenceTaken: 'reference',
  roleNotHeld: 'roles',
  accountNeeded: 'account',
};

/** What a thing that is there already was to be called by. */
const fieldOfThing: Readonly<Partial<Record<Thing, string>>> = {
  user: 'username',
  customField: 'label',
  organization: 'name',
  managedDomain: 'name',
};

/** The field of the request that the error is about, if it is about one. */
function fieldOf({ code, reason }: CertError, operation: OperationDescription | undefined): string | undefined {
  // Unauthenticated requests lack a header, which their reasons call a field.
  if (code === 'unauthenticated') return undefined;
  const params: Readonly<Record<string, unknown>> = reason.params;
  const { field } = params;
  // These name a field that the account made.
  const isCustom = reason.key === 'customValueMissing' || reason.key === 'customValueInvalid';
  if (typeof field === 'string' && !isCustom) return field;
  const named = reason.key === 'alreadyExists' ? fieldOfThing[reason.params.what] : fieldOfReason[reason.key];
  const likely = named ?? fieldOfCode[code];
  const isThere =
    likely !== undefined && operation?.request instanceof z.ZodObject && likely in operation.request.shape;
  return isThere ? likely : undefined;
}

function extraHeaders(error: CertError): Record<string, string> {
  return error.code === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="certmux"' } : {};
}
