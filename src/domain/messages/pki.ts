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
import {
  afterChinese,
  type CsrPart,
  encodedInChinese,
  inLanguage,
  type KeyFlaw,
  keyFlawInChinese,
  type OtherThanCsr,
  otherThanCsrInChinese,
  type Place,
  placeEn,
  placeInChinese,
  type Wording,
} from './words.ts';

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
  derUnreadable: row<{ what: string; detail: DerFault; offset: number }>(
    'badCsr',
    (p) => `${p.what} cannot be read: ${derFaultText(p.detail, 'en')} at byte ${p.offset}`,
    (p) => `无法读取 ${encodedInChinese(p.what)}：第 ${p.offset} 字节处，${derFaultText(p.detail, 'zh')}`,
  ),
  derIsBer: row<{ what: string; detail: DerFault; offset: number }>(
    'badCsr',
    (p) => `${p.what} is BER, not DER: ${derFaultText(p.detail, 'en')} at byte ${p.offset}`,
    (p) => `${encodedInChinese(p.what)} 是 BER 编码而不是 DER：第 ${p.offset} 字节处，${derFaultText(p.detail, 'zh')}`,
  ),
  pemMalformed: row<{ what: string; detail: PemFault }>(
    'badCsr',
    (p) => `${p.what} is neither PEM nor base64: ${pemFaultText(p.detail, 'en')}`,
    (p) => `${encodedInChinese(p.what)} 既不是 PEM 也不是 base64：${pemFaultText(p.detail, 'zh')}`,
  ),
  csrOther: row<{ what: string; found: OtherThanCsr }>(
    'badCsr',
    (p) => `${p.what} is ${p.found}, not a CSR (PKCS#10)`,
    (p) => `${encodedInChinese(p.what)} 是${otherThanCsrInChinese(p.found)}，而不是 CSR（PKCS#10）`,
  ),
  csrWithPrivateKey: row<{ what: string }>(
    'badCsr',
    (p) =>
      `${p.what} holds a private key, which nobody but its owner may have; nothing was stored. Make a new key, and send only its CSR`,
    (p) =>
      `${encodedInChinese(p.what)} 中含有私钥。私钥只能由持有者本人保管，提交的内容未被保存；请生成新密钥，并只提交其 CSR`,
  ),
  csrSeveral: row<{ what: string; count: number }>(
    'badCsr',
    (p) => `${p.what} holds ${p.count} CSRs; send one`,
    (p) => `${encodedInChinese(p.what)} 中有 ${p.count} 个 CSR，只能提交一个`,
  ),
  csrNameOctets: row<{ part: CsrPart; name: string }>(
    'badCsr',
    (p) =>
      `the CSR's ${p.part} holds a name in an unknown character set: ${p.name}; write it in ASCII (as xn-- for other letters), or send the names beside the CSR`,
    (p) =>
      `CSR 的 ${p.part} 中有字符集不明的域名：${p.name}；请使用 ASCII 形式（其他文字用 xn-- 编码），或在请求中另行指定域名`,
  ),
  csrSignatureInvalid: row<None>(
    'badCsr',
    () => "the CSR's signature does not verify with its own public key; make a new CSR",
    () => 'CSR 签名与其公钥不符，请重新生成 CSR',
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
  csrSignatureAlgorithm: row<{ algorithm: string; accepted: string }>(
    'badCsr',
    (p) =>
      `the CSR is signed with ${p.algorithm}, which is not accepted; sign it with SHA-256 or stronger: accepted are ${p.accepted}`,
    (p) => `不接受 CSR 的签名算法 ${p.algorithm}，请使用 SHA-256 或更强的算法：${p.accepted}`,
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
    (p) => `compressed points are not accepted as keys of type ${p.curve}; send the uncompressed point`,
    (p) => `不支持压缩格式的 ${p.curve} 公钥，请使用未压缩格式`,
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
    (p) => `keys of type ${p.algorithm} are not allowed by the profile ${p.profile}; use another key type`,
    (p) => `证书模板 ${p.profile} 不允许密钥类型 ${p.algorithm}，请更换密钥类型`,
  ),
  keyBlocked: row<{ key: string; flaw: KeyFlaw }>(
    'badKey',
    (p) =>
      `the key whose SHA-256 begins with ${p.key} must not be certified: ${p.flaw}; make a new key and send a CSR for it`,
    (p) => `不能为 SHA-256 以 ${p.key} 开头的密钥签发证书：${keyFlawInChinese(p.flaw)}；请生成新密钥并提交新的 CSR`,
  ),
  keyMadeHere: row<{ key: string }>(
    'badKey',
    (p) =>
      `the key whose SHA-256 begins with ${p.key} was made by this server for one order and is certified only there; make a new key and send a CSR for it`,
    (p) => `SHA-256 以 ${p.key} 开头的密钥由本服务器为某个订单生成，只能用于该订单；请生成新密钥并提交新的 CSR`,
  ),
  keyNotBlocked: row<{ key: string; where: Place }>(
    'notFound',
    (p) => `the key ${p.key} is not blocked ${placeEn(p.where)}; certmux key list shows the keys that are`,
    (p) => `密钥 ${p.key} 未${placeInChinese(p.where)}禁用，可用 certmux key list 查看已禁用的密钥`,
  ),
  keyBlockStays: row<{ key: string; flaw: KeyFlaw }>(
    'forbidden',
    (p) => `the key ${p.key} stays blocked: ${p.flaw}; only the operator can unblock it`,
    (p) => `密钥 ${p.key} 不能解除禁用：${keyFlawInChinese(p.flaw)}；仅管理员可以解除`,
  ),
  keyPublished: row<{ key: string; document: string }>(
    'forbidden',
    (p) => `the key ${p.key} stays blocked: its private key is published in ${p.document}`,
    (p) => `密钥 ${p.key} 不能解除禁用：其私钥已在 ${p.document} 中公布`,
  ),
  keyListLine: row<{ line: number; value: string }>(
    'invalidField',
    (p) =>
      `line ${p.line} is not a key: ${p.value}; each line must be the SHA-256 of a SubjectPublicKeyInfo (64 hex digits or base64), a fingerprint of openssl-blacklist (20 hex digits) or PEM. Nothing of this part of the list was imported`,
    (p) =>
      `第 ${p.line} 行不是密钥：${p.value}；每行应为 SubjectPublicKeyInfo 的 SHA-256（64 位十六进制或 base64）、openssl-blacklist 指纹（20 位十六进制）或 PEM。本批内容均未导入`,
  ),
  proofSubject: row<{ value: string; expected: string }>(
    'invalidField',
    (p) => `the CSR names the subject CN=${p.value}; to report its key, sign one with CN=${p.expected}`,
    (p) => `CSR 的主题为 CN=${p.value}；报告密钥泄露时，请提交主题为 CN=${p.expected} 的 CSR`,
  ),
  keyReportsLimited: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `too many keys were reported from this network; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `该网络提交的密钥报告过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  subjectTooLong: row<{ field: string; length: number; limit: number }>(
    'invalidField',
    (p) => `the subject's ${p.field} has ${p.length} characters; at most ${p.limit} are allowed`,
    (p) => `主题字段 ${p.field} 长度为 ${p.length} 个字符，上限为 ${p.limit} 个`,
  ),
  subjectInvalid: row<{ field: string; value: string; expected: Wording }>(
    'invalidField',
    (p) => `the subject's ${p.field} must be ${inLanguage(p.expected, 'en')}, not ${p.value}`,
    (p) => `主题字段 ${p.field} 无效：${p.value}（应为${afterChinese(inLanguage(p.expected, 'zh'))}）`,
  ),
} as const;
