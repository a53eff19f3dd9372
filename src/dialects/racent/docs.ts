/** Documentation of this API besides its operations. */
import { z } from 'zod';
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors } from './errors.ts';
import examples from './examples.json' with { type: 'json' };

const refusal = z.object({
  code: z.int().meta({ description: 'Not 1.' }),
  msg: z.string().meta({ description: 'What is wrong.' }),
  errors: z
    .record(z.string(), z.array(z.string()))
    .meta({ description: 'What is wrong, by the name of the parameter.' }),
});

export const docs: DialectDocs = {
  about: {
    en: [
      'The certificate API of Racent, and of NicSRS, its brand abroad: for resellers and for the modules of their shops. Every call is a',
      'POST, and every reply has the HTTP status 200: `code` is 1 for a success. Bodies may be multipart, forms or JSON; `params` is a',
      'JSON text, or an object in a JSON body; what belongs into it is listed beside the other fields and may also be sent so.',
      '',
      'An order (`/ssl/place`) is answered with its `certId` and with what to place so that control of the names is proved: a file, or a CNAME',
      'record. `/ssl/collect` tells how far it is and holds the certificate in the end. Orders without a CSR get a key made by the server.',
    ].join('\n'),
    zh: [
      '锐成（Racent）及其国际品牌 NicSRS 的证书接口，供代理商及其商城模块使用。所有请求均为 POST，所有响应的 HTTP 状态码均为 200，`code` 为 1 表示成功。请求体可以是 multipart、表单或 JSON；`params` 是 JSON 文本，在 JSON 请求体中也可以是对象，其中的字段与其他字段并列列出，也可以直接并列提交。',
      '',
      '下单（`/ssl/place`）返回 `certId` 以及验证域名所需放置的文件或 CNAME 记录；`/ssl/collect` 返回进度和最终的证书。未提供 CSR 的订单由服务器生成密钥。',
    ].join('\n'),
  },
  groups: {
    product: { en: 'Products', zh: '产品' },
    order: { en: 'Orders', zh: '订单' },
    dcv: { en: 'Proofs of control', zh: '域名验证' },
    cert: { en: 'Certificates', zh: '证书' },
    caa: { en: 'CAA records', zh: 'CAA 记录' },
    country: { en: 'Countries', zh: '国家' },
    pac: { en: 'S/MIME', zh: '邮件证书' },
  },
  credentialFields: {
    api_token: { en: '48 hexadecimal digits.', zh: '48 位十六进制字符。' },
  },
  error: { schema: refusal },
  refusals: refusalsOf(errors, ({ code }) => ({ status: 200, shows: `\`code\` ${code}` })),
  examples,
};
