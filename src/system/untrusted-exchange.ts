/** One request and its answer, on a connection that is open and serves nothing else. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import type { UntrustedRequest } from '../domain/ports/system.ts';
import { type FaultText, faultOf } from './connection-fault.ts';
import { createAnswerReader, type HttpAnswer } from './http-answer.ts';

export interface Exchange {
  readonly url: URL;
  readonly post: UntrustedRequest['post'];
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal;
}

/** The answer, or what the other end did instead. Closes the connection. @throws {TypeError} for a header that none can be */
export function exchange(
  socket: Socket,
  { url, post, maxBodyBytes, signal }: Exchange,
): Promise<HttpAnswer | FaultText> {
  const reader = createAnswerReader(maxBodyBytes);
  const request = requestText(url, post);
  return new Promise((resolve) => {
    const settle = (result: HttpAnswer | FaultText) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(result);
    };
    const onAbort = () => settle('was not waited for');
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', (bytes: Buffer) => {
      const result = reader.push(bytes);
      if (result !== undefined) settle(result);
    });
    socket.on('end', () => settle(reader.end()));
    // Some devices reset the connection instead of closing it: what came before counts.
    socket.on('error', (error) => {
      const result = reader.end();
      settle(typeof result === 'string' ? faultOf(error) : result);
    });
    socket.on('close', () => settle(reader.end()));
    if (signal.aborted) onAbort();
    else socket.write(request);
  });
}

function requestText(url: URL, post: UntrustedRequest['post']): string | Buffer {
  const headers: Readonly<Record<string, string>> = {
    Host: url.host,
    'User-Agent': post === undefined ? 'certmux-validation/1' : 'certmux-webhook/1',
    Accept: '*/*',
    'Accept-Encoding': 'identity',
    Connection: 'close',
    ...post?.headers,
    ...(post === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(post.body)) }),
  };
  const lines = Object.entries(headers).map(([name, value]) => {
    // Without these a value could bring a line end, and with it more headers.
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return `${name}: ${value}`;
  });
  const method = post === undefined ? 'GET' : 'POST';
  const head = [`${method} ${url.pathname}${url.search} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(post?.body ?? '')]);
}
