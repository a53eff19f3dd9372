/** Web servers that misbehave, each in one way. They speak raw TCP, so that they can break any rule. */
import { createServer, type Socket } from 'node:net';
import { listen, type Place } from './listen.ts';

export interface NastyWeb {
  readonly address: string;
  readonly port: number;
  /** The request heads as they came, one per connection. */
  readonly heads: readonly string[];
  /** Settles when every connection so far has been closed by the client. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Called once per connection, when the whole request head is there. */
export type NastyPage = (socket: Socket, head: string) => void;

function respond(status: string, headers: readonly string[], body = ''): string {
  return [`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n');
}

export const nastyPages = {
  hang: () => undefined,
  reset: (socket) => socket.resetAndDestroy(),
  closeAtOnce: (socket) => socket.destroy(),
  notHttp: (socket) => socket.end('220 smtp.example ESMTP\r\n'),
  hugeBody: (socket) => {
    socket.write(respond('200 OK', []));
    const megabyte = Buffer.alloc(1_048_576, 0x78);
    for (let count = 0; count < 10; count++) socket.write(megabyte);
    socket.end();
  },
  hugeBodyAnnounced: (socket) => socket.end(respond('200 OK', ['Content-Length: 100000'], 'x'.repeat(100_000))),
  hugeErrorPage: (socket) => socket.end(respond('500 Oops', [], 'x'.repeat(200_000))),
  dripBody: (socket) => drip(socket, respond('200 OK', ['Content-Length: 1000000'])),
  dripHeaders: (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-Long: '),
  endlessContinue: (socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 5);
    socket.on('close', () => clearInterval(timer));
  },
  hugeHeaders: (socket) => socket.end(respond('200 OK', [`X-Long: ${'x'.repeat(100_000)}`])),
  cutBody: (socket) => socket.end(respond('200 OK', ['Content-Length: 100'], 'only this')),
  switchProtocols: (socket) => socket.write(respond('101 Switching Protocols', ['Upgrade: x', 'Connection: Upgrade'])),
  compressed: (socket) => socket.end(respond('200 OK', ['Content-Encoding: gzip'], 'not gzip at all')),
  forbidden: (socket) => socket.end(respond('403 Forbidden', [], 'no')),
} satisfies Record<string, NastyPage>;

export function redirectTo(location: string, status = '302 Found'): NastyPage {
  return (socket) => socket.end(respond(status, [`Location: ${location}`]));
}

function drip(socket: Socket, start: string): void {
  socket.write(start);
  const timer = setInterval(() => socket.write('x'), 5);
  socket.on('close', () => clearInterval(timer));
}

export async function startNastyWeb(page: NastyPage, place: Place = {}): Promise<NastyWeb> {
  const heads: string[] = [];
  const open = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    open.set(socket, new Promise((closed) => socket.on('close', () => closed())));
    socket.on('error', () => socket.destroy());
    let head = '';
    const onData = (bytes: Buffer) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      socket.resume();
      heads.push(head);
      page(socket, head);
    };
    socket.on('data', onData);
  });
  const port = await listen(server, place);
  return {
    address: place.address ?? '127.0.0.1',
    port,
    heads,
    async idle() {
      await Promise.all(open.values());
    },
    close: () =>
      new Promise((done) => {
        for (const socket of open.keys()) socket.destroy();
        server.close(() => done());
      }),
  };
}
