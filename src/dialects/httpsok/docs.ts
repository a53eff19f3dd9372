/** Documentation of this API besides its operations. */
import { z } from 'zod';
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors } from './errors.ts';
import examples from './examples.json' with { type: 'json' };

const refusal = z.object({
  code: z.int().meta({ description: 'Not 0.' }),
  msg: z.string().meta({ description: 'What is wrong, in one sentence.' }),
  data: z.null(),
  traceId: z.string(),
});

export const docs: DialectDocs = {
  about: {
    en: [
      'The OpenAPI of httpsok and the calls of its nginx agent. The names of a certificate are proved once and for all by a',
      'CNAME record of `_acme-challenge`, which `/v1/cert/dv` tells; then `/v1/cert/apply` takes the application, and',
      'certificate and key are fetched by its id or sent to a callback.',
      '',
      'Every reply has the HTTP status 200: `code` is 0 for a success. The agent, a shell script, gets plain text instead.',
    ].join('\n'),
    zh: [
      'httpsok 的 OpenAPI 以及 nginx 客户端的接口。域名只需设置一次 `_acme-challenge` 的 CNAME 记录，由 `/v1/cert/dv` 返回；之后用 `/v1/cert/apply` 提交申请，按 id 获取证书和私钥，或由回调地址接收。',
      '',
      '所有响应的 HTTP 状态码均为 200，`code` 为 0 表示成功。nginx 客户端是脚本，其接口返回纯文本。',
    ].join('\n'),
  },
  groups: {
    cert: { en: 'Certificates', zh: '证书' },
    agent: { en: 'The nginx agent', zh: 'nginx 客户端' },
  },
  securitySchemes: {
    OpenApiKey: { type: 'apiKey', in: 'header', name: 'OpenApiKey', description: '48 hexadecimal digits.' },
  },
  error: { schema: refusal },
  refusals: refusalsOf(errors, ({ code }) => ({ status: 200, shows: `\`code\` ${code}` })),
  examples,
};
