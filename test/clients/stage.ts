/** What a client meets: the real server on loopback with an account and a key to each API, and somebody who places what has to be proved. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDigicertClient } from '../../src/dialects/digicert/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { listen } from '../support/listen.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';
import { type AcmeRecord, createAcmeKey, recordAcme, revokeCertificate, showCertificate } from './acme-stage.ts';

export interface Stage {
  /**
   * Variables for a client's program: `CERTMUX_URL`; `CERTMUX_KEYS`, JSON by API; `STAGE_URL`; `STAGE_ROOTS`, the file of the CA's roots;
   * `STAGE_ADDRESS`, `STAGE_HTTP_PORT` and `STAGE_HTTPS_PORT`, where a client itself may answer for the names below `acmeZone`.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Of what the client was answered so far: replies of ACME that one which reads with regular expressions could not have read. */
  complaintsOf(dialect: string): readonly string[];
  close(): Promise<void>;
}

const fetchRequest = (request: Request) => fetch(request);
const password = 'correct horse battery staple';

/** Names that clients of ACME order: every one below it is at the address where they answer. */
const acmeZone = 'acme.clients.example.com';
const acmeAddress = '127.0.0.3';

export async function startStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-stage-'));
  // ACME clients speak only TLS, and check it.
  // In this thread, whose answers the recorder sees.
  const world = await startWorld({ tls: { selfServed: ['localhost'] } }, {}, 1);
  const acme = recordAcme(world);
  const operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: fetchRequest });
  const keys: Record<string, Readonly<Record<string, string>>> = {};
  for (const [dialect, currency] of Object.entries(currencies)) {
    const account = await operator.accounts.create({ name: dialect, currency, approval: 'automatic' });
    await operator.accounts.credit({ account: account.id, minor: 10_000_000, currency, note: 'for clients' });
    if (dialect === 'encryption365') {
      // Its clients sign in by name and password.
      const username = 'client@example.com';
      await operator.users.create({ account: account.id, username, password, roles: ['requester'] });
      keys[dialect] = { username, password };
      continue;
    }
    const hasRoles = dialect === 'digicert' || dialect === 'native';
    const { clientSettings } = await operator.credentials.create({
      account: account.id,
      dialect,
      label: 'client',
      ...(hasRoles ? { roles: ['administrator'] } : {}),
    });
    keys[dialect] = clientSettings;
  }
  keys.acme = await createAcmeKey(operator);
  world.dns.set(`*.${acmeZone}`, 'A', acmeAddress);
  const roots = join(folder, 'roots.pem');
  writeFileSync(roots, await (await fetch(`${world.url}/pki/root.pem`)).text());
  const server = createServer((request, response) => {
    answer({ world, keys, operator, acme }, request).then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain' }).end(text),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  const port = await listen(server);
  return {
    environment: {
      CERTMUX_URL: world.url,
      CERTMUX_KEYS: JSON.stringify(keys),
      STAGE_URL: `http://127.0.0.1:${port}`,
      STAGE_ROOTS: roots,
      NODE_EXTRA_CA_CERTS: roots,
      STAGE_ADDRESS: acmeAddress,
      STAGE_HTTP_PORT: String(world.web.httpPort),
      STAGE_HTTPS_PORT: String(world.web.httpsPort),
    },
    complaintsOf(dialect) {
      if (dialect !== 'acme') return [];
      return acme.replies.length === 0 ? ['no reply was seen'] : acme.complaints;
    },
    async close() {
      acme.close();
      server.close();
      server.closeAllConnections();
      await world.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const currencies = {
  native: 'CNY',
  digicert: 'USD',
  encryption365: 'CNY',
  racent: 'CNY',
  wosign: 'CNY',
  httpsok: 'CNY',
} as const;

interface Scene {
  readonly world: World;
  readonly keys: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly operator: NativeClient;
  readonly acme: AcmeRecord;
}

/**
 * `GET /csr?name=…`: a certificate request; `/dns`, `/txt` and `/web`: what a customer places, where `/txt` leaves what is there;
 * `/prove`: a name of the DigiCert account is proved, for clients that order and never prove; `/certificate?serial=…`: what the server
 * knows of it; `/revoke`: an operator revokes it; `/replies`: what ACME clients were answered so far.
 */
async function answer({ world, keys, operator, acme }: Scene, request: IncomingMessage): Promise<string> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stage');
  const text = (name: string) => searchParams.get(name) ?? '';
  switch (pathname) {
    case '/csr':
      return (await createSubscriber(text('name'))).csrPem;
    case '/dns':
      world.dns.set(text('name'), text('type') === 'CNAME' ? 'CNAME' : 'TXT', text('value'));
      return '';
    case '/txt': {
      const name = text('name');
      const values = [...(texts.get(world)?.get(name) ?? []), text('value')];
      texts.set(world, new Map(texts.get(world)).set(name, values));
      world.dns.set(name, 'TXT', values);
      return '';
    }
    case '/certificate':
      return JSON.stringify(await showCertificate(world, operator, text('serial')));
    case '/revoke':
      await revokeCertificate(operator, text('serial'));
      return '';
    case '/replies':
      return JSON.stringify(acme.replies);
    case '/web':
      world.dns.set(text('host'), 'A', world.web.address);
      world.web.put(text('host'), text('path'), text('content'));
      return '';
    case '/prove':
      await prove(world, keys.digicert?.['X-DC-DEVKEY'] ?? '', text('name'));
      return '';
    default:
      throw new Error(`no such thing on the stage: ${pathname}`);
  }
}

/** TXT records that `/txt` has placed. */
const texts = new WeakMap<World, ReadonlyMap<string, readonly string[]>>();

async function prove(world: World, key: string, name: string): Promise<void> {
  const client = createDigicertClient({ baseUrl: world.url, fetch: fetchRequest, key: new Secret(key) });
  const { csrPem } = await createSubscriber(name);
  const { id, dcv_random_value: value = '' } = await client.placeOrder({
    product: 'ssl_dv_geotrust_flex',
    commonName: name,
    names: [],
    csrPem,
    years: 1,
    method: 'dns-txt-token',
  });
  world.dns.set(name, 'TXT', value);
  await client.checkDcv(id);
  await until(async () => (await client.order(id)).status === 'issued', `${name} is proved`);
}
