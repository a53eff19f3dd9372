/** Documentation of this API besides its operations. */
import { z } from 'zod';
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { keyHeader } from './auth.ts';
import { errors } from './errors.ts';
import examples from './examples.json' with { type: 'json' };

const refusal = z.object({
  errors: z.array(
    z.object({
      code: z.string().meta({ description: 'What kind of error: a word, or a word and what it is about.' }),
      message: z.string().meta({ description: 'What is wrong, in one sentence.' }),
    }),
  ),
});

export const docs: DialectDocs = {
  about: {
    en: [
      'The Services API v2 of DigiCert CertCentral, in the part that TLS certificates need: orders and their approval, certificates',
      'and downloads, domains, organizations, containers, users, products, keys, webhooks.',
      '',
      'An order goes to `/order/certificate/{product}`. Whether somebody has to approve it is the policy of the account; which domains and',
      'organizations are validated already decides whether the certificate stands in the answer. Otherwise poll the order until its',
      '`status` is `issued`, and download the certificate by the `certificate.id` that the order shows.',
      '',
      `Every call needs the header \`${keyHeader}\`. Unknown fields and query parameters are passed over, zero values and nulls are read as "not sent".`,
    ].join('\n'),
    zh: [
      'DigiCert CertCentral Services API v2 中与 TLS 证书有关的部分：订单与审批、证书与下载、域名、组织、部门、用户、产品、密钥和 Webhook。',
      '',
      '订单提交到 `/order/certificate/{product}`。是否需要审批由账户的策略决定；域名和组织若已通过验证，应答中直接包含证书。否则轮询订单，`status` 变为 `issued` 后，用订单中的 `certificate.id` 下载证书。',
      '',
      `所有请求都必须带 \`${keyHeader}\` 请求头。未知的字段和参数会被忽略，零值和 null 视为未填写。`,
    ].join('\n'),
  },
  groups: {
    order: { en: 'Orders', zh: '订单' },
    certificate: { en: 'Certificates', zh: '证书' },
    request: { en: 'Requests for approval', zh: '审批申请' },
    report: { en: 'Reports', zh: '统计' },
    domain: { en: 'Domains', zh: '域名' },
    organization: { en: 'Organizations', zh: '组织' },
    container: { en: 'Containers', zh: '部门' },
    user: { en: 'Users', zh: '用户' },
    account: { en: 'Account', zh: '账户' },
    authorization: { en: 'Permissions', zh: '权限' },
    metadata: { en: 'Custom fields', zh: '自定义字段' },
    product: { en: 'Products', zh: '产品' },
    key: { en: 'Keys', zh: '密钥' },
    webhook: { en: 'Webhooks', zh: '回调通知（Webhook）' },
    emailValidation: { en: 'Mails that prove control', zh: '验证邮件' },
    competitiveReplacement: { en: 'Sales tools', zh: '销售工具' },
  },
  securitySchemes: {
    key: {
      type: 'apiKey',
      in: 'header',
      name: keyHeader,
      description: '`<key>`',
    },
  },
  error: { schema: refusal },
  refusals: refusalsOf(errors, ({ status, code }) => ({ status, shows: `\`${code}\`` })),
  examples,
};
