/** The whole life of an application through the httpsok front door: real server, real HTTP, real DNS, all on loopback. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { IssuedApplication, WireDelegation } from '../../src/dialects/httpsok/schema.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { listen } from '../support/listen.ts';
import { until } from '../support/system.ts';
import { readTables } from '../support/tables.ts';
import { startWorld, type World } from '../support/world.ts';

const run = promisify(execFile);

let world: World;
let operator: NativeClient;
let folder: string;
let key: string;
let accountId: string;
before(async () => {
  // The receiver of callbacks listens on loopback, without TLS.
  world = await startWorld({ webhooks: { dangerSendKeysInClear: true } });
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  folder = await mkdtemp(join(tmpdir(), 'certmux-openssl-'));
  ({ id: accountId } = await operator.accounts.create({ name: 'customer', currency: 'CNY' }));
  const { clientSettings } = await operator.credentials.create({
    account: accountId,
    dialect: 'httpsok',
    label: 'test',
  });
  key = clientSettings.OpenApiKey ?? '';
});
after(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: replies of every shape
type Reply = { readonly code: number; readonly msg: string; readonly data: any; readonly traceId: string };

async function call(path: string, body?: string): Promise<Reply> {
  const response = await fetch(world.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { OpenApiKey: key, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json');
  const reply = (await response.json()) as Reply;
  assert.match(reply.traceId, /^[0-9a-f]{32}$/);
  return reply;
}

/** As a customer enters it at their DNS provider, whose zone is the registrable domain. */
function delegate(configs: readonly WireDelegation[], zone: string): void {
  for (const { host, hostValue } of configs) world.dns.set(`${host}.${zone}`, 'CNAME', hostValue);
}

async function pollUntilOver(id: string): Promise<Reply['data']> {
  let data: Reply['data'];
  await until(async () => {
    ({ data } = await call(`/v1/cert/apply/${id}`));
    return data.status !== 2;
  }, 'the application is decided');
  return data;
}

