/** The real server on a disk that is really full: orders wait, revocation does not, nothing that was acknowledged is lost. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { type Customer, createCustomer, loopbackValidation, placeHttpProofs } from '../support/customer.ts';
import { freePort, operatorToken, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { isInNamespace, mountSmallDisk, runInNamespace, type SmallDisk } from '../support/small-disk.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';

const diskMiB = 64;
const reserveMiB = 8;
const title =
  'on a full disk orders are refused as unavailable, revocation works, and with space everything goes on by itself';

test(title, async (t) => {
  const disk = mountSmallDisk(diskMiB);
  if (disk === undefined) return runElsewhere(t);
  // What the server logs lies on another disk, so that it can be read.
  const elsewhere = await mkdtemp(join(tmpdir(), 'certmux-full-disk-'));
  const world = { dns: await startLoopbackDns(), web: await startLoopbackWeb() };
  try {
    await fillAndEmpty(disk, join(elsewhere, 'server.log'), world);
  } finally {
    await Promise.all([world.dns.close(), world.web.close()]);
    disk.remove();
    await rm(elsewhere, { recursive: true });
  }
});

function runElsewhere(t: TestContext): void {
  const run = isInNamespace ? undefined : runInNamespace(import.meta.filename);
  if (run !== undefined) {
    assert.ok(run.isGood, run.output);
    return;
  }
  // The parts are covered all the same: test/db/reserved-writes.test.ts makes the engine's own errors, test/system/disk-reserve.test.ts
  // the file system's figures.
  t.skip('NOT RUN: no disk can be mounted here, neither as root nor in a user namespace');
}

async function fillAndEmpty(
  disk: SmallDisk,
  logFile: string,
  world: { readonly dns: LoopbackDns; readonly web: LoopbackWeb },
): Promise<void> {
  const port = await freePort();
  const config = { ...loopbackValidation(world), storage: { reserveMiB } };
  const options = { directory: disk.path, port, config, logFile };
  const start = () => startServerProcess(options);
  const startFull = () => startServerProcess({ ...options, isUp: async (reply) => /disk/.test(await reply.text()) });
  let server = await start();
  try {
    const operator = createNativeClient({
      baseUrl: server.url,
      token: await operatorToken(disk.path),
      fetch: (request) => fetch(request),
    });
    const customer = await createCustomer(server.url, operator);
    const first = await orderIssued(customer, world, 'first.example');
    const second = await orderIssued(customer, world, 'second.example');
    const reserve = join(disk.path, 'data', 'reserve');
    await until(() => statSync(reserve).size === reserveMiB << 20, 'the reserve is made');

    disk.fill();
    await until(async () => (await readiness(server)).status === 503, 'the server says that it is not ready');
    assert.match((await readiness(server)).reason, /^the disk of the server is full/);
    await assertOrdersAreRefused(server, customer, operator);

    // Every byte beside the reserve is taken, so this takes it.
    await operator.orders.revoke({ order: String(first), reason: 'superseded' });
    await inCrl(operator, server, first);

    await server.kill();
    server = await startFull().catch((error: unknown) => assert.fail(`it does not start on a full disk: ${error}`));
    await assertOrdersAreRefused(server, customer, operator);
    await inCrl(operator, server, first);
    await operator.orders.revoke({ order: String(second), reason: 'superseded' });
    await inCrl(operator, server, second);

    disk.empty();
    await until(async () => (await readiness(server)).status === 200, 'the server is ready again');
    await until(
      () => statSync(reserve, { throwIfNoEntry: false })?.size === reserveMiB << 20,
      'the reserve is made again',
      40_000,
    );
    await orderIssued(customer, world, 'third.example');
    assert.equal(await server.stop(), 0, 'it stops cleanly');
  } finally {
    if (server.child.exitCode === null && server.child.signalCode === null) await server.kill();
  }
}

async function orderIssued(
  customer: Customer,
  world: Parameters<typeof placeHttpProofs>[0],
  name: string,
): Promise<number> {
  const { csrPem } = await createSubscriber(name);
  const { trustocean_id: number, dcv_info } = await customer.client.placeOrder({ pid: '100', csrPem, names: [name] });
  placeHttpProofs(world, dcv_info);
  await customer.client.recheck(number);
  const isIssued = async () => (await customer.client.order(number)).cert_status === 'issued_active';
  await until(isIssued, `${name} is issued`, 30_000);
  return number;
}

async function readiness({ url }: ServerProcess): Promise<{ readonly status: number; readonly reason: string }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, reason: String(Object.values(Object(await response.json()))[0]) };
}

/** In the vendor's form and in ours. */
async function assertOrdersAreRefused(
  server: ServerProcess,
  customer: Customer,
  operator: NativeClient,
): Promise<void> {
  const { csrPem } = await createSubscriber('refused.example');
  const wanted = { pid: '100', csrPem, names: ['refused.example'] };
  await assert.rejects(customer.client.placeOrder(wanted), { message: /服务器磁盘空间不足，本次操作未保存/ });
  const account = { name: 'refused', currency: 'CNY' };
  await assert.rejects(operator.accounts.create(account), {
    code: 'unavailable',
    message: /the disk of the server is full/,
  });
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal((await operator.orders.list({ name: 'refused.example' })).items.length, 0);
}

/** The list that clients fetch holds the certificate of the order. */
async function inCrl(operator: NativeClient, server: ServerProcess, order: number): Promise<void> {
  const { certificate } = await operator.orders.show({ order: String(order) });
  assert.equal(certificate?.state, 'revoked');
  await until(async () => {
    for (const { id, role } of (await operator.authorities.list({})).items) {
      if (role !== 'intermediate') continue;
      const list = await fetch(`${server.url}/pki/${id}.crl`);
      const { entries } = parseCrl(new Uint8Array(await list.arrayBuffer()));
      if (entries.some(({ serialHex }) => serialHex === certificate?.serial)) return true;
    }
    return false;
  }, 'the revocation is published');
}
