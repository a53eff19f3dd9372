/**
 * One keep-alive HTTP/1.1 connection that sends JSON and reads text, as small as it can be: the load generator shares the
 * machine with the server, so what it spends is taken from what is measured.
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HttpCall } from './customers/customer.ts';

export interface HttpConnection {
  /** Sends one request and resolves with the reply. One at a time. */
  send(call: HttpCall): Promise<HttpReply>;
  close(): void;
}

export interface HttpReply {
  readonly status: number;
  /** The status line and the headers as they came. */
  readonly head: string;
  readonly body: string;
}

/** The value of the first header of this name. */
export function headerOf({ head }: HttpReply, name: string): string | undefined {
  return new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(head)?.[1];
}

interface Waiting {
  resolve(reply: HttpReply): void;
  reject(error: Error): void;
}

/** @param roots PEM, for a server over TLS whose certificate the system does not trust */
export function openConnection(url: string, roots?: string): Promise<HttpConnection> {
  const { protocol, hostname, port, host } = new URL(url);
  const isSecure = protocol === 'https:';
  const place = { host: hostname, port: Number(port) };
  // One request at a time, in one write: nothing waits for an acknowledgement.
  const socket = isSecure
    ? connectTls({ ...place, ...(roots === undefined ? {} : { ca: roots }) }).setNoDelay(true)
    : connect({ ...place, noDelay: true });
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
    const { status, head, body } = reply;
    settle((current) => current.resolve({ status, head, body: body.toString('utf8') }));
  });
  socket.on('error', (error) => settle((current) => current.reject(error)));
  socket.on('close', () => settle((current) => current.reject(new Error('the server closed the connection'))));

  const connection: HttpConnection = {
    send(call) {
      return new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'));
        waiting = { resolve, reject };
        socket.write(requestText(call, host));
      });
    },
    close: () => socket.destroy(),
  };
  return ready(socket, isSecure ? 'secureConnect' : 'connect').then(() => connection);
}

function requestText(
  { method, path, headers = {}, contentType = 'application/json', body }: HttpCall,
  host: string,
): string {
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`];
  for (const [name, value] of Object.entries(headers)) head.push(`${name}: ${value}`);
  if (body === undefined) return `${head.join('\r\n')}\r\n\r\n`;
  head.push(`Content-Type: ${contentType}`, `Content-Length: ${Buffer.byteLength(body)}`);
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
  });
}

interface Received {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
  /** Where the next reply begins. */
  readonly end: number;
}

/** The first whole reply in the bytes; undefined while some of it is missing. */
function readReply(bytes: Buffer): Received | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const start = headEnd + 4;
  const length = status === 204 ? '0' : /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const content = length === undefined ? readChunks(bytes, start) : readLength(bytes, start, Number(length));
  return content === undefined ? undefined : { status, head, ...content };
}

type Content = Pick<Received, 'body' | 'end'>;

function readLength(bytes: Buffer, start: number, length: number): Content | undefined {
  const end = start + length;
  return bytes.length < end ? undefined : { body: bytes.subarray(start, end), end };
}

function readChunks(bytes: Buffer, start: number): Content | undefined {
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
