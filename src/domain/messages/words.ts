/**
 * Words that messages take as parameters: in English the key itself, in Chinese its word here. A text that is not a key,
 * such as the name of a field, stays as it is in both.
 */

import type { Language } from '../language.ts';
import type { Role } from '../role.ts';
import type {
  AcmeOrderStanding,
  AcmeOrderState,
  ApprovalState,
  AuthorizationState,
  CertificateState,
  DeliveryState,
  IssuanceState,
  OrderState,
  RoleGrantState,
} from '../states.ts';
import type { ValidationMethod } from '../validation-method.ts';

/** A text for people, in both languages where it has both. */
export type Wording = string | Readonly<Record<Language, string>>;

export function inLanguage(wording: Wording, language: Language): string {
  return typeof wording === 'string' ? wording : wording[language];
}

/** A text behind Chinese words: a space sets off what does not begin in Chinese itself. */
export function afterChinese(text: string): string {
  return /^[\u4e00-\u9fff]/.test(text) ? text : ` ${text}`;
}

type State =
  | AcmeOrderStanding
  | AcmeOrderState
  | OrderState
  | IssuanceState
  | AuthorizationState
  | ApprovalState
  | CertificateState
  | DeliveryState
  | RoleGrantState
  | 'active'
  | 'inactive'
  | 'disabled'
  | 'removed';

const statesZh = {
  open: '处理中',
  active: '有效',
  ended: '已到期',
  placed: '已提交',
  revoked: '已吊销',
  rejected: '已拒绝',
  cancelled: '已取消',
  failed: '失败',
  awaitingApproval: '待审批',
  awaitingValidation: '待验证',
  ready: '待签发',
  issuing: '签发中',
  issued: '已签发',
  pending: '待处理',
  valid: '有效',
  invalid: '无效',
  expired: '已过期',
  submitted: '已提交',
  approved: '已批准',
  disabled: '已停用',
  removed: '已删除',
  confirmed: '已确认',
  withdrawn: '已撤回',
  inactive: '已停用',
  deactivated: '已停用',
  waiting: '等待送达',
  delivered: '已送达',
} as const satisfies Record<State, string>;

/** Words of front doors for states, where those differ from the core's. */
const statusesZh = {
  needs_approval: '待审批',
  processing: '签发中',
  canceled: '已取消',
  reissue_pending: '重签中',
} as const;

export const conditionsZh = {
  ...statesZh,
  ...statusesZh,
  'without a request': '没有审批申请',
  'in use': '使用中',
  'not in use': '未被使用',
  'being checked': '检查中',
  'a pending validation': '尚未完成的验证',
  'an order with a valid certificate': '订单的证书有效',
  'an order with an issued certificate': '订单的证书已签发',
  'an order with a reissue under way': '订单正在重签',
  'an order with a request that waits': '订单有尚未完成的申请',
  'an order without a certificate, or with one that may still be cancelled': '订单尚未签发，或签发时间仍在可取消期限内',
  'an order without an issued renewal': '没有已签发的续订订单',
  'an order with an issued certificate and no issuance under way': '证书已签发，且没有进行中的签发',
} as const;

/** A state, or another condition that an object is in or must be in. */
export type Condition = keyof typeof conditionsZh;

export const rolesZh = {
  operator: '管理员',
  support: '客服',
  auditor: '审计员',
  administrator: '账户管理员',
  approver: '审批人',
  requester: '申请人',
  registrar: '资料管理员',
  userManager: '用户管理员',
  viewer: '只读用户',
} as const satisfies Record<Role, string>;

export const methodsZh = {
  httpFile: 'HTTP 文件',
  httpsFile: 'HTTPS 文件',
  tlsAlpn: 'TLS-ALPN',
  dnsCname: 'DNS CNAME',
  dnsTxt: 'DNS TXT',
  dnsPersist: '长期 DNS TXT',
  email: '邮箱',
} as const satisfies Record<ValidationMethod, string>;

