/**
 * One keep-alive HTTP/1.1 connection that sends JSON and reads JSON, as small as it can be: the load generator shares the
 * machine with the server, so what it spends is taken from what is measured.
 */
import { connect, type Socket } from 'node:net';

export interface HttpConnection {
  /** Sends one request and resolves with the reply's body. One at a time. */
  post(path: string, body: string): Promise<unknown>;
  close(): void;
}

interface Waiting {
  resolve(body: unknown): void;
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
    settle((current) => current.resolve(JSON.parse(reply.body.toString('utf8'))));
  });
  socket.on('error', (error) => settle((current) => current.reject(error)));
  socket.on('close', () => settle((current) => current.reject(new Error('the server closed the connection'))));

  const connection: HttpConnection = {
    post(path, body) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      });
    },
    close: () => socket.destroy(),
  };
  return ready(socket).then(() => connection);
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
