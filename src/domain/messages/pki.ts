/** Refusals about certificate requests, keys and encodings. */
import {
  type DerFault,
  derFaultText,
  type ModulusFault,
  modulusFaultText,
  type PemFault,
  pemFaultText,
} from './faults.ts';
import { type None, row } from './row.ts';
import { encodedInChinese, said, type Wording } from './words.ts';

const acceptedKeys = {
  en: 'RSA 2048–4096, P-256, P-384, P-521 or Ed25519',
  zh: 'RSA 2048–4096、P-256、P-384、P-521 或 Ed25519',
} as const;

export const pkiReasons = {
  derMalformed: row<{ what: string; detail: DerFault; offset: number }>(
    'badCsr',
    (p) => `${p.what} is not valid DER: ${derFaultText(p.detail, 'en')} at byte ${p.offset}`,
    (p) => `${encodedInChinese(p.what)} 不是有效的 DER 编码：第 ${p.offset} 字节处，${derFaultText(p.detail, 'zh')}`,
  ),
  pemMalformed: row<{ what: string; detail: PemFault }>(
    'badCsr',
    (p) => `${p.what} is neither PEM nor base64: ${pemFaultText(p.detail, 'en')}`,
    (p) => `${encodedInChinese(p.what)} 既不是 PEM 也不是 base64：${pemFaultText(p.detail, 'zh')}`,
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
    (p) => `keys of type ${p.algorithm} are not accepted; use ${acceptedKeys.en}`,
    (p) => `不支持密钥类型 ${p.algorithm}，请使用 ${acceptedKeys.zh}`,
  ),
  keyExplicitParameters: row<None>(
    'badKey',
    () => `keys of type EC with explicit parameters are not accepted; use ${acceptedKeys.en}`,
    () => `不支持带显式参数的 EC 密钥，请使用 ${acceptedKeys.zh}`,
  ),
  keyCurveUnsupported: row<{ curve: string }>(
    'badKey',
    (p) => `keys of type EC on ${p.curve} are not accepted; use ${acceptedKeys.en}`,
    (p) => `不支持曲线 ${p.curve} 上的 EC 密钥，请使用 ${acceptedKeys.zh}`,
  ),
  keyPointCompressed: row<{ curve: string }>(
    'badKey',
    (p) => `keys of type ${p.curve} with a compressed point are not accepted; send the whole point`,
    (p) => `不支持 ${p.curve} 的压缩点公钥，请提供完整的点`,
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
  keyRsaModulus: row<{ detail: ModulusFault }>(
    'badKey',
    (p) => `the RSA modulus is weak: ${modulusFaultText(p.detail, 'en')}`,
    (p) => `RSA 模数不安全：${modulusFaultText(p.detail, 'zh')}`,
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
  subjectInvalid: row<{ field: string; value: string; expected: Wording }>(
    'invalidField',
    (p) => `the subject's ${p.field} must be ${said(p.expected, 'en')}, not ${p.value}`,
    (p) => `主题字段 ${p.field} 无效：${p.value}（应为 ${said(p.expected, 'zh')}）`,
  ),
} as const;
