/** The HTTP server of every name, as small as it can be: it shares the machine with what is measured, and is the same for all of it. */
import { createServer } from 'node:net';
import { listen } from '../test/support/listen.ts';
import type { PlaceFile } from './acme-account.ts';

export interface FileResponder {
  readonly address: string;
  readonly httpPort: number;
  readonly place: PlaceFile;
  close(): Promise<void>;
}

const address = '127.0.0.1';

export async function startFileResponder(): Promise<FileResponder> {
  const files = new Map<string, string>();
  const server = createServer({ noDelay: true }, (socket) => {
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      received += text;
      if (!received.includes('\r\n\r\n')) return;
      const [, path = ''] = /^GET (\S+) /.exec(received) ?? [];
      const [, host = ''] = /\r\nhost: *([^:\r]+)/i.exec(received) ?? [];
      const content = files.get(host + path);
      const body = content ?? 'not found';
      const status = content === undefined ? '404 Not Found' : '200 OK';
      const head = [`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Type: text/plain'];
      socket.end(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    // A client that goes away early has what it wanted.
    socket.on('error', () => socket.destroy());
  });
  const httpPort = await listen(server, { address });
  return {
    address,
    httpPort,
    place: (host, path, content) => void files.set(host + path, content),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
