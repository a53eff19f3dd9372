/**
 * The drill of docs/operations.md: a backup while customers order, the machine lost, a restore elsewhere, `verify`, a reset of the
 * operator, and a certificate after it, which has nothing in common with what the lost server gave out after the backup.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createEncryption365Client } from '../../src/dialects/encryption365/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { place, pollUntilIssued } from '../integration/harness.ts';
import { certmux as command } from '../support/command-line.ts';
import { type Customer, createCustomer, loopbackValidation, placeHttpProofs } from '../support/customer.ts';
import { freePort, operatorToken, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { until } from '../support/system.ts';

let folder: string;
let world: { readonly dns: LoopbackDns; readonly web: LoopbackWeb };
const running = new Set<ServerProcess>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certmux-drill-'));
  world = { dns: await startLoopbackDns(), web: await startLoopbackWeb() };
});
afterEach(async () => {
  for (const { child } of running) end(child);
  running.clear();
  await Promise.all([world.dns.close(), world.web.close()]);
  await rm(folder, { recursive: true, force: true });
});

function end(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

async function start(directory: string): Promise<ServerProcess> {
  await mkdir(directory, { recursive: true });
  const config = loopbackValidation(world);
  const server = await startServerProcess({ directory, port: await freePort(), isCheap: true, config });
  running.add(server);
  return server;
}

const certmux = (words: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  command(words, { workingDirectory: folder, variables });

/** The same customer at another server. */
function at({ url }: ServerProcess, { clientId, accessToken, accountId }: Customer): Customer {
  const credentials = { clientId, accessToken: new Secret(accessToken) };
  const client = createEncryption365Client({ baseUrl: url, fetch: (request) => fetch(request), credentials });
  return { clientId, accessToken, accountId, client };
}

let names = 0;

async function orderIssued(customer: Customer): Promise<{ readonly number: number; readonly serial: string }> {
  const placed = await place(customer, [`n${++names}.example.com`]);
  placeHttpProofs(world, placed.dcv_info);
  const details = await pollUntilIssued(customer, placed.trustocean_id);
  return { number: placed.trustocean_id, serial: new X509Certificate(String(details.cert_code)).serialNumber };
}

