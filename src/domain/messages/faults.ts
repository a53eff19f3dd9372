/** Faults of what was sent, an encoding, a signature or a certificate, for messages to quote: each a sentence in both languages, with its own parameters. */
import type { Language } from '../language.ts';
import type { None } from './row.ts';

interface Fault<P> {
  readonly en: (params: P) => string;
  readonly zh: (params: P) => string;
}

function fault<P = None>(en: (params: P) => string, zh: (params: P) => string): Fault<P> {
  return { en, zh };
}

type ParamsOf<F> = F extends Fault<infer P> ? P : never;
/** One fault of the table with its parameters: `{ fault: 'cutOff', element: 'INTEGER', length: 5, left: 3 }`. */
type FaultOf<Table> = {
  [K in keyof Table]: { readonly fault: K } & (ParamsOf<Table[K]> extends None ? unknown : ParamsOf<Table[K]>);
}[keyof Table];

export const derFaults = {
  extraBytes: fault<{ count: number }>(
    (p) => `${p.count} unexpected bytes`,
    (p) => `有 ${p.count} 个多余的字节`,
  ),
  elementMissing: fault(
    () => 'an element is missing',
    () => '缺少一个元素',
  ),
  tooDeep: fault<{ limit: number }>(
    (p) => `nested deeper than ${p.limit} levels`,
    (p) => `嵌套超过 ${p.limit} 层`,
  ),
  badBoolean: fault(
    () => 'BOOLEAN is not 00 or FF',
    () => 'BOOLEAN 既不是 00 也不是 FF',
  ),
  fullNull: fault(
    () => 'NULL is not empty',
    () => 'NULL 不为空',
  ),
  empty: fault<{ element: string }>(
    (p) => `${p.element} is empty`,
    (p) => `${p.element} 为空`,
  ),
  notMinimal: fault<{ element: string }>(
    (p) => `${p.element} is not minimal`,
    (p) => `${p.element} 不是最短编码`,
  ),
  negative: fault(
    () => 'INTEGER is negative',
    () => 'INTEGER 为负数',
  ),
  outOfRange: fault(
    () => 'INTEGER is out of range',
    () => 'INTEGER 超出范围',
  ),
  badOid: fault(
    () => 'OBJECT IDENTIFIER is not minimal or too long',
    () => 'OBJECT IDENTIFIER 不是最短编码或过长',
  ),
  partialBytes: fault(
    () => 'BIT STRING does not hold whole bytes',
    () => 'BIT STRING 不是整字节',
  ),
  unusedBits: fault(
    () => 'BIT STRING has set or missing unused bits',
    () => 'BIT STRING 的未用位有误',
  ),
  otherElement: fault<{ found: string; expected: string }>(
    (p) => `${p.found} instead of ${p.expected}`,
    (p) => `应为 ${p.expected}，实为 ${p.found}`,
  ),
  longTag: fault(
    () => 'a tag of several bytes',
    () => '标签占用多个字节',
  ),
  indefiniteLength: fault(
    () => 'indefinite length',
    () => '长度不定',
  ),
  impossibleLength: fault<{ element: string }>(
    (p) => `${p.element} claims an impossible length`,
    (p) => `${p.element} 声明的长度无效`,
  ),
  lengthNotMinimal: fault(
    () => 'length is not minimal',
    () => '长度不是最短编码',
  ),
  cutOff: fault<{ element: string; length: number; left: number }>(
    (p) => `${p.element} of ${p.length} bytes is cut off after ${p.left}`,
    (p) => `${p.element} 应有 ${p.length} 字节，在 ${p.left} 字节后被截断`,
  ),
  missingOrCutOff: fault<{ element: string }>(
    (p) => `${p.element} is missing or cut off`,
    (p) => `${p.element} 缺失或被截断`,
  ),
  ed25519Length: fault<{ length: number }>(
    (p) => `an Ed25519 key of ${p.length} bytes`,
    (p) => `Ed25519 密钥长 ${p.length} 字节`,
  ),
  twoAlgorithms: fault(
    () => 'two different signature algorithms',
    () => '两处签名算法不一致',
  ),
  notUtf8: fault(
    () => 'UTF8String is not UTF-8',
    () => 'UTF8String 不是 UTF-8',
  ),
  stringMissing: fault(
    () => 'a string is missing',
    () => '缺少字符串',
  ),
  stringCutOff: fault<{ length: number }>(
    (p) => `a string of ${p.length} bytes is cut off`,
    (p) => `${p.length} 字节的字符串被截断`,
  ),
  noCharacter: fault(
    () => 'a string holds an invalid character',
    () => '字符串中有无效字符',
  ),
  unknownVersion: fault(
    () => 'an unknown version',
    () => '版本未知',
  ),
  extensionTwice: fault<{ extension: string }>(
    (p) => `the extension ${p.extension} appears twice`,
    (p) => `扩展 ${p.extension} 重复`,
  ),
  ipLength: fault(
    () => 'an IP address has neither 4 nor 16 bytes',
    () => 'IP 地址既不是 4 字节也不是 16 字节',
  ),
  timeForm: fault(
    () => 'a time is not in the form of RFC 5280',
    () => '时间格式不符合 RFC 5280',
  ),
  timeUnreal: fault(
    () => 'a time does not exist',
    () => '时间不存在',
  ),
} as const;

