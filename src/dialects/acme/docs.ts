/** Documentation of this API besides its operations. */
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors } from './errors.ts';
import examples from './examples.json' with { type: 'json' };
import { problem } from './schema.ts';

const shown = (type: string) => `\`type\` …:${type}`;

/** Types that say more than an error code does. */
const ownTypes = [
  [
    400,
    'badNonce',
    'the nonce was used before, is too old or was not made here: try again with the fresh one',
    'nonce 已使用、过期或不是本服务签发的，请使用新的 nonce 重试',
  ],
  [
    400,
    'badSignatureAlgorithm',
    'another signature algorithm than those listed in `algorithms`',
    '签名算法不在 `algorithms` 列表中',
  ],
  [400, 'accountDoesNotExist', 'there is no account for this key', '该密钥没有对应的账户'],
  [400, 'invalidContact', 'a contact that is not one mail address', '联系方式不是单个邮箱地址'],
  [400, 'unsupportedContact', 'a contact of another kind than mailto', '联系方式不是 mailto 类型'],
  [400, 'unsupportedIdentifier', 'an identifier of another type than dns and ip', '标识符类型不是 dns 或 ip'],
  [400, 'alreadyRevoked', 'the certificate is revoked already', '证书已被吊销'],
  [400, 'badRevocationReason', 'no reason that a subscriber may give', '不是申请者可以使用的吊销原因'],
  [
    400,
    'compound',
    'several names are refused, each for its own reason in `subproblems`',
    '多个域名被拒绝，原因见 `subproblems`',
  ],
  [400, 'invalidProfile', 'a profile that is not offered', '未提供该 profile'],
  [403, 'caa', 'the CAA records of a name do not allow its issuer', '域名的 CAA 记录不允许该签发机构签发'],
  [403, 'externalAccountRequired', 'an account here needs an external account binding', '注册账户须绑定外部账户'],
  [403, 'userActionRequired', 'the terms of service must be agreed to', '须先同意服务条款'],
  [403, 'orderNotReady', 'the names of the order are not all proved', '订单中的域名尚未全部验证'],
  [409, 'alreadyReplaced', 'another order replaces this certificate already', '该证书已由其他订单替换'],
  [405, 'malformed', 'the path has other methods', '该路径不支持此方法'],
  [409, 'malformed', 'another account has the key', '该密钥已被其他账户使用'],
  [415, 'malformed', 'the content type is not application/jose+json', '内容类型不是 application/jose+json'],
  [503, 'rateLimited', 'too many requests from this address', '来自该地址的请求过多'],
] as const;

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
  refusals: [
    ...refusalsOf(errors, ({ type, status }) => ({ status, shows: shown(type) })),
    ...ownTypes.map(([status, type, en, zh]) => ({ status, shows: shown(type), meanings: [{ en, zh }] })),
  ],
  examples,
};
