/** One row of the message catalogue: the error code it stands for and its text in each language. */
import type { ErrorCode } from '../errors.ts';

export interface Row<P> {
  readonly code: ErrorCode;
  readonly en: (params: P) => string;
  readonly zh: (params: P) => string;
}

export function row<P>(code: ErrorCode, en: (params: P) => string, zh: (params: P) => string): Row<P> {
  return { code, en, zh };
}

export type None = Readonly<Record<string, never>>;

/** The things that messages speak of, in Chinese; in English the key itself is the word. */
const thingsZh = {
  order: '订单',
  certificate: '证书',
  account: '账户',
  user: '用户',
  credential: '凭证',
  product: '产品',
  name: '域名',
  issuance: '签发',
  validation: '验证',
  approval: '审批',
  authority: '签发机构',
  privateKey: '私钥',
  organization: '组织',
  container: '部门',
  containerTemplate: '部门模板',
  customField: '自定义字段',
  managedDomain: '域名',
  webhook: 'Webhook',
  externalAccountKey: 'ACME 密钥',
  delivery: '通知',
  contact: '联系人',
  mailbox: '邮箱',
  note: '备注',
  roleGrant: '授权申请',
  upstream: '上游账户',
  upstreamOrder: '上游订单',
} as const;

export type Thing = keyof typeof thingsZh;

export function thingZh(thing: Thing): string {
  return thingsZh[thing];
}
