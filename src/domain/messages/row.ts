/** One row of the message catalogue: the error code it stands for and its text in each language. */
import type { ErrorCode } from '../error-codes.ts';
import type { Language } from '../language.ts';

export interface Row<P> {
  readonly code: ErrorCode;
  readonly en: (params: P) => string;
  readonly zh: (params: P) => string;
}

export function row<P>(code: ErrorCode, en: (params: P) => string, zh: (params: P) => string): Row<P> {
  return { code, en, zh };
}

export type None = Readonly<Record<string, never>>;

/** The things that messages speak of. */
export const things = {
  order: { en: 'order', zh: '订单' },
  certificate: { en: 'certificate', zh: '证书' },
  account: { en: 'account', zh: '账户' },
  user: { en: 'user', zh: '用户' },
  credential: { en: 'credential', zh: '凭证' },
  key: { en: 'key', zh: '密钥' },
  session: { en: 'session', zh: '登录会话' },
  product: { en: 'product', zh: '产品' },
  accountPrice: { en: 'price of this account for the product', zh: '账户专属价格' },
  name: { en: 'name', zh: '域名' },
  issuance: { en: 'issuance', zh: '签发' },
  validation: { en: 'validation', zh: '验证' },
  approval: { en: 'approval', zh: '审批申请' },
  challenge: { en: 'challenge', zh: '验证' },
  acmeOrder: { en: 'ACME order', zh: 'ACME 订单' },
  request: { en: 'request', zh: '审批申请' },
  authorization: { en: 'authorization', zh: '域名授权' },
  authority: { en: 'authority', zh: '签发机构' },
  authorityRequest: { en: 'request for a CA certificate', zh: 'CA 证书请求' },
  privateKey: { en: 'private key', zh: '私钥' },
  organization: { en: 'organization', zh: '组织' },
  container: { en: 'container', zh: '部门' },
  containerTemplate: { en: 'container template', zh: '部门模板' },
  customField: { en: 'custom field', zh: '自定义字段' },
  managedDomain: { en: 'domain', zh: '域名' },
  webhook: { en: 'webhook', zh: 'Webhook' },
  externalAccountKey: { en: 'ACME key', zh: 'ACME 密钥' },
  job: { en: 'job', zh: '任务' },
  delivery: { en: 'webhook delivery', zh: 'Webhook 推送' },
  contact: { en: 'contact', zh: '联系人' },
  mailbox: { en: 'mailbox', zh: '邮箱' },
  note: { en: 'note', zh: '备注' },
  share: { en: 'link', zh: '分享链接' },
  noteVersion: { en: 'version of the note', zh: '备注版本' },
  roleGrant: { en: 'role grant', zh: '授权申请' },
  upstream: { en: 'upstream account', zh: '上游账户' },
  upstreamOrder: { en: 'upstream order', zh: '上游订单' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type Thing = keyof typeof things;

export function thingEn(thing: Thing): string {
  return thingIn(thing, 'en');
}

export function thingZh(thing: Thing): string {
  return thingIn(thing, 'zh');
}

/** A reason that was stored by another version may name a thing that is not in the table. It shows as its key. */
function thingIn(thing: Thing, language: Language): string {
  return Object.hasOwn(things, thing) ? things[thing][language] : thing;
}

/** How names of private networks are opened: the same words wherever one is refused. */
export const allowedBy = {
  en: 'for a private network the operator sets validation.dangerAllowAddresses (certmux init --private-network does)',
  zh: '如为内网地址，请管理员设置 validation.dangerAllowAddresses（certmux init --private-network 会自动设置）',
} as const;
