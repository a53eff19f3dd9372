/** What a client meets: the real server on loopback with an account and a key to each API, and somebody who places what has to be proved. */
import { createServer, type IncomingMessage } from 'node:http';
import { createDigicertClient } from '../../src/dialects/digicert/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { listen } from '../support/listen.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

export interface Stage {
  /** Variables for a client's program: `CERTMUX_URL`, `CERTMUX_KEYS` (JSON, by API), `STAGE_URL`. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const fetchRequest = (request: Request) => fetch(request);
const password = 'correct horse battery staple';

export async function startStage(): Promise<Stage> {
  const world = await startWorld();
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
  const server = createServer((request, response) => {
    answer(world, keys, request).then(
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
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await world.close();
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

type Keys = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * `GET /csr?name=…`: a certificate request; `POST /dns` and `/web`: what a customer places; `POST /prove`: a name of the DigiCert
 * account is proved, for clients that order and never prove.
 */
async function answer(world: World, keys: Keys, request: IncomingMessage): Promise<string> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stage');
  const text = (name: string) => searchParams.get(name) ?? '';
  switch (pathname) {
    case '/csr':
      return (await createSubscriber(text('name'))).csrPem;
    case '/dns':
      world.dns.set(text('name'), text('type') === 'CNAME' ? 'CNAME' : 'TXT', text('value'));
      return '';
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