export const encodedZh = {
  'the CSR': 'CSR',
  'the certificate': '证书',
  "the certificate's public key": '证书公钥',
  'the certificate file': '证书文件',
  'the private key': '私钥',
  'the public key': '公钥',
  'the CRL': 'CRL',
} as const;

/** The parts of a CSR by their names in RFC 2986 and RFC 5280, which are the same in all languages. */
export type CsrPart =
  | 'version'
  | 'subject'
  | 'subjectPKInfo'
  | 'attributes'
  | 'extensionRequest'
  | 'subjectAltName'
  | 'signatureAlgorithm'
  | 'signature';

/** What was sent instead of a CSR. */
export const otherThanCsrZh = {
  'a certificate': '证书',
  'a public key': '公钥',
  'PKCS#7': 'PKCS#7 文件',
  'PKCS#12': 'PKCS#12 文件',
} as const;

export type OtherThanCsr = keyof typeof otherThanCsrZh;

export function otherThanCsrInChinese(found: OtherThanCsr): string {
  return wordZh(otherThanCsrZh, found);
}

export const connectionFaultsZh = {
  'refused the connection': '拒绝连接',
  'reset the connection': '重置了连接',
  'cannot be reached': '不可达',
  'is in a network that cannot be reached': '所在网络不可达',
  'did not accept the connection in time': '未及时接受连接',
  'did not answer in time': '未及时应答',
  'cannot be reached through the proxy': '无法通过代理服务器访问',
  'has no address in DNS': '在 DNS 中没有地址',
  'could not be looked up in DNS': '无法在 DNS 中查询',
  'sent an answer that is too large': '返回的内容过大',
  'closed the connection': '关闭了连接',
  'closed the connection without an answer': '未应答即关闭了连接',
  'sent a URL that is not https': '给出的网址不是加密的 HTTP 地址',
  'closed the connection in the middle of the answer': '应答中途关闭了连接',
  'may not be connected to from this server': '被本服务器的系统或防火墙禁止连接',
  'could not be connected to': '连接失败',
  'sent headers that are too large': '返回的头部过大',
  'sent something that is not HTTP': '返回的内容不是 HTTP',
  'sent chunks that cannot be read': '返回的分块数据无法解析',
  'announced several lengths for one answer': '为同一应答声明了多个不同的长度',
  'switched to another protocol': '切换到了其他协议',
  'speaks only TLS 1.0; TLS 1.2 or later is needed': '仅支持 TLS 1.0，需支持 TLS 1.2 或更高版本',
  'speaks only TLS 1.1; TLS 1.2 or later is needed': '仅支持 TLS 1.1，需支持 TLS 1.2 或更高版本',
  'speaks no version of TLS that this server speaks': '支持的 TLS 版本与本服务器（TLS 1.2、1.3）均不相同',
  'does not speak TLS on this port': '该端口提供的不是 TLS 服务',
  'does not speak HTTP/1.1 over TLS': '在 TLS 上不支持 HTTP/1.1',
  'has no TLS site of this name': '没有配置该域名的 TLS 站点',
  'has no cipher in common with this server': '与本服务器没有共同的加密套件',
  'has no cipher in common with this server, or wants a client certificate':
    '与本服务器没有共同的加密套件，或要求客户端证书',
  'wants a client certificate': '要求客户端证书',
  'uses a TLS key that is too weak': '使用的 TLS 密钥强度过低',
  'speaks TLS without secure renegotiation': '不支持 TLS 安全重协商',
  'did not answer the TLS handshake in time': '未及时完成 TLS 握手',
  'closed the connection in the TLS handshake': '在 TLS 握手过程中关闭了连接',
  'ended the TLS handshake': '终止了 TLS 握手',
  'broke the rules of TLS': '返回的 TLS 数据不符合协议',
  'has an expired certificate': '证书已过期',
  'has a certificate that is not valid yet': '证书尚未生效',
  'has a revoked certificate': '证书已吊销',
  'has a certificate for other names': '证书与域名不匹配',
  'has a self-signed certificate': '证书为自签名证书',
  'has a certificate of an issuer that is not trusted': '证书的签发机构不受信任',
  'does not send the intermediate certificates of its certificate': '未发送证书的中间证书',
  'has a certificate that is not good': '证书验证未通过',
  'knows none of the protocols that ALPN offered': '不支持 ALPN 中给出的协议',
  'was not waited for': '未等待其应答',
} as const;