export const pemFaults = {
  empty: fault(
    () => 'it is empty',
    () => '内容为空',
  ),
  otherLabel: fault<{ found: string; expected: string }>(
    (p) => `it holds ${p.found}, not ${p.expected}`,
    (p) => `其中是 ${p.found}，而不是 ${p.expected}`,
  ),
  lineMissing: fault<{ line: string }>(
    (p) => `there is no line ${p.line}`,
    (p) => `没有 ${p.line} 行`,
  ),
  endMissing: fault<{ line: string }>(
    (p) => `there is no line ${p.line}: it may be cut off`,
    (p) => `没有 ${p.line} 行，内容可能被截断`,
  ),
  beginOpen: fault(
    () => 'its BEGIN line does not end in -----',
    () => 'BEGIN 行没有以 ----- 结尾',
  ),
  dashesBefore: fault<{ line: 'BEGIN' | 'END'; count: number }>(
    (p) => `the ${p.line} line has ${p.count} dashes in front instead of 5`,
    (p) => `${p.line} 行开头有 ${p.count} 个连字符，应为 5 个`,
  ),
  dashesAfter: fault<{ line: 'BEGIN' | 'END'; count: number }>(
    (p) => `the ${p.line} line has ${p.count} dashes at its end instead of 5`,
    (p) => `${p.line} 行末尾有 ${p.count} 个连字符，应为 5 个`,
  ),
  plusLost: fault(
    () =>
      'blanks stand inside its base64, where a form may have lost every +, and with + in their places it is no CSR with a valid signature; write + as %2B in forms',
    () =>
      'base64 中有空格，可能是表单提交时丢失了 +；将空格还原为 + 后仍不是签名有效的 CSR。提交表单时请将 + 编码为 %2B',
  ),
  paddingInside: fault(
    () => 'a = stands inside the base64',
    () => 'base64 中间有 =',
  ),
  badCharacter: fault<{ character: string }>(
    (p) => `${p.character} is not a base64 character`,
    (p) => `${p.character} 不是 base64 字符`,
  ),
  badLength: fault<{ count: number }>(
    (p) => `its ${p.count} base64 characters are not a multiple of 4`,
    (p) => `base64 共 ${p.count} 个字符，不是 4 的倍数`,
  ),
  keyUnreadable: fault<{ label: string }>(
    (p) => `the ${p.label} inside cannot be read`,
    (p) => `其中的 ${p.label} 无法读取`,
  ),
  keyMissing: fault(
    () => 'it holds no unencrypted private key',
    () => '其中没有未加密的私钥',
  ),
} as const;

