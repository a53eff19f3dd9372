/** Refusals about certificate requests, keys and encodings. */
import { type None, row } from './row.ts';

export const pkiReasons = {
  derMalformed: row<{ what: string; detail: string; offset: number }>(
    'badCsr',
    (p) => `${p.what} is not valid DER: ${p.detail} at byte ${p.offset}`,
    (p) => `${p.what} 不是有效的 DER 编码：第 ${p.offset} 字节处 ${p.detail}`,
  ),
  pemMalformed: row<{ what: string; detail: string }>(
    'badCsr',
    (p) => `${p.what} is neither PEM nor base64: ${p.detail}`,
    (p) => `${p.what} 既不是 PEM 也不是 base64：${p.detail}`,
  ),
  csrSignatureInvalid: row<None>(
    'badCsr',
    () => "the CSR's signature does not verify with its own public key",
    () => 'CSR 签名与其公钥不符',
  ),
  csrTooLarge: row<{ sizeBytes: number; limitBytes: number }>(
    'badCsr',
    (p) => `the CSR has ${p.sizeBytes} bytes; at most ${p.limitBytes} are accepted`,
    (p) => `CSR 大小为 ${p.sizeBytes} 字节，上限为 ${p.limitBytes} 字节`,
  ),
  csrTooManyNames: row<{ count: number; limit: number }>(
    'badCsr',
    (p) => `the CSR asks for ${p.count} names; at most ${p.limit} are accepted`,
    (p) => `CSR 中包含 ${p.count} 个域名，上限为 ${p.limit} 个`,
  ),
  csrSignatureAlgorithm: row<{ algorithm: string }>(
    'badCsr',
    (p) => `the CSR is signed with ${p.algorithm}, which is not accepted`,
    (p) => `不接受 CSR 的签名算法 ${p.algorithm}`,
  ),
  keyUnsupported: row<{ algorithm: string }>(
    'badKey',
    (p) => `keys of type ${p.algorithm} are not accepted; use RSA 2048–4096, P-256, P-384, P-521 or Ed25519`,
    (p) => `不支持密钥类型 ${p.algorithm}，请使用 RSA 2048–4096、P-256、P-384、P-521 或 Ed25519`,
  ),
  keyRsaSize: row<{ bits: number }>(
    'badKey',
    (p) => `the RSA key has ${p.bits} bits; 2048 to 4096 are accepted, in steps of 8`,
    (p) => `RSA 密钥长度为 ${p.bits} 位，仅接受 2048 至 4096 位（8 的倍数）`,
  ),
  keyRsaExponent: row<{ exponent: string }>(
    'badKey',
    (p) => `the RSA public exponent ${p.exponent} is not accepted; use 65537`,
    (p) => `不接受 RSA 公钥指数 ${p.exponent}，请使用 65537`,
  ),
  keyRsaModulus: row<{ detail: string }>(
    'badKey',
    (p) => `the RSA modulus is weak: ${p.detail}`,
    (p) => `RSA 模数不安全：${p.detail}`,
  ),
  keyNotOnCurve: row<{ curve: string }>(
    'badKey',
    (p) => `the public key is not a point on ${p.curve}`,
    (p) => `公钥不是曲线 ${p.curve} 上的点`,
  ),
  keyNotAllowed: row<{ algorithm: string; profile: string }>(
    'badKey',
    (p) => `keys of type ${p.algorithm} are not allowed by the profile ${p.profile}`,
    (p) => `证书模板 ${p.profile} 不允许密钥类型 ${p.algorithm}`,
  ),
  subjectTooLong: row<{ field: string; length: number; limit: number }>(
    'invalidField',
    (p) => `the subject's ${p.field} has ${p.length} characters; at most ${p.limit} are allowed`,
    (p) => `主题字段 ${p.field} 长度为 ${p.length} 个字符，上限为 ${p.limit} 个`,
  ),
  subjectInvalid: row<{ field: string; value: string; expected: string }>(
    'invalidField',
    (p) => `the subject's ${p.field} must be ${p.expected}, not ${p.value}`,
    (p) => `主题字段 ${p.field} 无效：${p.value}（应为 ${p.expected}）`,
  ),
} as const;
