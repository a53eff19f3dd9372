/**
 * `certmux operator reset` of an installation on PostgreSQL: the command writes the rows itself, while the server runs and when it is stopped,
 * and a running server goes by them at once.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { certmux } from '../support/command-line.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { freePort, operatorToken, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { until } from '../support/system.ts';

let folder: string;
let database: string;
let port: number;
let server: ServerProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certmux-reset-'));
  database = await createDatabase();
  port = await freePort();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await dropDatabase(database);
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<ServerProcess> {
  server = await startServerProcess({ directory: folder, port, isCheap: true, config: { database } });
  return server;
}

const run = (words: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  certmux([...words, '--config', 'certmux.yaml'], { workingDirectory: folder, variables: { LANG: 'C', ...variables } });

const clientOf = (token: string) =>
  createNativeClient({ baseUrl: `http://127.0.0.1:${port}`, token, fetch: (request) => fetch(request) });

async function reset(): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(['operator', 'reset', '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  return JSON.parse(stdout);
}

async function choosePassword(link: unknown): Promise<number> {
  const form = new URLSearchParams({ password: 'another correct horse', repeat: 'another correct horse' });
  const page = `http://127.0.0.1:${port}${new URL(String(link)).pathname}`;
  return (await fetch(page, { method: 'POST', body: form })).status;
}

test('the operator of a server on PostgreSQL gets a new token and a link, while it runs and when it is stopped', async () => {
  await start();
  const first = await operatorToken(folder);
  assert.equal((await clientOf(first).me.show({})).account, null);

  // While it runs: the server knows the new token at once, the old one no more, and takes the link once.
  const running = await reset();
  assert.deepEqual([running.username, running.tokensRevoked, running.byServer], ['operator', 1, false]);
  const second = await operatorToken(folder);
  assert.equal((await clientOf(second).me.show({})).account, null);
  await assert.rejects(clientOf(first).me.show({}), { code: 'unauthenticated' });
  assert.deepEqual([await choosePassword(running.link), await choosePassword(running.link)], [200, 404]);

  // When it is stopped.
  await server?.stop();
  const stopped = await reset();
  assert.deepEqual([stopped.tokensRevoked, stopped.byServer], [1, false]);
  await start();
  const third = await operatorToken(folder);
  assert.notEqual(third, second);
  await assert.rejects(clientOf(second).me.show({}), { code: 'unauthenticated' });
  // An event is listed once it has its number, which the server gives it after the start.
  const resets = async () => (await clientOf(third).events.list({ kind: 'operator.reset' })).items.length;
  await until(async () => (await resets()) >= 2, 'both are listed');
  assert.equal(await resets(), 2, 'both are in the audit log');
});

test('whoever has another master key resets nothing, and a backup is the database server’s', async () => {
  await start();
  const token = await operatorToken(folder);
  const file = await readFile(join(folder, 'data', 'operator.json'), 'utf8');
  const other = { CERTMUX_MASTER_KEY: Buffer.alloc(32, 9).toString('base64') };
  const refused = await run(['operator', 'reset'], other);
  assert.equal(refused.code, 6);
  assert.match(refused.stderr, /the data is sealed under the master key [0-9a-f]{16}, and [0-9a-f]{16} is here/);
  assert.equal(await readFile(join(folder, 'data', 'operator.json'), 'utf8'), file);
  assert.equal((await clientOf(token).me.show({})).account, null, 'the token is good as before');

  const backup = await run(['backup', 'x.backup']);
  assert.match(
    backup.stderr,
    /is on a PostgreSQL server \(postgres:\/\/.*back it up with pg_dump.*certmux database restored/,
  );
  assert.doesNotMatch(backup.stderr, /:[^/@\s]+@/, 'no password is shown');
  const chinese = await run(['backup', 'x.backup'], { LANG: 'zh_CN.UTF-8' });
  assert.match(chinese.stderr, /请用 pg_dump 备份、用 pg_restore 恢复/);
  const verified = await run(['verify']);
  assert.deepEqual([verified.code, verified.stderr], [0, ''], verified.stdout);
});
