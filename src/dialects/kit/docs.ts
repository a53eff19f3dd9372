/** Documentation of a dialect besides its operations: `/api/docs/<name>` and its OpenAPI document. */

import type { z } from 'zod';
import type { ApiExample, ApiSecurityScheme } from '../../domain/api-document.ts';
import type { ErrorCode } from '../../domain/error-codes.ts';
import type { Language } from '../../domain/language.ts';
import type { Wording } from '../../domain/messages/words.ts';
import type { ErrorTable } from './error-table.ts';
import type { RequestType } from './operation.ts';

export interface DialectDocs {
  /** Description of the API: its users and its peculiarities. An empty line separates paragraphs; `code` stands in backquotes. */
  readonly about: Wording;
  /** Headings for the groups of operations, by the word before the dot in their ids, in the order to show them. */
  readonly groups: Readonly<Record<string, Wording>>;
  /** By name; a caller needs any one of them. Absent where credentials are fields of the input. */
  readonly securitySchemes?: Readonly<Record<string, ApiSecurityScheme>>;
  /** Credentials that every caller's input must hold and no request schema lists: each field, and what it is. */
  readonly credentialFields?: Readonly<Record<string, Wording>>;
  /** Fields of the envelope around each payload, which refusals may name too. */
  readonly envelopeFields?: readonly string[];
  /** Media type of bodies; JSON by default. An operation may have its own. */
  readonly requestType?: RequestType;
  /** The body of every refusal; `application/json` by default. */
  readonly error: { readonly schema: z.ZodType; readonly contentType?: string };
  /** Headers of every answer. */
  readonly answerHeaders?: Readonly<Record<string, Wording>>;
  /** Headers of refusals with that status. */
  readonly refusalHeaders?: (status: number) => Readonly<Record<string, Wording>>;
  /** Everything that may be refused, as its clients see it: `refusalsOf` makes it from the error table. */
  readonly refusals: readonly Refusal[];
  /** One exchange by id of operation: `npm run docs` writes `examples.json` from the exchanges of the tests. */
  readonly examples?: Readonly<Record<string, ApiExample>>;
}

export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** The part of the reply that distinguishes it from others; `code` stands in backquotes. */
  readonly shows: Wording;
  /** More than one where several kinds of refusal look the same. */
  readonly meanings: readonly Readonly<Record<Language, string>>[];
}

type Look = Omit<Refusal, 'meanings'>;

/** The refusals of an error table. Codes that look the same on the wire are one. */
export function refusalsOf<Table extends ErrorTable<unknown>>(
  errors: Table,
  look: (row: Table[ErrorCode], code: ErrorCode) => Look,
): readonly Refusal[] {
  const byLook = new Map<string, Look & { readonly meanings: Readonly<Record<Language, string>>[] }>();
  for (const code of Object.keys(meanings) as ErrorCode[]) {
    const looks = look(errors[code], code);
    const key = JSON.stringify(looks);
    const refusal = byLook.get(key) ?? { ...looks, meanings: [] };
    byLook.set(key, refusal);
    refusal.meanings.push(meanings[code]);
  }
  return [...byLook.values()];
}

export const meanings = {
  malformedRequest: { en: 'the body cannot be parsed', zh: '请求体无法解析' },
  invalidField: { en: 'a parameter is missing or wrong', zh: '参数缺失或无效' },
  unauthenticated: { en: 'credentials are missing, wrong or revoked', zh: '凭证缺失、错误或已吊销' },
  forbidden: { en: 'this credential may not do that', zh: '该凭证无此权限' },
  notFound: { en: 'no such object in this account', zh: '账户中没有该对象' },
  unknownProduct: { en: 'no such product', zh: '产品不存在' },
  badCsr: { en: 'the CSR cannot be read or its signature is wrong', zh: 'CSR 无法读取或签名错误' },
  badKey: { en: 'the key is too weak or of a kind that is not accepted', zh: '密钥强度不足或类型不被接受' },
  badName: { en: 'not a name that a certificate can carry', zh: '证书不能使用该域名' },
  refusedName: { en: 'a name that policy refuses', zh: '域名被策略拒绝' },
  tooManyNames: { en: 'more names than the product holds', zh: '域名数量超出产品限制' },
  wrongState: { en: 'the object is in a state that does not allow this', zh: '对象当前状态不允许此操作' },
  insufficientBalance: { en: 'the balance does not cover the price', zh: '余额不足' },
  conflict: { en: 'it contradicts what is already there', zh: '与已有数据冲突' },
  tooLarge: { en: 'the request is too large', zh: '请求过大' },
  rateLimited: { en: 'too many requests: wait', zh: '请求过于频繁，请稍候' },
  validationFailed: { en: 'control of a name could not be proved', zh: '域名控制权验证失败' },
  issuerRefused: { en: 'the issuer refused the certificate', zh: '签发机构拒绝签发' },
  unavailable: { en: 'a part of the service is down: try again', zh: '服务暂不可用，请重试' },
  unsupported: { en: 'the API has this call, but this server does not offer it', zh: '本服务未开放该接口' },
  internal: { en: 'a fault of the server; the log has details', zh: '服务器内部错误，详见日志' },
} as const satisfies ErrorTable<Readonly<Record<Language, string>>>;
