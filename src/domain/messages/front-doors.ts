/** Refusals that only some front doors have a call for. */
import type { ValidationMethod } from '../validation-method.ts';
import type { Phrase } from './expectations.ts';
import { type None, row } from './row.ts';
import { inLanguage, methodInChinese, type Wording } from './words.ts';

const recordsEn = {
  httpFile: 'the random value in the proof file',
  httpsFile: 'the random value in the proof file',
  tlsAlpn: 'the certificate of the TLS-ALPN challenge',
  dnsCname: 'a valid CNAME record',
  dnsTxt: 'a valid TXT record',
  dnsPersist: 'a TXT record that names the account',
  email: 'a confirmation by e-mail',
} as const satisfies Record<ValidationMethod, string>;

export const frontDoorReasons = {
  tooManyRequests: row<{ limit: number; windowSeconds: number; retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `this key sent more than ${p.limit} requests in ${p.windowSeconds} seconds; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `该密钥在 ${p.windowSeconds} 秒内的请求超过 ${p.limit} 次，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  sessionTooManyRequests: row<{ limit: number; windowSeconds: number; retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `this session sent more than ${p.limit} requests in ${p.windowSeconds} seconds; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `该登录会话在 ${p.windowSeconds} 秒内的请求超过 ${p.limit} 次，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  tooManyStreams: row<{ limit: number; retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `${p.limit} streams of changes are open with this session or key already; close one, or try again in ${p.retryAfterSeconds} seconds`,
    (p) => `此会话或凭证已打开 ${p.limit} 个变更流，请先关闭一个，或在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  serverHasTooManyStreams: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `the server has as many streams of changes open as it can; read the objects themselves, and try again in ${p.retryAfterSeconds} seconds`,
    (p) => `服务器打开的变更流已达上限，请改为直接读取对象，并在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  tooManyWaiting: row<{ limit: number; retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `${p.limit} requests of yours wait for their turn already; send fewer at a time, and this one again in ${p.retryAfterSeconds} seconds`,
    (p) => `已有 ${p.limit} 个请求在排队等待处理，请减少并发，并在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  tooManyRefusals: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `too many requests were refused because a limit is reached; wait ${p.retryAfterSeconds} seconds before any other request`,
    (p) => `过多请求因超出限制而被拒绝，请等待 ${p.retryAfterSeconds} 秒后再发送其他请求`,
  ),
  timeFrameTooLong: row<{ days: number }>(
    'invalidField',
    (p) => `the time frame is longer than ${p.days} days`,
    (p) => `时间范围超过 ${p.days} 天`,
  ),
  productAmbiguous: row<{ field: string; products: string }>(
    'unknownProduct',
    (p) => `${p.field} fits more than one product (${p.products}): order one of them by its own name`,
    (p) => `${p.field} 对应多个产品（${p.products}），请按产品名称下单`,
  ),
  productNotTls: row<{ value: string }>(
    'unsupported',
    (p) => `${p.value} is no TLS product: this server issues TLS certificates only`,
    (p) => `${p.value} 不是 TLS 产品，本服务器只签发 TLS 证书`,
  ),
  proofsNotFound: row<{ method: ValidationMethod; names: string }>(
    'validationFailed',
    (p) => `could not find ${recordsEn[p.method] ?? p.method} for ${p.names}`,
    (p) => `未找到 ${p.names} 的 ${methodInChinese(p.method)} 验证信息`,
  ),
  proofsByMail: row<{ names: string }>(
    'validationFailed',
    (p) => `${p.names} is proved by e-mail: there is no record to look for`,
    (p) => `${p.names} 使用邮箱验证，没有可检查的记录，请在邮件中确认`,
  ),
  proofTooOld: row<{ name: string }>(
    'validationFailed',
    (p) => `the random value of ${p.name} has expired; request a new one and place it`,
    (p) => `${p.name} 的验证随机值已过期，请重新生成并放置`,
  ),
  mailTokenUnknown: row<None>(
    'notFound',
    () => 'no mail with this token was sent to this address',
    () => '未向该邮箱发送过包含此令牌的邮件',
  ),
  mailTokenOver: row<None>(
    'wrongState',
    () =>
      'this mail can no longer be used: it is too old, a newer one has replaced it, or the name was decided in another way',
    () => '此邮件已失效：已过期、已被新邮件取代，或域名已通过其他方式处理',
  ),
  renewalTooEarly: row<{ order: string; from: string }>(
    'wrongState',
    (p) => `order ${p.order} can be renewed from ${p.from} on`,
    (p) => `订单 ${p.order} 自 ${p.from} 起可以续订`,
  ),
  contactTwice: row<{ field: string; value: string; expected: Wording }>(
    'invalidField',
    (p) => `${p.field} repeats ${p.value}: there may be ${inLanguage(p.expected, 'en')}`,
    (p) => `${p.field} 重复：${p.value}（只能有 ${inLanguage(p.expected, 'zh')}）`,
  ),
  webhookExists: row<{ number: number }>(
    'conflict',
    (p) => `this account already has webhook ${p.number}; change that one`,
    (p) => `该账户已有 Webhook ${p.number}，请直接修改`,
  ),
  webhookUnproved: row<{ number: number }>(
    'wrongState',
    (p) => `webhook ${p.number} is not verified yet; have the token sent to it, then send that token back`,
    (p) => `Webhook ${p.number} 尚未通过验证，请先向其发送令牌，再将令牌回传`,
  ),
  webhookTokenWrong: row<None>(
    'invalidField',
    () => 'token is not the one that was sent to this webhook in the last 30 minutes',
    () => 'token 不是最近 30 分钟内发送给该 Webhook 的令牌',
  ),
  urlUndeliverable: row<{ field: string; value: string; detail: Wording }>(
    'invalidField',
    (p) => `nothing can be delivered to ${p.field} ${p.value}: ${inLanguage(p.detail, 'en')}`,
    (p) => `无法向参数 ${p.field} 的地址 ${p.value} 推送：${inLanguage(p.detail, 'zh')}`,
  ),
  orderFailed: row<{ order: string; detail: Wording }>(
    'wrongState',
    (p) => `the order ${p.order} has failed: ${inLanguage(p.detail, 'en')}`,
    (p) => `订单 ${p.order} 已失败：${inLanguage(p.detail, 'zh')}`,
  ),
  callbackInClear: row<{ field: string; value: string }>(
    'invalidField',
    (p) =>
      `${p.field} ${p.value} would receive the private key unencrypted; use https, or have the operator set webhooks.dangerSendKeysInClear`,
    (p) =>
      `参数 ${p.field} 的地址 ${p.value} 将以明文接收私钥：请改用 https，或由管理员设置 webhooks.dangerSendKeysInClear`,
  ),
  keyNotSentInClear: row<{ url: string }>(
    'validationFailed',
    (p) =>
      `the private key is not sent to ${p.url} unencrypted; use https, or have the operator set webhooks.dangerSendKeysInClear`,
    (p) => `不会以明文向 ${p.url} 发送私钥：请改用 https，或由管理员设置 webhooks.dangerSendKeysInClear`,
  ),
  webhookNotTaken: row<{ url: string; answer: Phrase }>(
    'validationFailed',
    (p) => `${p.url} did not accept the message: ${p.answer.en}`,
    (p) => `${p.url} 未接受消息：${p.answer.zh}`,
  ),
  webhookStatus: row<{ status: number }>(
    'validationFailed',
    (p) => `HTTP status ${p.status}`,
    (p) => `HTTP 状态码 ${p.status}`,
  ),
  certificateNotIssued: row<{ value: string }>(
    'wrongState',
    (p) => `certificate ${p.value} has not been issued yet; try again later`,
    (p) => `证书 ${p.value} 尚未签发，请稍后重试`,
  ),
  primaryCertificate: row<{ value: string }>(
    'wrongState',
    (p) =>
      `certificate ${p.value} is the one that counts in its order; only earlier ones and duplicates can be archived`,
    (p) => `证书 ${p.value} 是订单的当前证书，只能归档旧证书和副本`,
  ),
  validityBeyondOrder: row<{ field: string }>(
    'invalidField',
    (p) => `${p.field} is longer than the order itself`,
    (p) => `${p.field} 超过了订单的有效期`,
  ),
} as const;
