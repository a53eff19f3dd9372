/** Headers of replies, for the document. */
import type { Wording } from '../../domain/messages/words.ts';
import type { Operation } from '../kit/operation.ts';
import type { Services } from './services.ts';

type Headers = Readonly<Record<string, Wording>>;

const crossOrigin: Headers = {
  'Access-Control-Allow-Origin': { en: 'Pages of other sites may call.', zh: '允许其他网站的页面调用。' },
  'Access-Control-Expose-Headers': { en: 'The headers that such a page may read.', zh: '此类页面可读取的响应头。' },
};

const link: Headers = {
  Link: {
    en: 'Each on a line of its own: the directory (`index`), and what else belongs to the reply.',
    zh: '每个链接各占一行：目录（`index`）以及与响应相关的其他链接。',
  },
};

const nonce: Headers = {
  'Replay-Nonce': { en: 'The nonce of the next request.', zh: '下一次请求使用的防重放随机数。' },
};

export const location: Headers = { Location: { en: 'The URL of the object.', zh: '该对象的地址。' } };

export const waiting: Headers = {
  'Retry-After': { en: 'Seconds until the next look.', zh: '距下次查询的秒数。' },
};

/** The operation with the headers that every reply has. */
export function withHeaders(operation: Operation<Services>): Operation<Services> {
  const isSigned = operation.method === 'POST';
  const replyHeaders = { ...crossOrigin, ...link, ...(isSigned ? nonce : {}), ...operation.replyHeaders };
  return { ...operation, replyHeaders };
}

export const nonceHeader = nonce;

export function refusalHeaders(status: number): Headers {
  return {
    ...crossOrigin,
    ...link,
    ...nonce,
    ...(status === 405 ? { Allow: { en: 'The methods of this path.', zh: '该路径支持的方法。' } } : {}),
    ...(status === 409 ? { Location: { en: 'The account that has the key.', zh: '已使用该密钥的账户。' } } : {}),
    ...(status >= 500 ? { 'Retry-After': { en: 'Seconds until another try.', zh: '距下次重试的秒数。' } } : {}),
  };
}