/** What OpenSSL says of the delivered file, trusting nothing but the server's roots. */
async function verify({ certificate }: IssuedApplication, crlPem?: string): Promise<string> {
  const [roots, chain, crl] = ['roots.pem', 'chain.pem', 'crl.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(roots, await (await fetch(`${world.url}/pki/root.pem`)).text());
  await writeFile(chain, certificate);
  if (crlPem !== undefined) await writeFile(crl, crlPem);
  const checks = crlPem === undefined ? [] : ['-crl_check', '-CRLfile', crl];
  const args = ['verify', '-x509_strict', '-purpose', 'sslserver', ...checks, '-CAfile', roots, '-untrusted', chain];
  const { stdout, stderr } = await run('openssl', [...args, chain]).catch((error) => error);
  return `${stdout}${stderr}`.replaceAll(chain, 'chain');
}

async function fetchCrl({ certificate }: IssuedApplication): Promise<string> {
  const file = join(folder, 'leaf.pem');
  await writeFile(file, certificate);
  const { stdout } = await run('openssl', ['x509', '-in', file, '-noout', '-ext', 'crlDistributionPoints']);
  const url = /URI:(http\S+\.crl)/.exec(stdout)?.[1] ?? assert.fail('a CRL address');
  return encodePem('X509 CRL', new Uint8Array(await (await fetch(url)).arrayBuffer()));
}

/** A customer's server that is told things; it fails at first. */
async function startReceiver(failures: number) {
  const told: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      told.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(told.length > failures ? 200 : 500).end();
    });
  });
  // The port that stands for 80 is the same for all; the address tells the servers apart.
  const place = { address: '127.0.0.4', port: world.web.httpPort };
  await listen(server, place);
  world.dns.set('hook.example.org', 'A', place.address);
  return {
    told,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe('the life of an application', () => {
  // The request of the seed, but for the names.
  const names = '{\n  "domainList": [ "*.life.example.com", "life.example.com"]\n}';
  let done: IssuedApplication;
  let id: string;

  it('begins with records to set, and is refused until they are there', async () => {
    const { code, data } = await call('/v1/cert/dv', names);
    assert.equal(code, 0);
    assert.equal(data.valid, false);
    assert.deepEqual(
      data.configs.map(({ domain, host, valid }: WireDelegation) => [domain, host, valid]),
      [['*.life.example.com', '_acme-challenge.life', false]],
    );
    const refused = await call('/v1/cert/apply', names);
    assert.equal(refused.code, 1001);
    assert.match(refused.msg, /_acme-challenge\.life\.example\.com/);
    world.dns.set('_acme-challenge.life.example.com', 'CNAME', 'elsewhere.httpsok.com');
    assert.equal((await call('/v1/cert/dv', names)).data.valid, false, 'another target proves nothing');
    delegate(data.configs, 'example.com');
    assert.equal((await call('/v1/cert/dv', names)).data.valid, true);
  });

  it('gives a certificate and its key, which OpenSSL trusts by the root alone', async () => {
    const applied = await call('/v1/cert/apply', names);
    assert.equal(applied.code, 0, applied.msg);
    assert.match(applied.data, /^\d+$/);
    id = applied.data;
    done = await pollUntilOver(id);
    assert.deepEqual(
      [done.status, done.algorithm, done.ca, done.name, done.domains, done.progress],
      [1, 'ECC', 'google', '*.life.example.com', '*.life.example.com,life.example.com', 100],
    );
    assert.equal(await verify(done), 'chain: OK\n');
    const leaf = new X509Certificate(done.certificate);
    assert.ok(leaf.checkPrivateKey(createPrivateKey(done.privateKey)));
    assert.match(done.privateKey, /^-----BEGIN EC PRIVATE KEY-----\n/);
    assert.equal(leaf.subjectAltName, 'DNS:*.life.example.com, DNS:life.example.com');
    assert.equal(Date.parse(`${done.notAfter.replace(' ', 'T')}+08:00`), leaf.validToDate.getTime());
  });

  it('leaves the key sealed in the database, and its deliveries in the audit log', async () => {
    const secret = createPrivateKey(done.privateKey).export({ format: 'jwk' }).d ?? '';
    const bytes = Buffer.from(secret, 'base64url');
    for (const [table, rows] of Object.entries(readTables(world.databasePath))) {
      for (const value of rows.flatMap((row) => Object.values(row))) {
        const isThere =
          value instanceof Uint8Array ? Buffer.from(value).includes(bytes) : String(value).includes(secret);
        assert.ok(!isThere, table);
      }
    }
    const { items } = await operator.events.list({ limit: 100 });
    assert.ok(items.some(({ kind }) => kind === 'key.delivered'));
  });

  it('is renewed by applying again, without touching the record', async () => {
    const again = await call(
      '/v1/cert/apply',
      '{"domainList":"life.example.com,*.life.example.com","algorithm":"rsa"}',
    );
    assert.equal(again.code, 0);
    assert.notEqual(again.data, id);
    const renewed = await pollUntilOver(again.data);
    assert.equal(renewed.algorithm, 'RSA');
    assert.match(renewed.privateKey, /^-----BEGIN RSA PRIVATE KEY-----\n/);
    assert.equal(await verify(renewed), 'chain: OK\n');
    assert.ok(new X509Certificate(renewed.certificate).checkPrivateKey(createPrivateKey(renewed.privateKey)));
  });

  it('ends by revocation, and the CRL that the certificate names says so', async () => {
    await operator.orders.revoke({ order: id, reason: 'keyCompromise' });
    const { data } = await call(`/v1/cert/apply/${id}`);
    assert.deepEqual([data.status, data.certificate, data.privateKey], [3, '', '']);
    await until(async () => (await verify(done, await fetchCrl(done))).includes('certificate revoked'), 'it is listed');
  });
});

describe('the callback', () => {
  it('tells the URL of the application, signed, and again until it is taken', { timeout: 60_000 }, async () => {
    const receiver = await startReceiver(1);
    try {
      const names = ['told.example.com'];
      const { data } = await call('/v1/cert/dv', JSON.stringify({ domainList: names }));
      delegate(data.configs, 'example.com');
      const notifyUrl = 'http://hook.example.org/told?x=1';
      const applied = await call('/v1/cert/apply', JSON.stringify({ domainList: names, notifyUrl }));
      const polled = await pollUntilOver(applied.data);
      await until(() => receiver.told.length === 2, 'it was told twice', 30_000);
      const [first, second] = receiver.told;
      assert.equal(first?.path, '/told?x=1');
      assert.deepEqual(JSON.parse(first?.body ?? ''), polled);
      assert.equal(second?.body, first?.body);
      assert.equal(first?.headers['content-type'], 'application/json');
      assert.match(String(first?.headers['x-certmux-signature']), /^sha256=[0-9a-f]{64}$/);
      const { secret } = await operator.accounts.webhookSecret({ account: accountId });
      const signature = createHmac('sha256', secret)
        .update(first?.body ?? '')
        .digest('hex');
      assert.equal(first?.headers['x-certmux-signature'], `sha256=${signature}`);
    } finally {
      await receiver.close();
    }
  });
});
