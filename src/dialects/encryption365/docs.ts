/** Documentation of this API besides its operations. */
import { z } from 'zod';
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors } from './errors.ts';
import examples from './examples.json' with { type: 'json' };

const refusal = z.object({
  result: z.literal('error'),
  status: z.literal('error'),
  message: z.string().meta({ description: 'What is wrong, in one sentence.' }),
});

export const docs: DialectDocs = {
  about: {
    en: [
      'The certificate API of TrustOcean Encryption365 for hosting panels. Every call is a POST of one JSON object, and every',
      'reply has the HTTP status 200: look at `result`.',
      '',
      "A client signs in once with a user's name and password (`/client/create`) and keeps the device's `client_id` and",
      '`access_token`, which go into the body of every other call. An order waits until a file or a DNS record proves each',
      'name; `/cert/details` tells how far it is and holds the certificate in the end.',
    ].join('\n'),
    zh: [
      'TrustOcean Encryption365 面向主机面板的证书接口。所有请求均为 POST 一个 JSON 对象，所有响应的 HTTP 状态码均为 200，以 `result` 判断成败。',
      '',
      '客户端用用户名和密码登录一次（`/client/create`），得到该设备的 `client_id` 和 `access_token`，之后每次请求都放在请求体中。订单在每个域名通过文件或 DNS 记录验证后签发；`/cert/details` 返回进度和最终的证书。',
    ].join('\n'),
  },
  groups: {
    client: { en: 'Devices', zh: '设备' },
    cert: { en: 'Certificates', zh: '证书' },
    account: { en: 'Account and products', zh: '账户与产品' },
    payment: { en: 'Payment', zh: '支付' },
    invoice: { en: 'Invoices', zh: '发票' },
    ping: { en: 'Service', zh: '服务状态' },
  },
  credentialFields: {
    client_id: { en: 'Of the device: `/client/create` answers it.', zh: '设备的编号，由 `/client/create` 返回。' },
    access_token: { en: 'Its secret.', zh: '设备的密钥。' },
  },
  error: { schema: refusal },
  refusals: refusalsOf(errors, () => ({
    status: 200,
    shows: { en: '`result` error, and a sentence in `message`', zh: '`result` 为 error，`message` 为说明' },
  })),
  examples,
};