test('backup under load, machine lost, restore elsewhere, operator reset, certificate', async () => {
  const lost = await start(join(folder, 'lost'));
  const token = await operatorToken(join(folder, 'lost'));
  const customer = await createCustomer(lost.url, token, { creditMinor: 100_000_000 });
  const before = await orderIssued(customer);

  // Customers order all the time, and are answered while the backup is made.
  let isLoaded = true;
  let placedUnderLoad = 0;
  const load = (async () => {
    while (isLoaded) {
      await orderIssued(customer);
      placedUnderLoad++;
    }
  })();
  await until(() => placedUnderLoad >= 2, 'orders are under way');
  const file = join(folder, 'certmux.backup');
  const made = await certmux(['backup', file, '--data', join(folder, 'lost', 'data'), '--json']);
  assert.deepEqual([made.code, made.stderr], [0, '']);
  const seen = placedUnderLoad;
  await until(() => placedUnderLoad > seen, 'orders go on after it');
  isLoaded = false;
  await load;
  const backup: { madeAt: string; rows: Record<string, number>; masterKeys: string[] } = JSON.parse(made.stdout);
  assert.ok((backup.rows.orders ?? 0) >= 2);

  // What the lost server gives out after the backup, and nobody will know of any more.
  const after = [await orderIssued(customer), await orderIssued(customer)];
  const lostNative = createNativeClient({ baseUrl: lost.url, token, fetch: (request) => fetch(request) });
  const lostEvents = await lostNative.events.list({ limit: 1 });
  await cp(join(folder, 'lost', 'data', 'master.key'), join(folder, 'kept.key'));
  await lost.kill();
  await rm(join(folder, 'lost'), { recursive: true });

  // Elsewhere. Without the master key nothing is restored.
  const data = join(folder, 'new', 'data');
  const keyless = await certmux(['restore', file, '--data', data]);
  assert.equal(keyless.code, 3);
  assert.match(keyless.stderr, new RegExp(`opens with the master key ${backup.masterKeys[0]}, which is not in it`));
  const restored = await certmux(['restore', file, '--data', data, '--master-key', join(folder, 'kept.key')]);
  assert.deepEqual([restored.code, restored.stderr], [0, '']);
  assert.match(restored.stdout, /The backup is restored\./);
  const verified = await certmux(['verify', data]);
  assert.deepEqual([verified.code, verified.stderr], [0, ''], verified.stdout);
  assert.match(verified.stdout, /Everything is as it should be\./);
  const reset = await certmux(['operator', 'reset', '--data', data, '--json']);
  assert.deepEqual([reset.code, reset.stderr], [0, '']);
  const { username, tokensRevoked, byServer, link }: Record<string, unknown> = JSON.parse(reset.stdout);
  assert.deepEqual([username, tokensRevoked, byServer], ['operator', 1, false]);

  const server = await start(join(folder, 'new'));
  const operator = (secret: string) =>
    createNativeClient({ baseUrl: server.url, token: secret, fetch: (request) => fetch(request) });
  await assert.rejects(operator(token).me.show({}), { code: 'unauthenticated' }, 'the lost token opens nothing');
  const native = operator(await operatorToken(join(folder, 'new')));
  assert.equal((await native.me.show({})).account, null);
  // The link is of the address in the configuration, which the test moves.
  const page = server.url + new URL(String(link)).pathname;
  const password = 'another correct horse';
  const form = new URLSearchParams({ password, repeat: password });
  assert.equal((await fetch(page, { method: 'POST', body: form })).status, 200);
  assert.equal((await fetch(page, { method: 'POST', body: form })).status, 404, 'it is good once');

  // The customer's key works, and what they get is new in every respect.
  const again = at(server, customer);
  assert.equal((await again.client.order(before.number)).cert_status, 'issued_active');
  const fresh = await orderIssued(again);
  const gone = [before, ...after];
  assert.ok(gone.every(({ number, serial }) => number !== fresh.number && serial !== fresh.serial));
  const highest = Math.max(...gone.map(({ number }) => number));
  assert.ok(fresh.number >= highest + 900_000, `${fresh.number} is far above ${highest}`);
  const { items } = await native.events.list({ limit: 200 });
  const kinds = items.map(({ kind }) => kind);
  assert.ok(
    kinds.includes('server.restored') && kinds.includes('operator.reset') && kinds.includes('user.passwordReset'),
  );
  assert.ok((items[0]?.sequence ?? 0) > (lostEvents.items[0]?.sequence ?? 0), 'cursors of feeds lie behind');
  // Another restart goes on from there: it is done once.
  await server.stop();
  running.delete(server);
  const restarted = await start(join(folder, 'new'));
  const next = await orderIssued(at(restarted, customer));
  assert.ok(next.number > fresh.number && next.number < fresh.number + 1000);
});

test('an operator is reset while the server runs, and only with its master key', async () => {
  const server = await start(join(folder, 'live'));
  const data = join(folder, 'live', 'data');
  const before = await operatorToken(join(folder, 'live'));
  const other = Buffer.alloc(32, 7).toString('base64');
  const refused = await certmux(['operator', 'reset', '--data', data], { CERTMUX_MASTER_KEY: other });
  assert.deepEqual([refused.code, await operatorToken(join(folder, 'live'))], [4, before]);
  assert.match(refused.stderr, /uses another master key than this command/);
  const reset = await certmux(['operator', 'reset', '--data', data, '--json']);
  assert.deepEqual([reset.code, reset.stderr], [0, '']);
  assert.equal(JSON.parse(reset.stdout).byServer, true);
  const after = await operatorToken(join(folder, 'live'));
  assert.notEqual(after, before);
  const native = createNativeClient({ baseUrl: server.url, token: after, fetch: (request) => fetch(request) });
  const { items } = await native.events.list({ limit: 50 });
  assert.ok(items.some(({ kind }) => kind === 'operator.reset'));
  const leftovers = await readFile(join(data, 'operator-reset.answer')).then(
    () => 'left',
    () => 'gone',
  );
  assert.equal(leftovers, 'gone');
});