export const modulusFaults = {
  even: fault(
    () => 'it is even',
    () => '是偶数',
  ),
  divisible: fault<{ factor: number }>(
    (p) => `it is divisible by ${p.factor}`,
    (p) => `可被 ${p.factor} 整除`,
  ),
  roca: fault(
    () => 'it was made by a chip with the ROCA flaw (CVE-2017-15361)',
    () => '由存在 ROCA 漏洞（CVE-2017-15361）的芯片生成',
  ),
  prime: fault(
    () => 'it is prime, so anybody can compute the private key',
    () => '是素数，任何人都能算出私钥',
  ),
  power: fault(
    () => 'it is a power of a single number, so anybody can compute the private key',
    () => '是某个整数的幂，任何人都能算出私钥',
  ),
  closeFactors: fault(
    () => 'its factors are close together (Fermat factorization)',
    () => '两个素因子过于接近（费马分解）',
  ),
} as const;

/** The reasons why a certificate from an upstream is refused. */
export const certificateFaults = {
  unreadable: fault<Readonly<Record<Language, string>>>(
    (p) => p.en,
    (p) => p.zh,
  ),
  isCa: fault(
    () => 'it is a CA certificate',
    () => '是 CA 证书',
  ),
  anotherKey: fault(
    () => 'it is for another key than the CSR',
    () => '公钥与 CSR 不一致',
  ),
  anotherKeyCame: fault(
    () => 'it is for another key than the one that came with it',
    () => '与随附的私钥不匹配',
  ),
  noKeyCame: fault(
    () => 'it came without the key that was made for it',
    () => '未附其私钥',
  ),
  missingNames: fault<{ names: string }>(
    (p) => `it lacks ${p.names}`,
    (p) => `缺少 ${p.names}`,
  ),
  furtherNames: fault<{ names: string }>(
    (p) => `it also names ${p.names}`,
    (p) => `多出 ${p.names}`,
  ),
  noIssuer: fault(
    () => 'it came without the certificate of its issuer',
    () => '未附签发机构的证书',
  ),
  storedAlready: fault<{ certificate: number }>(
    (p) => `it is certificate ${p.certificate}, which is stored already`,
    (p) => `与已保存的证书 ${p.certificate} 相同`,
  ),
  ofAnotherIssuance: fault<{ certificate: number }>(
    (p) => `it is certificate ${p.certificate}, which another issuance holds`,
    (p) => `即证书 ${p.certificate}，属于另一次签发`,
  ),
  notYetValid: fault<{ place: number; of: number; at: string }>(
    (p) => `certificate ${p.place} of ${p.of} is not valid before ${p.at}`,
    (p) => `证书链第 ${p.place} 张证书（共 ${p.of} 张）自 ${p.at} 起才有效`,
  ),
  expired: fault<{ place: number; of: number; at: string }>(
    (p) => `certificate ${p.place} of ${p.of} expired at ${p.at}`,
    (p) => `证书链第 ${p.place} 张证书（共 ${p.of} 张）已于 ${p.at} 过期`,
  ),
  notCa: fault<{ place: number; of: number }>(
    (p) => `certificate ${p.place} of ${p.of} is not a CA`,
    (p) => `证书链第 ${p.place} 张证书（共 ${p.of} 张）不是 CA 证书`,
  ),
  notSigned: fault<{ place: number; of: number }>(
    (p) => `certificate ${p.place} of ${p.of} is not signed by the next`,
    (p) => `证书链第 ${p.place} 张证书（共 ${p.of} 张）不是由下一张签发的`,
  ),
} as const;

