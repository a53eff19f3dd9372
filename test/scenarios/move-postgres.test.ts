/**
 * An installation moves from its file to a PostgreSQL server and back, by `certmux database copy` in processes of its own, some of them
 * killed. Customers notice nothing: old credentials, orders, keys, cursors and repeated requests work on each side, and the same CA
 * issues under fresh numbers.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createEncryption365Client } from '../../src/dialects/encryption365/client.ts';
import { createHttpsokClient } from '../../src/dialects/httpsok/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { type Customer, createCustomer, loopbackValidation, placeHttpProofs } from '../support/customer.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { freePort, operatorToken, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';

const entry = fileURLToPath(new URL('../../src/boot/certmux.ts', import.meta.url));

let folder: string;
let world: { readonly dns: LoopbackDns; readonly web: LoopbackWeb };
let address: string;
let port: number;
let server: ServerProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certmux-move-'));
  world = { dns: await startLoopbackDns(), web: await startLoopbackWeb() };
  address = await createDatabase();
  port = await freePort();
});
afterEach(async () => {
  await stop();
  await Promise.all([world.dns.close(), world.web.close(), dropDatabase(address)]);
  await rm(folder, { recursive: true, force: true });
});

async function start(config: Readonly<Record<string, unknown>> = {}): Promise<ServerProcess> {
  // Its file, unless a test says otherwise, also where others have a database on the server.
  const settings = { database: undefined, ...loopbackValidation(world), ...config };
  server = await startServerProcess({ directory: folder, port, isCheap: true, config: settings });
  return server;
}

async function stop(): Promise<void> {
  await server?.stop();
  server = undefined;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param killAt ends the process with SIGKILL when it has printed this */
async function copy(from: string, to: string, { killAt = '', language = 'C' } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [entry, 'database', 'copy', '--from', from, '--to', to], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: language, NO_COLOR: '1' },
  });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    if (killAt !== '' && line.includes(killAt)) child.kill('SIGKILL');
  });
  const stderr = textOf(child);
  const [code] = await once(child, 'close');
  return { code, stdout: lines.join('\n'), stderr: await stderr };
}

async function textOf({ stderr }: ChildProcess): Promise<string> {
  const parts: string[] = [];
  for await (const part of stderr ?? []) parts.push(String(part));
  return parts.join('');
}

async function tablesThere(): Promise<number> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const { rows } = await client.query(`select from pg_class where relnamespace = 'public'::regnamespace`);
  await client.end();
  return rows.length;
}

interface Customers {
  readonly panel: Pick<Customer, 'clientId' | 'accessToken'>;
  readonly httpsokKey: string;
}

function clientsOf(url: string, { panel, httpsokKey }: Customers) {
  const fetchRequest = (request: Request) => fetch(request);
  const credentials = { clientId: panel.clientId, accessToken: new Secret(panel.accessToken) };
  return {
    panel: createEncryption365Client({ baseUrl: url, fetch: fetchRequest, credentials }),
    httpsok: createHttpsokClient({ baseUrl: url, key: new Secret(httpsokKey), fetch: fetchRequest }),
  };
}

async function operatorOf(url: string): Promise<NativeClient> {
  return createNativeClient({ baseUrl: url, token: await operatorToken(folder), fetch: (request) => fetch(request) });
}

type Clients = ReturnType<typeof clientsOf>;

/** @returns the number of the order */
async function issueByPanel({ panel }: Clients, name: string): Promise<number> {
  const { csrPem } = await createSubscriber(name);
  const { trustocean_id: number, dcv_info: proofs } = await panel.placeOrder({ pid: '100', csrPem, names: [name] });
  placeHttpProofs(world, proofs);
  await panel.recheck(Number(number));
  await until(
    async () => (await panel.order(Number(number))).cert_status === 'issued_active',
    `${name} is issued`,
    30_000,
  );
  return Number(number);
}

async function issueByHttpsok({ httpsok }: Clients, name: string): Promise<string> {
  const { configs } = await httpsok.checkDelegation([name]);
  for (const { host, hostValue } of configs) world.dns.set(`${host}.${name}`, 'CNAME', hostValue);
  const id = await httpsok.apply({ names: [name] });
  await until(async () => (await httpsok.application(id)).status === 1, `${name} is issued`, 30_000);
  return id;
}

interface Seen {
  readonly orders: readonly number[];
  readonly applications: readonly string[];
}

/** What customers read of what they have: sealed keys opened, labels under secrets of the server. */
async function read(clients: Clients, operator: NativeClient, { orders, applications }: Seen) {
  const shown = [];
  for (const number of orders) shown.push(await clients.panel.order(number));
  for (const id of applications) {
    const found = await clients.httpsok.application(id);
    assert.ok(found.status === 1, JSON.stringify(found));
    assert.ok(new X509Certificate(found.certificate).checkPrivateKey(createPrivateKey(found.privateKey)), id);
    shown.push(found);
  }
  const { configs } = await clients.httpsok.checkDelegation(['seen.example']);
  const { items } = await operator.authorities.list({});
  // A new revocation list is published whenever the one before is old enough.
  const authorities = items.map(({ crl: _, ...authority }) => authority);
  return { shown, labels: configs.map(({ hostValue }) => hostValue), authorities };
}

