/**
 * What `upgrade.test.ts` runs for each kept data directory, in a process of its own with the clock of its time: opens it with this version, and
 * ends with 0 where everything is there, through every front door, it goes on, and there is a way back.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '../../src/backup/manifest.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { checkNames, runCheck } from '../../src/backup/verify.ts';
import { findMasterKeys } from '../../src/boot/master-keys.ts';
import { openSqliteToCheck } from '../../src/db/engine/sqlite/checked.ts';
import { migrations } from '../../src/db/migrations/index.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { createKeyring } from '../../src/pki/key-sealer.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import { startCustomerServers } from '../../src/quickstart/customer-servers.ts';
import { quickstartApis } from '../../src/quickstart/customers.ts';
import { createRandomness } from '../../src/system/index.ts';
import { checkNow } from '../support/check-now.ts';
import {
  asShownThen,
  openData,
  operatorOf,
  playCustomer,
  type RecordedRequest,
  shownAt,
  startOn,
} from '../support/old-data.ts';
import { until } from '../support/system.ts';

/** What an order of an ACME client is read by: signed over a number that is good once. */
const signedOnce = (api: string) => api === 'acme';

async function answerTo({ method, path, headers, body }: RecordedRequest, url: string): Promise<Response> {
  return fetch(url + path, { method, headers: { ...headers }, ...(body === null ? {} : { body }) });
}

async function keysIn(path: string) {
  const none = { masterKeyFile: undefined, masterKeyOldFile: undefined };
  return findMasterKeys({ path, ...none, masterKeyText: undefined, masterKeyOldText: undefined });
}

async function flawsIn(folder: string): Promise<readonly string[]> {
  const [first] = await keysIn(folder);
  const keyring = first === undefined ? null : createKeyring([first.bytes], createRandomness());
  const database = openSqliteToCheck(join(folder, 'certmux.db'));
  const { signal } = new AbortController();
  try {
    const results = [];
    for (const check of checkNames) results.push(await runCheck(check, { database, keyring, signal }, () => {}));
    return results.flatMap(({ check, flaws }) => flaws.map((flaw) => `${check}: ${renderReason(flaw, 'en')}`));
  } finally {
    await database.close();
  }
}

async function openKept(fixture: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'certmux-upgrade-'));
  const cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(root, { recursive: true, force: true }));
  try {
    const folder = join(root, 'data');
    const old = openData(fixture, folder);
    const servers = await startCustomerServers([], cleanup);
    const running = await startOn(folder, 'http://127.0.0.1:0', servers);
    cleanup.defer(() => running.certmux.stop());
    assert.equal(running.certmux.firstOperator, undefined);

    // What was there is there, for the operator and for each customer in the words of their API.
    const operator = operatorOf(running, old.operatorToken);
    const orders = (await operator.orders.list({ limit: 200 })).items;
    assert.deepEqual(Object.fromEntries(orders.map(({ number, state }) => [number, state])), old.states);
    const accounts = (await operator.accounts.list({ limit: 200 })).items;
    assert.deepEqual(Object.fromEntries(accounts.map(({ number, balance }) => [number, balance.minor])), old.balances);
    for (const order of Object.keys(old.states)) await operator.orders.show({ order });
    for (const [path, then] of Object.entries(old.shown ?? {})) {
      const now = await shownAt(running, old.operatorToken, path);
      assert.deepEqual(asShownThen(then, now), then, path);
    }
    assert.deepEqual(
      old.requests.map(({ api }) => api),
      quickstartApis,
      'every front door has a customer',
    );
    for (const request of old.requests) {
      if (signedOnce(request.api)) continue;
      const response = await answerTo(request, running.url);
      const text = await response.text();
      assert.equal(response.status, request.status, `${request.api}: ${text.slice(0, 300)}`);
      assert.match(text, /BEGIN CERTIFICATE|MII/, `${request.api} shows the certificate`);
    }

    // It goes on: a reissue, a revocation, an order that was waiting for its proof, a new customer at every front door.
    const named = (host: string) => orders.find(({ names }) => names.includes(host));
    const active = String(named('active.example')?.number);
    const { csrPem } = await makeKeyAndCsr(['active.example']);
    await operator.orders.reissue({ order: active, csr: csrPem });
    const waiting = String(named('waits-for-proof.example')?.number);
    servers.dns.set('waits-for-proof.example', 'A', servers.web.address);
    for (const { proofs } of (await operator.orders.show({ order: waiting })).names) {
      for (const proof of proofs) {
        if ('path' in proof) servers.web.put('waits-for-proof.example', proof.path, proof.content);
      }
    }
    await checkNow(operator, waiting);
    await until(async () => (await operator.orders.show({ order: waiting })).state === 'active', 'the proof is found');
    const certificates = (await operator.certificates.list({ limit: 200 })).items;
    const certificate = certificates.find(({ names }) => names.includes('acme.example'))?.id ?? '';
    await operator.certificates.revoke({ certificate, reason: 'superseded' });
    assert.equal((await operator.certificates.show({ certificate })).state, 'revoked');
    // The user of the first customer has the name that the next one takes.
    await operator.users.remove({ user: 'quickstart' });
    const highest = Math.max(...Object.keys(old.states).map(Number));
    for (const api of quickstartApis) {
      const { order } = await playCustomer(running, { operator, servers, api, host: `new.${api}.example` });
      assert.ok(order > highest, api);
    }
    await running.certmux.stop();
    assert.deepEqual(await flawsIn(folder), []);

    // The way back: the backup from before, as the older version restores it.
    const pending = migrations.map((migration) => migration.name).filter((one) => !old.schema.includes(one));
    const backup = join(folder, `before-${pending[0]}.backup`);
    assert.equal(existsSync(backup), pending.length > 0);
    if (pending.length === 0) return;
    const manifest = await readManifest(backup);
    assert.deepEqual([manifest.schema, manifest.rows.orders], [old.schema, old.rows.orders]);
    const { signal } = new AbortController();
    const keys = await keysIn(folder);
    const back = join(root, 'back');
    await restoreBackup({
      from: backup,
      folder: back,
      databaseName: 'certmux.db',
      keys,
      keyToWrite: keys[0]?.bytes ?? null,
      signal,
    });
    const before = openSqliteToCheck(join(back, 'certmux.db'));
    assert.deepEqual(await before.migrations(), old.schema);
    await before.close();
  } finally {
    await cleanup.disposeAsync();
  }
}

const [fixture] = process.argv.slice(2);
if (fixture === undefined) throw new Error('name the folder of the fixture');
await openKept(fixture);
// The servers of the customers are closed; what else waits, waits for nothing.
process.exit(0);