/** Faults of a JSON Web Signature in the form of RFC 8555 §6.2. */
export const jwsFaults = {
  notJson: fault<{ part: string }>(
    (p) => `${p.part} is not a JSON object`,
    (p) => `${p.part} 不是 JSON 对象`,
  ),
  zeroCharacter: fault<{ part: string }>(
    (p) => `${p.part} has a text with the character U+0000`,
    (p) => `${p.part} 的文本中含有 U+0000（空字符）`,
  ),
  repeatedMember: fault<{ part: string; member: string }>(
    (p) => `${p.part} has the member ${p.member} twice`,
    (p) => `${p.part} 中的成员 ${p.member} 重复`,
  ),
  memberMissing: fault<{ part: string; member: string }>(
    (p) => `${p.part} lacks ${p.member}, or it is not a string`,
    (p) => `${p.part} 缺少 ${p.member}，或其值不是字符串`,
  ),
  otherMember: fault<{ part: string; member: string }>(
    (p) => `${p.part} has the member ${p.member}; only protected, payload and signature may stand in it`,
    (p) => `${p.part} 含有成员 ${p.member}，只允许 protected、payload 和 signature`,
  ),
  notBase64url: fault<{ part: string }>(
    (p) => `${p.part} is not base64url without padding`,
    (p) => `${p.part} 不是无填充的 base64url`,
  ),
  extension: fault<{ part: string; member: string }>(
    (p) => `${p.part} has ${p.member}, an extension that is not accepted`,
    (p) => `${p.part} 含有不支持的扩展 ${p.member}`,
  ),
  keyAndId: fault<{ part: string }>(
    (p) => `${p.part} needs exactly one of jwk and kid`,
    (p) => `${p.part} 必须且只能含有 jwk 和 kid 之一`,
  ),
  otherUrl: fault<{ part: string }>(
    (p) => `the url of ${p.part} is not that of the request`,
    (p) => `${p.part} 的 url 与请求的 url 不符`,
  ),
  otherOldKey: fault<{ part: string }>(
    (p) => `the oldKey of ${p.part} is not the key of the account`,
    (p) => `${p.part} 中的 oldKey 不是账户当前的密钥`,
  ),
  sameKey: fault<{ part: string }>(
    (p) => `the new key of ${p.part} is the key that the account has already`,
    (p) => `${p.part} 中的新密钥与账户当前的密钥相同`,
  ),
  otherAccount: fault<{ part: string }>(
    (p) => `the account of ${p.part} is not the one that signs the request`,
    (p) => `${p.part} 中的 account 与签名请求的账户不符`,
  ),
  nonceInside: fault<{ part: string }>(
    (p) => `${p.part} must not have a nonce`,
    (p) => `${p.part} 不得含有 nonce`,
  ),
  otherAlgorithm: fault<{ algorithm: string; key: string }>(
    (p) => `alg is ${p.algorithm}, which is not what a key of type ${p.key} signs with`,
    (p) => `alg 为 ${p.algorithm}，与 ${p.key} 密钥不符`,
  ),
} as const;

/** Of a TXT record that stays for good: RFC 8659 §4.2, draft-ietf-acme-dns-persist §4.1. */
export const recordFaults = {
  badIssuer: fault(
    () => 'what stands before its first semicolon is not a domain name',
    () => '第一个分号之前的内容不是域名',
  ),
  notTagValue: fault<{ parameter: string }>(
    (p) => `${p.parameter} is not a parameter of the form tag=value`,
    (p) => `${p.parameter} 不是 tag=value 形式的参数`,
  ),
  badTag: fault<{ tag: string }>(
    (p) => `the tag ${p.tag} has other characters than letters, digits and hyphens`,
    (p) => `参数名 ${p.tag} 含有字母、数字和连字符以外的字符`,
  ),
  badValue: fault<{ tag: string }>(
    (p) => `the value of ${p.tag} has blanks or other characters that are not allowed`,
    (p) => `${p.tag} 的值含有空白或其他不允许的字符`,
  ),
  repeatedTag: fault<{ tag: string }>(
    (p) => `it has ${p.tag} more than once`,
    (p) => `${p.tag} 重复出现`,
  ),
  noAccount: fault(
    () => 'it has no accounturi',
    () => '缺少 accounturi',
  ),
  badAccountHash: fault(
    () => 'its accounturi is not a SHA-256 in base64url behind sha-256/',
    () => 'accounturi 中 sha-256/ 之后不是 base64url 编码的 SHA-256 值',
  ),
  badUntil: fault<{ value: string }>(
    (p) => `its persistUntil is ${p.value}, not a whole number of seconds since 1970`,
    (p) => `persistUntil 为 ${p.value}，应为自 1970 年起的整秒数`,
  ),
};

