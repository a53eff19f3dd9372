/** What our account at an ACME CA lacks: for the operator, who configures it. Orders there wait meanwhile. */
import { row } from './row.ts';

export const acmeUpstreamReasons = {
  upstreamTermsNotAgreed: row<{ account: string; directory: string; terms: string }>(
    'unavailable',
    (p) =>
      `upstream account ${p.account} is not registered at ${p.directory}: read the terms of service at ${p.terms}, then set termsAgreed: true there`,
    (p) =>
      `上游账户 ${p.account} 尚未在 ${p.directory} 注册：请先阅读服务条款 ${p.terms}，再将该账户的 termsAgreed 设为 true`,
  ),
  upstreamBindingMissing: row<{ account: string; directory: string }>(
    'unavailable',
    (p) =>
      `upstream account ${p.account} is not registered at ${p.directory}, which asks for an external account binding: get a key ID and an HMAC key from the CA and set externalKey there`,
    (p) =>
      `上游账户 ${p.account} 尚未在 ${p.directory} 注册：该 CA 要求外部账户绑定，请向其获取密钥 ID 和 HMAC 密钥，并在该账户设置 externalKey`,
  ),
  upstreamContactMissing: row<{ account: string; directory: string }>(
    'unavailable',
    (p) =>
      `upstream account ${p.account} is not registered at ${p.directory}, which asks for an e-mail address: set contacts there`,
    (p) => `上游账户 ${p.account} 尚未在 ${p.directory} 注册：该 CA 要求填写邮箱地址，请在该账户设置 contacts`,
  ),
  upstreamNotRegistered: row<{ account: string; directory: string }>(
    'wrongState',
    (p) => `upstream account ${p.account} is not registered at ${p.directory} yet; its first order registers it`,
    (p) => `上游账户 ${p.account} 尚未在 ${p.directory} 注册，首个订单会自动注册`,
  ),
  upstreamKeyChangeUnsupported: row<{ account: string; directory: string }>(
    'unsupported',
    (p) => `the key of upstream account ${p.account} cannot be changed: ${p.directory} does not offer it`,
    (p) => `无法更换上游账户 ${p.account} 的密钥：${p.directory} 不支持更换`,
  ),
} as const;
