/** The CA on loopback, over HTTP or HTTPS, so that it outlives a process that is killed. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { listen } from '../listen.ts';
import type { NastyAcmeCa } from '../nasty-acme-ca.ts';

export interface AcmeCaServer {
  readonly directoryUrl: string;
  /** Of HTTPS: whom its clients have to trust, as PEM. */
  readonly rootPem: string | undefined;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly isHttps?: boolean;
  /** Called before and after each request, also of one that is lost: the moments at which a caller may be killed. */
  readonly around?: (moment: 'before' | 'after', request: Pick<Request, 'url' | 'method' | 'headers'>) => unknown;
}

export async function serveAcmeCa(
  ca: NastyAcmeCa,
  { isHttps = false, around = () => undefined }: ServeOptions = {},
): Promise<AcmeCaServer> {
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  };
  const identity = isHttps ? ca.serverCertificate(['localhost', '127.0.0.1']) : undefined;
  const server = identity === undefined ? createServer(listener) : createTlsServer(identity, listener);

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await requestFrom(ca.origin, incoming, outgoing);
    await around('before', request);
    try {
      await send(await ca.fetch(request), outgoing);
    } finally {
      await around('after', request);
    }
  }

  const port = await listen(server);
  ca.origin = `${isHttps ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    directoryUrl: ca.directoryUrl,
    rootPem: identity?.ca,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Aborted when the caller has gone. */
async function requestFrom(origin: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> {
  const gone = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) gone.abort(new Error('the caller has gone'));
  });
  const { method = 'GET', url = '/' } = incoming;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const body = method === 'POST' ? await text(incoming) : null;
  return new Request(new URL(url, origin), { method, headers, body, signal: gone.signal });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  for (const [name, value] of response.headers) {
    // Each link in a line of its own, as CAs send them; `Headers` has joined them.
    outgoing.setHeader(name, name === 'link' ? value.split(/, (?=<)/) : value);
  }
  outgoing.writeHead(response.status);
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