test('an installation moves to PostgreSQL and back, and its customers go on', async () => {
  const file = join(folder, 'data', 'certmux.db');
  let { url } = await start();
  let operator = await operatorOf(url);
  const panel = await createCustomer(url, operator);
  const { id: account } = await operator.accounts.create({ name: 'httpsok', currency: 'CNY' });
  const key = await operator.credentials.create({ account, dialect: 'httpsok', label: 'test' });
  const customers = { panel, httpsokKey: key.clientSettings.OpenApiKey ?? '' };
  let clients = clientsOf(url, customers);
  const orders = [await issueByPanel(clients, 'file.example')];
  const applications = [await issueByHttpsok(clients, 'delegated.example')];
  const { csrPem: csr } = await createSubscriber('repeated.example');
  const repeated = { productCode: 'encryption365:100', csr, account: panel.accountId };
  const placed = await operator.orders.place(repeated, { idempotencyKey: 'move' });
  const before = await read(clients, operator, { orders, applications });
  const { nextCursor: cursor } = await operator.events.list({ limit: 5 });
  const page = await operator.events.list({ limit: 5, cursor: cursor ?? '' });
  assert.equal(page.items.length, 5);

  const inUse = await copy(join(folder, 'data'), address);
  assert.equal(inUse.code, 6);
  assert.match(inUse.stderr, /^error: the database .*certmux\.db is in use by a certmux; stop it first\n$/);
  assert.match((await copy(file, address, { language: 'zh_CN.UTF-8' })).stderr, /正被 certmux 使用，请先停止该服务/);
  await stop();

  // Long before its end: a copy that is compared is finished in a moment.
  for (const killAt of ['Check both', 'Copy the rows']) {
    assert.equal((await untilFree(() => copy(file, address, { killAt }))).code, null, killAt);
    assert.equal(await tablesThere(), 0, killAt);
  }
  const copied = await untilFree(() => copy(join(folder, 'data'), address));
  assert.match(copied.stdout, /✓ Compare every row .* every column of every row is the same on both sides/);
  assert.match(copied.stdout, /\norders +3\n/);
  assert.match(copied.stdout, new RegExp(`\nNext order number: +${placed.number + 1}\n`));
  assert.doesNotMatch(copied.stdout + copied.stderr, new RegExp(`:${new URL(address).password}@`));
  const again = await copy(file, address);
  assert.deepEqual([again.code, /is not empty/.test(again.stderr)], [6, true]);

  // On PostgreSQL.
  ({ url } = await start({ database: address }));
  operator = await operatorOf(url);
  clients = clientsOf(url, customers);
  assert.deepEqual(await read(clients, operator, { orders, applications }), before);
  assert.equal((await operator.orders.place(repeated, { idempotencyKey: 'move' })).id, placed.id);
  assert.deepEqual(await operator.events.list({ limit: 5, cursor: cursor ?? '' }), page);
  const fresh = await issueByPanel(clients, 'server.example');
  assert.ok(fresh > placed.number, `${fresh} is a number of its own`);
  orders.push(fresh);
  applications.push(await issueByHttpsok(clients, 'delegated-too.example'));
  await assertIssuedBySameCa(clients, fresh, before.authorities);
  const onServer = await read(clients, operator, { orders, applications });
  await stop();

  // And back, beside the keys, where the file of before lies no more.
  await rename(file, join(folder, 'before.db'));
  const back = await copy(address, file, { language: 'zh_CN.UTF-8' });
  assert.match(back.stdout, /✓ 逐行核对 .* 每一行的每一列均与原数据库一致/);
  ({ url } = await start());
  operator = await operatorOf(url);
  clients = clientsOf(url, customers);
  assert.deepEqual(await read(clients, operator, { orders, applications }), onServer);
  assert.equal((await operator.orders.place(repeated, { idempotencyKey: 'move' })).id, placed.id);
  assert.deepEqual(await operator.events.list({ limit: 5, cursor: cursor ?? '' }), page);
  const last = await issueByPanel(clients, 'back.example');
  assert.ok(last > fresh);
  await assertIssuedBySameCa(clients, last, before.authorities);
});

/** Once the server has noticed that a process which was killed is gone. */
async function untilFree(run: () => Promise<Ended>): Promise<Ended> {
  let ended: Ended | undefined;
  await until(
    async () => {
      ended = await run();
      return !ended.stderr.includes('is in use by');
    },
    'the lock of the killed copy is free',
    30_000,
  );
  assert.ok(ended?.code === 0 || ended?.code === null, ended?.stderr ?? 'it did not run');
  return ended;
}

async function assertIssuedBySameCa(
  { panel }: Clients,
  number: number,
  authorities: readonly { readonly pem: string }[],
): Promise<void> {
  const leaf = new X509Certificate(String((await panel.order(number)).cert_code));
  const issuers = authorities.map(({ pem }) => new X509Certificate(pem));
  assert.ok(
    issuers.some((issuer) => leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey)),
    `order ${number}`,
  );
}
