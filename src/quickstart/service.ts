/**
 * certmux as the quickstart runs it: the real one, on throw-away data and a free loopback port. Of validation, only the
 * resolver's address, the ports and the allowed addresses are set, since the customer's servers are on loopback.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { operatorFileName } from '../boot/data-directory.ts';
import { parseConfig } from '../config/load.ts';
import { createNativeClient, type NativeClient } from '../dialects/native/client.ts';
import { type Certmux, type SecretOptions, startCertmux } from '../main.ts';
import type { CustomerServers } from './customer-servers.ts';

export interface ServiceOptions {
  readonly dataDirectory: string;
  readonly logFile: string;
  /** Beside what keeps it on this machine; the front doors, for one. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly servers: CustomerServers;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly cleanup: AsyncDisposableStack;
  readonly secrets: SecretOptions;
}

export interface Service {
  readonly url: string;
  readonly certmux: Certmux;
  /** With the first operator's token. */
  readonly operator: NativeClient;
}

/** Starts it; `cleanup` stops it, also when the start is not waited for. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { dataDirectory, logFile, servers, fetch, cleanup, secrets } = options;
  // Certificates carry the public URL, so the port must be known before the first start.
  const url = `http://127.0.0.1:${await freePort()}`;
  const { dns, web } = servers;
  const settings = {
    listen: [url],
    publicUrl: url,
    // Only this machine sees its certificates, until they are thrown away.
    authority: { allowLocalPkiUrl: true },
    dataDirectory,
    log: { file: logFile },
    storage: { reserveMiB: 0 },
    dns: { resolvers: [`${dns.address}:${dns.port}`] },
    validation: {
      httpPort: web.httpPort,
      // Without HTTPS there, the HTTPS file, which every name is offered too, proves nothing here.
      httpsPort: web.httpsPort ?? web.httpPort,
      dangerAllowAddresses: [web.address],
    },
    ...options.settings,
  };
  // JSON is YAML: the settings go the way of a file, so that they are checked as one.
  const config = parseConfig(JSON.stringify(settings), "the quickstart's configuration");
  const starting = startCertmux({ config, systemResolvers: [], ...secrets });
  cleanup.defer(async () => {
    const started = await starting.catch(() => undefined);
    await started?.stop();
  });
  const certmux = await starting;
  const token = await readToken(join(dataDirectory, operatorFileName));
  return { url, certmux, operator: createNativeClient({ baseUrl: url, token, fetch }) };
}

/** Another process may take the port before we do; then the start fails and says so. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => {
        if (bound === null || typeof bound === 'string') reject(new Error('the server has no port'));
        else resolve(bound.port);
      });
    });
  });
}

/** As the command line does on the server's machine. */
async function readToken(path: string): Promise<string> {
  const connection: unknown = JSON.parse(await readFile(path, 'utf8'));
  const isKnown = typeof connection === 'object' && connection !== null && 'token' in connection;
  if (!isKnown || typeof connection.token !== 'string') throw new Error(`${path} holds no token`);
  return connection.token;
}
