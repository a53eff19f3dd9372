/** Documentation of this API besides its operation. */
import type { DialectDocs, Refusal } from '../kit/docs.ts';
import { descriptions } from './errors.ts';
import examples from './examples.json' with { type: 'json' };
import { errorReply } from './schema.ts';

/** The document's list in other words, for its own are not always telling. */
const meanings: Readonly<Record<number, Refusal['meanings'][number]>> = {
  101: { en: 'no such customer', zh: 'customer_id 错误' },
  102: { en: 'the token is missing or wrong', zh: 'auth_token 缺失或错误' },
  103: { en: 'req_type is none that is known', zh: 'req_type 错误' },
  104: { en: 'the CSR is missing, cannot be read, or its key is not accepted', zh: 'CSR 缺失、无法读取或密钥不被接受' },
  105: { en: 'a name that no certificate can carry', zh: '域名格式错误' },
  106: { en: 'more than five names', zh: '域名超过五个' },
  107: {
    en: 'control of a name could not be proved: `other_msg` says of which',
    zh: '域名验证失败，`other_msg` 为该域名',
  },
  108: { en: 'no pending application has this handle_id', zh: 'handle_id 错误' },
  109: {
    en: 'refused: by policy, for want of balance, by the approver or by the issuer',
    zh: '被拒绝：策略、余额、审批或签发机构',
  },
  110: { en: 'the token may not be used from this address', zh: '调用 IP 不在许可范围内' },
  111: { en: 'anything else', zh: '其他错误' },
};

export const docs: DialectDocs = {
  about: {
    en: [
      'The API of WoSign ACMAPI (2015): a platform sends one to five names and a CSR, and the reply holds the certificate. The',
      "names are proved by one file, the same for all of a customer's applications: the `signfile`, at",
      '`http://<name>/.well-known/pki-validation/signfile`.',
      '',
      'Every reply has the HTTP status 200: look at `result` and `status`. What is wrong in words stands in the header',
      '`X-Certmux-Reason`. Bodies may be JSON, forms or multipart.',
    ].join('\n'),
    zh: [
      '沃通 ACMAPI（2015）接口：平台提交一至五个域名和 CSR，一次调用即返回证书。域名由同一个文件验证，该客户的所有申请共用：把 `signfile` 放到 `http://<域名>/.well-known/pki-validation/signfile`。',
      '',
      '所有响应的 HTTP 状态码均为 200，以 `result` 和 `status` 判断。具体原因见响应头 `X-Certmux-Reason`。请求体可以是 JSON、表单或 multipart。',
    ].join('\n'),
  },
  groups: { cert: { en: 'Certificates', zh: '证书' } },
  error: { schema: errorReply },
  refusalHeaders: () => ({ 'X-Certmux-Reason': { en: 'What is wrong, in words.', zh: '错误的具体原因（英文）。' } }),
  refusals: Object.entries(descriptions).map(([status, text]) => ({
    status: 200,
    shows: `\`status\` ${status}: ${text}`,
    meanings: [meanings[Number(status)] ?? { en: text, zh: text }],
  })),
  examples,
};
