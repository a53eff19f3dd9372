/** Documentation of this API besides its operations. */
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors } from './errors.ts';
import examples from './examples.json' with { type: 'json' };
import { refusalHeaders } from './headers.ts';
import { problem } from './schema.ts';

const showsOf = (type: string) => `\`type\` …:${type}`;

const ofCodes = refusalsOf(errors, ({ type, status }) => ({ status, shows: showsOf(type) }));

/** What the types mean that no error code has (RFC 8555 §6.7), and others beside their usual status. */
const further: readonly (readonly [status: number, type: string, en: string, zh: string])[] = [
  [400, 'accountDoesNotExist', 'the key has no account here', '该密钥没有对应的账户'],
  [400, 'alreadyRevoked', 'the certificate is revoked already', '证书已被吊销'],
  [
    400,
    'badNonce',
    'the nonce is wrong or was used: try again with the one of this reply',
    'nonce 无效或已被使用，请用本响应中的 nonce 重试',
  ],
  [400, 'badRevocationReason', 'a reason that is not accepted', '吊销原因不被接受'],
  [
    400,
    'badSignatureAlgorithm',
    'a signature of another kind than those in `algorithms`',
    '签名算法不在 `algorithms` 之列',
  ],
  [
    400,
    'compound',
    'several names are refused, each for its own reason in `subproblems`',
    '多个域名被拒绝，原因见 `subproblems`',
  ],
  [400, 'invalidContact', 'a contact that is not one e-mail address', '联系方式不是一个邮箱地址'],
  [400, 'invalidProfile', 'a profile that is not offered', '未提供该 profile'],
  [400, 'unsupportedContact', 'a contact other than mailto', '联系方式不是 mailto'],
  [400, 'unsupportedIdentifier', 'an identifier that is neither dns nor ip', '标识符类型不是 dns 或 ip'],
  [403, 'externalAccountRequired', 'an account needs an external account key', '注册账户须提供外部账户密钥'],
  [
    403,
    'orderNotReady',
    'not all names are proved, or it was finalized with another CSR',
    '域名尚未全部验证，或已用其他 CSR 提交',
  ],
  [403, 'userActionRequired', 'the terms of service must be agreed to', '须先同意服务条款'],
  [405, 'malformed', 'the path has other methods', '该路径不支持此方法'],
  [409, 'malformed', 'another account has the key', '该密钥已被其他账户使用'],
  [415, 'malformed', 'the content type is not application/jose+json', '内容类型不是 application/jose+json'],
  [503, 'rateLimited', 'too many requests from this address', '来自该地址的请求过多'],
];

const ofTypes = further.map(([status, type, en, zh]) => ({ status, shows: showsOf(type), meanings: [{ en, zh }] }));

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
  credentialFields: {
    kid: { en: 'In the protected header: the URL of the account.', zh: '位于 protected 头部：账户地址。' },
    signature: { en: 'Of the JWS.', zh: 'JWS 的签名。' },
  },
  error: { schema: problem, contentType: 'application/problem+json' },
  refusalHeaders,
  refusals: [...ofCodes, ...ofTypes],
  examples,
};
