/**
 * One keep-alive HTTP/1.1 connection that sends JSON and reads text, as small as it can be: the load generator shares the
 * machine with the server, so what it spends is taken from what is measured.
 */
import { connect, type Socket } from 'node:net';
import type { HttpCall } from './customers/customer.ts';

export interface HttpConnection {
  /** Sends one request and resolves with the reply's body. One at a time. */
  send(call: HttpCall): Promise<string>;
  close(): void;
}

interface Waiting {
  resolve(body: string): void;
  reject(error: Error): void;
}

export function openConnection(url: string): Promise<HttpConnection> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let waiting: Waiting | undefined;
  let received: Buffer = Buffer.alloc(0);

  function settle(done: (waiting: Waiting) => void): void {
    const current = waiting;
    waiting = undefined;
    if (current !== undefined) done(current);
  }
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const reply = readReply(received);
    if (reply === undefined) return;
    received = received.subarray(reply.end);
    settle((current) => current.resolve(reply.body.toString('utf8')));
  });
  socket.on('error', (error) => settle((current) => current.reject(error)));
  socket.on('close', () => settle((current) => current.reject(new Error('the server closed the connection'))));

  const connection: HttpConnection = {
    send(call) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(requestText(call, host));
      });
    },
    close: () => socket.destroy(),
  };
  return ready(socket).then(() => connection);
}

function requestText({ method, path, headers = {}, body }: HttpCall, host: string): string {
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`];
  for (const [name, value] of Object.entries(headers)) head.push(`${name}: ${value}`);
  if (body === undefined) return `${head.join('\r\n')}\r\n\r\n`;
  head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function ready(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}

interface Reply {
  readonly body: Buffer;
  /** Where the next reply begins. */
  readonly end: number;
}

/** The first whole reply in the bytes; undefined while some of it is missing. */
function readReply(bytes: Buffer): Reply | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length === undefined) return readChunks(bytes, start);
  const end = start + Number(length);
  return bytes.length < end ? undefined : { body: bytes.subarray(start, end), end };
}

function readChunks(bytes: Buffer, start: number): Reply | undefined {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), end: next };
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