/** Of a line of the index that `openssl ca` keeps. */
export const indexFaults = {
  fields: fault<{ count: number }>(
    (p) => `it has ${p.count} fields where six are expected, with tabs between them`,
    (p) => `有 ${p.count} 个字段，应为以制表符分隔的 6 个字段`,
  ),
  status: fault<{ found: string }>(
    (p) => `the first field is ${p.found}, not V (valid), R (revoked) or E (expired)`,
    (p) => `第一个字段为 ${p.found}，应为 V（有效）、R（已吊销）或 E（已过期）`,
  ),
  end: fault<{ found: string }>(
    (p) => `the end of the certificate is ${p.found}, no time like 270131120000Z or 20510131120000Z`,
    (p) => `证书到期时间 ${p.found} 无效，格式应如 270131120000Z 或 20510131120000Z`,
  ),
  revocationMissing: fault(
    () => 'it is revoked (R), and the third field does not say when',
    () => '该行为已吊销（R），但第三个字段没有吊销时间',
  ),
  revocationUnexpected: fault<{ status: string }>(
    (p) => `the third field has a time of revocation, and the first is ${p.status}, not R`,
    (p) => `第三个字段有吊销时间，但第一个字段为 ${p.status} 而不是 R`,
  ),
  revokedAt: fault<{ found: string }>(
    (p) => `the time of the revocation is ${p.found}, no time like 260131120000Z`,
    (p) => `吊销时间 ${p.found} 无效，格式应如 260131120000Z`,
  ),
  reason: fault<{ found: string }>(
    (p) => `the reason of the revocation is ${p.found}, which is none of RFC 5280, such as keyCompromise`,
    (p) => `吊销原因 ${p.found} 不是 RFC 5280 定义的原因（例如 keyCompromise）`,
  ),
  serial: fault<{ found: string }>(
    (p) => `the serial number is ${p.found}, not hex of at most 20 bytes`,
    (p) => `序列号 ${p.found} 不是最多 20 字节的十六进制数`,
  ),
  serialTwice: fault<{ serial: string; line: number }>(
    (p) => `the serial number ${p.serial} is on line ${p.line} already`,
    (p) => `序列号 ${p.serial} 已在第 ${p.line} 行出现`,
  ),
} as const;

export type DerFault = FaultOf<typeof derFaults>;
export type IndexFault = FaultOf<typeof indexFaults>;
export type PemFault = FaultOf<typeof pemFaults>;
export type ModulusFault = FaultOf<typeof modulusFaults>;
export type JwsFault = FaultOf<typeof jwsFaults>;
export type CertificateFault = FaultOf<typeof certificateFaults>;
export type RecordFault = FaultOf<typeof recordFaults>;

export function derFaultText(detail: DerFault, language: Language): string {
  return textOf(derFaults, detail, language);
}

export function indexFaultText(detail: IndexFault, language: Language): string {
  return textOf(indexFaults, detail, language);
}

export function pemFaultText(detail: PemFault, language: Language): string {
  return textOf(pemFaults, detail, language);
}

export function modulusFaultText(detail: ModulusFault, language: Language): string {
  return textOf(modulusFaults, detail, language);
}

export function certificateFaultText(detail: CertificateFault, language: Language): string {
  return textOf(certificateFaults, detail, language);
}

export function recordFaultText(detail: RecordFault, language: Language): string {
  return textOf(recordFaults, detail, language);
}

export function jwsFaultText(detail: JwsFault, language: Language): string {
  return textOf(jwsFaults, detail, language);
}

/** A reason that was stored by another version may hold a fault that the table does not have. It shows as its key. */
function textOf(
  table: Readonly<Record<string, Readonly<Record<Language, (params: never) => string>>>>,
  detail: { readonly fault: string },
  language: Language,
): string {
  const row = typeof detail === 'object' && Object.hasOwn(table, detail.fault) ? table[detail.fault] : undefined;
  if (row === undefined) return String(detail.fault ?? detail);
  return (row[language] as (params: unknown) => string)(detail);
}