/** Behaviour of the other end of a connection. */
export type ConnectionFault = keyof typeof connectionFaultsZh;

/** Why a key is not certified. */
export const keyFlawsZh = {
  'it is reported as compromised': '该密钥已被报告泄露',
  'it is blocked': '该密钥已被禁用',
  'it is on a list of compromised and weak keys': '该密钥在泄露或弱密钥名单中',
  'its private key is published in a document': '其私钥已在公开文档中发布',
} as const;

export type KeyFlaw = keyof typeof keyFlawsZh;

/** Scope of a block or rule. */
export const placesZh = { everywhere: '对所有账户', 'in this account': '在该账户中' } as const;

export type Place = keyof typeof placesZh;

/** Place at which a text stops being JSON. */
export type JsonFault = 'unexpected end' | 'unexpected character' | `unexpected character at position ${string}`;

type OneOrMore<T> = T | readonly T[];

export type Conditions = OneOrMore<Condition>;
export type Roles = OneOrMore<Role>;

export function listEn(words: OneOrMore<string>, separator: string): string {
  return typeof words === 'string' ? words : words.join(separator);
}

export function conditionsInChinese(conditions: Conditions): string {
  return `“${wordsZh(conditionsZh, conditions)}”`;
}

export function rolesInChinese(roles: Roles, separator = '或'): string {
  return wordsZh(rolesZh, roles, separator);
}

export function methodInChinese(method: ValidationMethod): string {
  return wordZh(methodsZh, method);
}

export function methodsInChinese(methods: OneOrMore<ValidationMethod>): string {
  return wordsZh(methodsZh, methods, '、');
}

/** `the CSR`, its part (`the CSR's subject`), a field's name, or either with the extension that is read: `the CSR (extension 2.5.29.17)`. */
export function encodedInChinese(what: string): string {
  if (what.startsWith("the CSR's ")) return `CSR 的 ${what.slice("the CSR's ".length)}`;
  const [of = what, extension] = what.split(' (extension ');
  return `${wordZh(encodedZh, of)}${extension === undefined ? '' : `（扩展 ${extension.slice(0, -1)}）`}`;
}

/** Not "everywhere", since messages say what is not so. */
export function placeEn(place: Place): string {
  return place === 'everywhere' ? 'for all accounts' : place;
}

export function placeInChinese(place: Place): string {
  return wordZh(placesZh, place);
}

export function keyFlawInChinese(flaw: KeyFlaw): string {
  return wordZh(keyFlawsZh, flaw);
}

/** May carry the TLS alert or error number behind it: `ended the TLS handshake (internal_error)`. */
export function connectionFaultInChinese(text: string): string {
  const [fault = text, code] = text.split(' (');
  return `${wordZh(connectionFaultsZh, fault)}${code === undefined ? '' : `（${code.slice(0, -1)}）`}`;
}

export function jsonFaultInChinese(fault: JsonFault): string {
  const position = /^unexpected character at position (.+)$/.exec(fault)?.[1];
  if (position !== undefined) return `位置 ${position} 处的字符有误`;
  return wordZh({ 'unexpected end': '内容不完整', 'unexpected character': '有无效字符' }, fault);
}

function wordsZh(words: Readonly<Record<string, string>>, keys: OneOrMore<string>, separator = '或'): string {
  return typeof keys === 'string' ? wordZh(words, keys) : keys.map((key) => wordZh(words, key)).join(separator);
}

function wordZh(words: Readonly<Record<string, string>>, key: string): string {
  return (Object.hasOwn(words, key) ? words[key] : undefined) ?? key;
}
