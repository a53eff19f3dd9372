/**
 * The whole world on loopback: the real server with its data in a temporary folder, the customers' DNS and web servers,
 * and among them some that misbehave. Front doors run in a thread of their own, as on a machine with two cores. Validation is the real one; only addresses, ports and time limits are set.
 */
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'dns-packet';
import { startThreads } from '../../src/boot/threads/start.ts';
import { parseConfig } from '../../src/config/load.ts';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { type Certmux, type SecretOptions, type StartOptions, startCertmux } from '../../src/main.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { cheapSecrets } from './cheap-secrets.ts';
import { type NastyBehaviour, type NastyQuery, startNastyDns } from './nasty-dns.ts';
import { type NastyPage, startNastyWeb } from './nasty-web.ts';
import { createDatabase, dropDatabase, postgresUrl } from './postgres.ts';
import { selfSigned } from './self-signed.ts';
import { freePort } from './server-process.ts';

export interface World {
  readonly url: string;
  /** Only with the setting `tls`: the same server over TLS, which is then what it calls itself. */
  readonly secureUrl: string | undefined;
  readonly certmux: Certmux;
  readonly operatorToken: string;
  readonly databasePath: string;
  readonly dns: LoopbackDns;
  readonly web: LoopbackWeb;
  /** Misbehaviour of the resolver when it is queried for this name or one below it. */
  misbehave(name: string, behaviour: NastyBehaviour | undefined): void;
  /** The host's web server is one that misbehaves so. */
  serveNasty(host: string, page: NastyPage): void;
  close(): Promise<void>;
}

export const limits = { dnsTimeoutMs: 150, fetchTimeoutMs: 1000 } as const;

/** Address of the misbehaving web server: another one, since the port is the same for all. */
const nastyAddress = '127.0.0.2';

/**
 * @param more settings beside those that keep it on loopback
 * @param threads the core's, and those of front doors
 * @param ownDatabase address of a database that the test itself has made, and removes
 */
export async function startWorld(
  more: Readonly<Record<string, unknown>> = {},
  secrets: SecretOptions & Pick<StartOptions, 'console'> = {},
  threads = 2,
  ownDatabase?: string,
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-world-'));
  const dns = await startLoopbackDns();
  const web = await startLoopbackWeb({ tls: await selfSigned('customer.example') });
  const behaviours = new Map<string, NastyBehaviour>();
  const resolver = await startNastyDns({
    udp(query) {
      const [question] = query.packet.questions ?? [];
      const behaviour = behaviourOf(behaviours, question?.name.toLowerCase() ?? '');
      if (behaviour === undefined) forward(query, dns.port);
      else behaviour.udp(query);
    },
  });
  const pages = new Map<string, NastyPage>();
  const nastyWeb = await startNastyWeb(
    (socket, head) => {
      const host = /^host: ([^\r:]+)/im.exec(head)?.[1] ?? '';
      (pages.get(host) ?? ((other) => other.destroy()))(socket, head);
    },
    { address: nastyAddress, port: web.httpPort },
  );
  // Certificates carry the public URL, so the port must be known before the first start.
  const url = `http://127.0.0.1:${await freePort()}`;
  const secureUrl = more.tls === undefined ? undefined : `https://localhost:${await freePort()}`;
  const made = postgresUrl === undefined || ownDatabase !== undefined ? undefined : await createDatabase();
  const server = ownDatabase ?? made;
  const settings = {
    ...more,
    ...(server === undefined ? {} : { database: server }),
    listen: secureUrl === undefined ? [url] : [url, secureUrl],
    publicUrl: secureUrl ?? url,
    authority: { allowLocalPkiUrl: true, ...(more.authority ?? {}) },
    dataDirectory: join(folder, 'data'),
    log: { level: 'silent' },
    storage: { reserveMiB: 0 },
    dns: { resolvers: [`${resolver.address}:${resolver.port}`], timeoutMs: limits.dnsTimeoutMs },
    validation: {
      httpPort: web.httpPort,
      httpsPort: web.httpsPort,
      timeoutMs: limits.fetchTimeoutMs,
      dangerAllowAddresses: ['127.0.0.0/8'],
    },
  };
  const certmux = await startCertmux({
    threads: startThreads(threads),
    config: parseConfig(JSON.stringify(settings), 'test'),
    systemResolvers: [],
    ...cheapSecrets(),
    ...secrets,
  });
  const { firstOperator } = certmux;
  if (firstOperator === undefined) throw new Error('the server had been started before');

  return {
    url,
    secureUrl,
    certmux,
    operatorToken: formatToken(firstOperator),
    databasePath: server ?? join(folder, 'data', 'certmux.db'),
    dns,
    web,
    misbehave(name, behaviour) {
      if (behaviour === undefined) behaviours.delete(name);
      else behaviours.set(name, behaviour);
    },
    serveNasty(host, page) {
      dns.set(host, 'A', nastyAddress);
      pages.set(host, page);
    },
    async close() {
      await certmux.stop();
      await Promise.all([resolver.close(), nastyWeb.close(), dns.close(), web.close()]);
      if (made !== undefined) await dropDatabase(made);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function behaviourOf(behaviours: ReadonlyMap<string, NastyBehaviour>, name: string): NastyBehaviour | undefined {
  const labels = name.split('.');
  const parents = labels.map((_, i) => labels.slice(i).join('.'));
  return parents.map((parent) => behaviours.get(parent)).find((behaviour) => behaviour !== undefined);
}

/** Passes on an authoritative server's answer, like a recursive resolver. */
function forward({ packet, send }: NastyQuery, port: number): void {
  const socket = createSocket('udp4');
  socket.once('message', (answer) => {
    socket.close();
    send(answer);
  });
  socket.send(encode({ ...packet, type: 'query' }), port, '127.0.0.1');
}
