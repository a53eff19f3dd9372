/**
 * The master key of the real server is changed while customers order, and the server is killed in the middle of it again and
 * again. Nothing changes for anybody, nothing is left under the former key, and copies of the data directory from before, from
 * the middle and from after open with the keys that lay in them.
 */
import assert from 'node:assert/strict';
import { createCipheriv, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { createHttpsokClient, type HttpsokClient } from '../../src/dialects/httpsok/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { masterKeyOf, sealedUnder } from '../../src/pki/seal.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { loopbackValidation } from '../support/customer.ts';
import { freePort, operatorToken, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { until } from '../support/system.ts';

/** Values under the former key: enough for the server to be killed while it is at them. */
const manySecrets = 6000;
const kills = 3;

let folder: string;
let world: { readonly dns: LoopbackDns; readonly web: LoopbackWeb };
let server: ServerProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certmux-rotation-'));
  world = { dns: await startLoopbackDns(), web: await startLoopbackWeb() };
});
afterEach(async () => {
  await kill();
  await Promise.all([world.dns.close(), world.web.close()]);
  await rm(folder, { recursive: true, force: true });
});

const dataOf = (directory: string) => join(directory, 'data');
const keyIn = (directory: string, name = 'master.key') =>
  Buffer.from(readFileSync(join(dataOf(directory), name), 'utf8').trim(), 'base64');

async function kill(): Promise<void> {
  if (server !== undefined && server.child.exitCode === null && server.child.signalCode === null) await server.kill();
  server = undefined;
}

async function start(
  directory: string,
  more: Partial<Parameters<typeof startServerProcess>[0]> = {},
): Promise<ServerProcess> {
  const { config, ...rest } = more;
  const settings = { ...loopbackValidation(world), ...config };
  server = await startServerProcess({ directory, port: await freePort(), isCheap: true, ...rest, config: settings });
  return server;
}

async function operatorOf({ url }: ServerProcess, directory: string): Promise<NativeClient> {
  return createNativeClient({
    baseUrl: url,
    token: await operatorToken(directory),
    fetch: (request) => fetch(request),
  });
}

/** A customer of the API whose labels in the DNS and whose private keys hang on secrets of the server. */
interface Customer {
  readonly accountId: string;
  readonly key: string;
}

async function createCustomer(operator: NativeClient): Promise<Customer> {
  const { id: accountId } = await operator.accounts.create({ name: 'customer', currency: 'CNY' });
  const request = { account: accountId, dialect: 'httpsok', label: 'test' };
  const { clientSettings } = await operator.credentials.create(request);
  return { accountId, key: clientSettings.OpenApiKey ?? '' };
}

const clientOf = ({ url }: ServerProcess, { key }: Customer): HttpsokClient =>
  createHttpsokClient({ baseUrl: url, key: new Secret(key), fetch: (request) => fetch(request) });

/** Delegates the name, which is proved by a label under a secret of the server, and fetches certificate and key. */
async function orderIssued(client: HttpsokClient, name: string): Promise<string> {
  const { configs } = await client.checkDelegation([name]);
  for (const { host, hostValue } of configs) world.dns.set(`${host}.${name}`, 'CNAME', hostValue);
  const id = await client.apply({ names: [name] });
  await until(async () => (await client.application(id)).status !== 2, `${name} is decided`, 30_000);
  await assertKeyOpens(client, id);
  return id;
}

async function assertKeyOpens(client: HttpsokClient, id: string): Promise<void> {
  const found = await client.application(id);
  assert.ok(found.status === 1, JSON.stringify(found));
  const leaf = new X509Certificate(found.certificate);
  assert.ok(leaf.checkPrivateKey(createPrivateKey(found.privateKey)), 'the key belongs to the certificate');
}

/** What would tell a customer that a secret of the server has changed. */
async function secretsSeen(operator: NativeClient, client: HttpsokClient, { accountId }: Customer) {
  const { secret } = await operator.accounts.webhookSecret({ account: accountId });
  const { configs } = await client.checkDelegation(['seen.example']);
  return { secret, configs: configs.map(({ hostValue }) => hostValue) };
}

/** Straight into the database: values as version 0.1 sealed them, which did not name their key. */
function addSecrets(directory: string): void {
  const db = new DatabaseSync(join(dataOf(directory), 'certmux.db'));
  const insert = db.prepare('INSERT INTO server_secrets (id, sealed_value, created_at) VALUES (?, ?, 0)');
  db.exec('BEGIN');
  for (let i = 0; i < manySecrets; i++) {
    const id = `webhook/acc_${String(i).padStart(6, '0')}`;
    insert.run(id, sealUnnamed(keyIn(directory), `secret:${id}`));
  }
  db.exec('COMMIT');
  db.close();
}

