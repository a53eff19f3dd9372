/** A small web server on loopback that plays the customer's web servers in the quickstart and in tests. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

export interface LoopbackWebOptions {
  /** PEM; with them the server listens for HTTPS as well, with this one certificate for every name. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default: `127.0.0.1`; `::1` is the other sensible value. */
  readonly address?: string;
}

export type Scheme = 'http' | 'https';

export interface SeenRequest {
  readonly scheme: Scheme;
  readonly method: string;
  /** The `Host` header as it came. */
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The name of the TLS handshake (SNI), if it was HTTPS and there was one. */
  readonly serverName?: string;
}

export interface LoopbackWeb {
  readonly address: string;
  readonly httpPort: number;
  /** Only with `tls`. */
  readonly httpsPort: number | undefined;
  /** Serves `content` at `path` of `host`, over both schemes unless one is named. An IPv6 address as host is written in brackets. */
  put(host: string, path: string, content: string | Uint8Array, only?: Scheme): void;
  /** Answers with a redirect instead. */
  redirect(host: string, path: string, location: string, status?: number): void;
  remove(host: string, path: string): void;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const missing: Page = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'not found\n' };

export async function startLoopbackWeb(options: LoopbackWebOptions = {}): Promise<LoopbackWeb> {
  const { tls, address = '127.0.0.1' } = options;
  const pages = new Map<string, Page>();
  const requests: SeenRequest[] = [];
  const serve = (scheme: Scheme) => (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers } = request;
    const host = headers.host ?? '';
    requests.push({ scheme, method, host, path, headers, ...serverNameOf(request) });
    const key = pageKey(host, path);
    const page = pages.get(`${scheme}://${key}`) ?? pages.get(key) ?? missing;
    response.writeHead(page.status, { ...page.headers, connection: 'close' }).end(page.body);
  };
  const http = createServer(serve('http'));
  const https = tls === undefined ? undefined : createTlsServer(tls, serve('https'));
  const httpPort = await listen(http, address);
  const httpsPort = https === undefined ? undefined : await listen(https, address);

  return {
    address,
    httpPort,
    httpsPort,
    requests,
    put(host, path, content, only) {
      const key = pageKey(host, path);
      pages.set(only === undefined ? key : `${only}://${key}`, {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: content,
      });
    },
    redirect(host, path, location, status = 302) {
      pages.set(pageKey(host, path), { status, headers: { location }, body: '' });
    },
    remove: (host, path) => void pages.delete(pageKey(host, path)),
    async close() {
      await Promise.all([http, https].map((server) => (server === undefined ? undefined : stop(server))));
    },
  };
}

/** A host with or without its port is the same place here. */
function pageKey(host: string, path: string): string {
  return `${host.toLowerCase().replace(/:\d+$/, '')}${path}`;
}

function serverNameOf({ socket }: IncomingMessage): { readonly serverName?: string } {
  // `servername` is what a TLSSocket of a server has; false when the client sent none.
  return 'servername' in socket && typeof socket.servername === 'string' ? { serverName: socket.servername } : {};
}

function listen(server: Pick<Server, 'once' | 'listen' | 'address'>, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('the server has no port'));
      else resolve(bound.port);
    });
  });
}

function stop(server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
