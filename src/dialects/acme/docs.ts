/** Documentation of this API besides its operations. */
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors } from './errors.ts';
import examples from './examples.json' with { type: 'json' };
import { problem } from './schema.ts';

export const docs: DialectDocs = {
  about: {
    en: [
      'ACME (RFC 8555), the protocol of certbot, acme.sh, lego, Caddy and many others. A client is given the URL of a directory and an external',
      'account key, and does the rest by itself. Every POST is a JSON Web Signature: the schemas below are those of its payload.',
    ].join('\n'),
    zh: 'ACME（RFC 8555）协议，适用于 certbot、acme.sh、lego、Caddy 等客户端。客户端只需目录地址和外部账户密钥即可自动完成其余步骤。每个 POST 请求都是 JSON Web Signature，下面的结构是其 payload。',
  },
  groups: {
    directory: { en: 'Directories', zh: '目录' },
    nonce: { en: 'Nonces', zh: '防重放随机数' },
    account: { en: 'Accounts', zh: '账户' },
    order: { en: 'Orders', zh: '订单' },
    authorization: { en: 'Authorizations', zh: '域名授权' },
    challenge: { en: 'Challenges', zh: '验证' },
    certificate: { en: 'Certificates', zh: '证书' },
  },
  envelopeFields: ['protected', 'payload', 'signature', 'kid', 'jwk', 'nonce', 'url'],
  // Each answer has some of them: RFC 8555 says which.
  answerHeaders: {
    Link: {
      en: 'The directory, and what belongs to the answer: each on a line of its own.',
      zh: '目录及相关资源的地址，每个链接单独一行。',
    },
    Location: { en: 'The URL of the object.', zh: '对象的地址。' },
    'Replay-Nonce': { en: 'A fresh nonce for the next request.', zh: '用于下一个请求的 nonce。' },
    'Retry-After': { en: 'Seconds after which to look again.', zh: '多少秒后可以再次查询。' },
    'Access-Control-Allow-Origin': { en: 'Pages of any origin may call.', zh: '允许任何来源的网页调用。' },
    'Access-Control-Expose-Headers': { en: 'The headers that such pages may read.', zh: '网页可以读取的头部。' },
  },
  error: { schema: problem, contentType: 'application/problem+json' },
  refusals: refusalsOf(errors, ({ type, status }) => ({ status, shows: `\`type\` …:${type}` })),
  examples,
};