function sealUnnamed(key: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`\x01${context}`));
  const body = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
  return Buffer.concat([Buffer.of(1), nonce, body, cipher.getAuthTag()]);
}

/** How many values of the database and of the folder of keys name which master key. */
function countByKey(directory: string): ReadonlyMap<string, number> {
  const db = new DatabaseSync(join(dataOf(directory), 'certmux.db'), { readOnly: true });
  const columns = [
    'authority_keys.sealed_key',
    'server_secrets.sealed_value',
    'issuances.sealed_key',
    'webhooks.sealed_secret',
    'deliveries.sealed_body',
  ];
  const values = columns.flatMap((name) => {
    const [table, column] = name.split('.');
    const rows = db.prepare(`SELECT ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL`).all();
    return rows.flatMap(({ value }) => (value instanceof Uint8Array ? value : []));
  });
  db.close();
  const keys = join(dataOf(directory), 'keys');
  const counts = new Map<string, number>();
  for (const value of [...values, ...readdirSync(keys).map((name) => readFileSync(join(keys, name)))]) {
    const id = sealedUnder(value) ?? 'unnamed';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

test('a master key is changed while customers order and the server is killed; copies from before, between and after open', async () => {
  const directory = folder;
  let running = await start(directory);
  let operator = await operatorOf(running, directory);
  const customer = await createCustomer(operator);
  let client = clientOf(running, customer);
  const orders = [await orderIssued(client, 'before.example')];
  const seen = await secretsSeen(operator, client, customer);
  await kill();
  addSecrets(directory);
  const former = masterKeyOf(keyIn(directory)).id;
  await cp(dataOf(directory), join(folder, 'copy-before', 'data'), { recursive: true });

  running = await start(directory);
  operator = await operatorOf(running, directory);
  client = clientOf(running, customer);
  const { masterKeyId } = await operator.keyEncryption.rotate({});
  assert.notEqual(masterKeyId, former);
  orders.push(await orderIssued(client, 'first.example'));

  let interrupted = 0;
  for (let i = 0; i < kills; i++) {
    // Another order is on its way whenever the server dies.
    const ordering = orderIssued(client, `killed${i}.example`).catch(() => undefined);
    const { rotation } = await operator.keyEncryption.show({});
    await until(async () => {
      const now = (await operator.keyEncryption.show({})).rotation;
      return now?.endedAt !== null || now.examined > (rotation?.examined ?? 0);
    }, 'the rotation moves on');
    await kill();
    await ordering;
    if (existsSync(join(dataOf(directory), 'master.key.old'))) interrupted++;
    if (i === 1) await cp(dataOf(directory), join(folder, 'copy-between', 'data'), { recursive: true });
    running = await start(directory);
    operator = await operatorOf(running, directory);
    client = clientOf(running, customer);
    assert.deepEqual(await secretsSeen(operator, client, customer), seen, 'nothing has changed for the customer');
    for (const id of orders) await assertKeyOpens(client, id);
  }
  assert.ok(interrupted >= 2, `only ${interrupted} kills hit the rotation: they proved nothing`);

  await until(
    async () => (await operator.keyEncryption.show({})).rotation?.endedAt != null,
    'the rotation ends',
    60_000,
  );
  const { rotation } = await operator.keyEncryption.show({});
  assert.equal(rotation?.toKey, masterKeyId);
  assert.equal(rotation.unreadable, 0);
  await until(() => !existsSync(join(dataOf(directory), 'master.key.old')), 'the former key is moved aside');
  assert.equal(masterKeyOf(keyIn(directory, `master.key.retired-${former}`)).id, former);
  assert.equal(masterKeyOf(keyIn(directory)).id, masterKeyId);
  orders.push(await orderIssued(client, 'after.example'));
  assert.equal(await running.stop(), 0);
  assert.deepEqual([...countByKey(directory).keys()], [masterKeyId], 'nothing is left under the former key');
  await cp(dataOf(directory), join(folder, 'copy-after', 'data'), { recursive: true });

  for (const name of ['copy-before', 'copy-between', 'copy-after']) {
    await assertRestores(join(folder, name), customer, { order: orders[0] ?? '', seen });
  }
});

/** The copy is a server again: it opens what it holds, signs, and brings a rotation that it was copied in to its end. */
async function assertRestores(
  directory: string,
  customer: Customer,
  { order, seen }: { readonly order: string; readonly seen: Awaited<ReturnType<typeof secretsSeen>> },
): Promise<void> {
  const restored = await start(directory);
  const operator = await operatorOf(restored, directory);
  const client = clientOf(restored, customer);
  await assertKeyOpens(client, order);
  assert.deepEqual(await secretsSeen(operator, client, customer), seen, directory);
  await orderIssued(client, 'restored.example');
  const isOver = async () => (await operator.keyEncryption.show({})).rotation?.endedAt !== null;
  await until(isOver, 'no rotation is under way', 60_000);
  assert.equal(await restored.stop(), 0);
}

test('an operator who keeps the key hands in both, and everything is sealed anew by itself; without the former key it does not start', async () => {
  const directory = folder;
  const [first, second] = [randomBytes(32), randomBytes(32)];
  const environment = (key: Uint8Array, old?: Uint8Array) => ({
    CERTMUX_MASTER_KEY: Buffer.from(key).toString('base64'),
    ...(old === undefined ? {} : { CERTMUX_MASTER_KEY_OLD: Buffer.from(old).toString('base64') }),
  });
  let running = await start(directory, { environment: environment(first) });
  let operator = await operatorOf(running, directory);
  const customer = await createCustomer(operator);
  let client = clientOf(running, customer);
  const order = await orderIssued(client, 'first.example');
  const seen = await secretsSeen(operator, client, customer);
  await assert.rejects(operator.keyEncryption.rotate({}), {
    code: 'wrongState',
    message: /kept in CERTMUX_MASTER_KEY,/,
  });
  await kill();

  await assert.rejects(start(directory, { environment: environment(second) }), (error: Error) => {
    const [former, present] = [first, second].map((key) => masterKeyOf(key).id);
    assert.match(
      error.message,
      new RegExp(`the data is sealed under the master key ${former}, and ${present} is here`),
    );
    return true;
  });
  assert.ok(!existsSync(join(dataOf(directory), 'master.key')));

  running = await start(directory, { environment: environment(second, first) });
  operator = await operatorOf(running, directory);
  client = clientOf(running, customer);
  await until(
    async () => (await operator.keyEncryption.show({})).rotation?.endedAt != null,
    'the rotation ends',
    60_000,
  );
  assert.deepEqual(await secretsSeen(operator, client, customer), seen);
  await until(
    () => readFileSync(join(directory, 'server.log'), 'utf8').includes('the former master key is not needed any more'),
    'the operator is told',
  );
  await kill();
  assert.deepEqual([...countByKey(directory).keys()], [masterKeyOf(second).id]);

  running = await start(directory, { environment: environment(second) });
  client = clientOf(running, customer);
  await assertKeyOpens(client, order);
  await kill();

  // From the environment into a file: the key is the same, where it comes from does not matter.
  const masterKeyFile = join(directory, 'kept.key');
  await writeFile(masterKeyFile, second.toString('base64'), { mode: 0o600 });
  running = await start(directory, { config: { masterKeyFile } });
  await assertKeyOpens(clientOf(running, customer), order);
});

test('a start with a database and keys of different times names the key that is missing, and goes on once it is put back', async () => {
  const directory = folder;
  let running = await start(directory);
  let operator = await operatorOf(running, directory);
  const customer = await createCustomer(operator);
  const order = await orderIssued(clientOf(running, customer), 'mixed.example');
  await kill();
  const former = masterKeyOf(keyIn(directory)).id;
  // A backup tool that copies the database first and the keys at the end of a rotation.
  await cp(join(dataOf(directory), 'certmux.db'), join(folder, 'certmux.db'));
  await cp(join(dataOf(directory), 'certmux.db-wal'), join(folder, 'certmux.db-wal')).catch(() => undefined);
  running = await start(directory);
  operator = await operatorOf(running, directory);
  await operator.keyEncryption.rotate({});
  await until(
    async () => (await operator.keyEncryption.show({})).rotation?.endedAt != null,
    'the rotation ends',
    60_000,
  );
  assert.equal(await running.stop(), 0);
  for (const name of ['certmux.db', 'certmux.db-wal']) {
    await rm(join(dataOf(directory), name), { force: true });
    if (existsSync(join(folder, name))) await rename(join(folder, name), join(dataOf(directory), name));
  }
  await assert.rejects(start(directory), { message: new RegExp(`sealed under the master key ${former}`) });
  await rename(join(dataOf(directory), `master.key.retired-${former}`), join(dataOf(directory), 'master.key.old'));
  running = await start(directory);
  await assertKeyOpens(clientOf(running, customer), order);
  operator = await operatorOf(running, directory);
  await until(
    async () => (await operator.keyEncryption.show({})).rotation?.endedAt != null,
    'a rotation mends it',
    60_000,
  );
  assert.equal(await running.stop(), 0);
  assert.deepEqual([...countByKey(directory).keys()], [masterKeyOf(keyIn(directory)).id]);
});
