/** Refusals of ACME requests and of their signatures (RFC 8555, RFC 7515). */
import { type JwsFault, jwsFaultText } from './faults.ts';
import { row } from './row.ts';
import { inLanguage, type Wording } from './words.ts';

export const acmeReasons = {
  jwsMalformed: row<{ detail: JwsFault }>(
    'malformedRequest',
    (p) => `the request is not a JWS as RFC 8555 wants it: ${jwsFaultText(p.detail, 'en')}`,
    (p) => `请求不是符合 RFC 8555 的 JWS：${jwsFaultText(p.detail, 'zh')}`,
  ),
  jwsAlgorithm: row<{ algorithm: string; accepted: Wording }>(
    'malformedRequest',
    (p) => `the signature algorithm ${p.algorithm} is not accepted; use ${inLanguage(p.accepted, 'en')}`,
    (p) => `不接受签名算法 ${p.algorithm}，请使用 ${inLanguage(p.accepted, 'zh')}`,
  ),
  jwkInvalid: row<{ member: string; expected: Wording }>(
    'badKey',
    (p) => `the member ${p.member} of the JWK must be ${inLanguage(p.expected, 'en')}`,
    (p) => `JWK 的成员 ${p.member} 应为${inLanguage(p.expected, 'zh')}`,
  ),
} as const;
