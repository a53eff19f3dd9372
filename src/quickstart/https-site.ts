/** The customer's web site with its new certificate, and a visitor who trusts nothing but the root. */
import { createServer, request } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { CertificateFiles } from './certificate-files.ts';

export interface HttpsSite {
  readonly address: string;
  readonly port: number;
}

const address = '127.0.0.1';

export async function startHttpsSite(
  { fullchainPem, keyPem }: CertificateFiles,
  cleanup: AsyncDisposableStack,
): Promise<HttpsSite> {
  const server = createServer({ cert: fullchainPem, key: keyPem }, ({ headers }, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' });
    response.end(`Hello from ${headers.host}\n`);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('the server has no port'));
      else resolve(bound.port);
    });
  });
  cleanup.defer(
    () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
  return { address, port };
}

export interface Visit {
  readonly host: string;
  /** The only thing that is trusted; the system's roots are not. */
  readonly rootPem: string;
  readonly signal: AbortSignal;
}

/** Opens the page of the host. Answers the TLS version; rejects when the certificate is not trusted for the host. */
export function visit(site: HttpsSite, { host, rootPem, signal }: Visit): Promise<string> {
  return new Promise((resolve, reject) => {
    const visiting = request(
      {
        host: site.address,
        port: site.port,
        servername: host,
        headers: { host },
        ca: rootPem,
        agent: false,
        signal,
      },
      (response) => {
        const { socket } = response;
        const version = socket instanceof TLSSocket ? socket.getProtocol() : null;
        response.on('error', reject);
        response.on('end', () => resolve(version ?? 'TLS'));
        response.resume();
      },
    );
    visiting.on('error', reject);
    visiting.end();
  });
}
