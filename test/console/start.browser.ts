/**
 * The first start of a fresh clone whose console nobody has built, as `npm ci --ignore-scripts` leaves it: the APIs answer while it is built,
 * the page says so and then has it, and the clone stays as it was.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../support/server-process.ts';
import { until } from './support/until.ts';

const root = join(import.meta.dirname, '..', '..');
/** What console.md asks for on a machine that does nothing else. */
const readyMs = 1000;
const consoleMs = 10_000;

let home = '';
let clone = '';
let url = '';
let server: ChildProcess;
let startedMs = 0;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'certmux-first-start-'));
  clone = join(home, 'certmux');
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
  await linkPackages();
  url = `http://127.0.0.1:${await freePort()}`;
  const config = join(home, 'certmux.yaml');
  const settings = { listen: [url], dataDirectory: join(home, 'data'), authority: { allowLocalPkiUrl: true } };
  await writeFile(config, JSON.stringify(settings));
  startedMs = performance.now();
  server = spawn(join(clone, 'bin', 'certmux'), ['serve', '--config', config], { stdio: 'ignore' });
});
after(async () => {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode === null) {
    server.kill('SIGTERM');
    await gone;
  }
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

/** The packages of this checkout, and nothing that was built of them. */
async function linkPackages(): Promise<void> {
  const packages = join(clone, 'node_modules');
  await mkdir(packages);
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '.cache') await symlink(join(root, 'node_modules', name), join(packages, name));
  }
}

/** Times are those of an idle machine; on a busy one what happens is still looked at. */
function assertWithin(mostMs: number, tookMs: number, what: string): void {
  const [load = 0] = loadavg();
  if (load > availableParallelism())
    console.log(`  ${what}: ${Math.round(tookMs)} ms, not judged: the load is ${load}`);
  else assert.ok(tookMs <= mostMs, `${what}: ${Math.round(tookMs)} ms, more than ${mostMs} ms`);
}

async function answer(path: string): Promise<Response | undefined> {
  return fetch(`${url}${path}`).catch(() => undefined);
}

test('the APIs answer before the console is built, and while it is', async () => {
  await until(async () => (await answer('/readyz'))?.status === 200);
  // Whoever opens the page first has it built.
  const page = await (await answer('/console/sign-in'))?.text();
  assert.match(page ?? '', /http-equiv="refresh"/);
  const askedMs = performance.now();
  assert.equal((await answer('/readyz'))?.status, 200);
  assert.equal((await answer('/api/v1/orders'))?.status, 401, 'the native API');
  assert.ok([200, 401].includes((await answer('/acme/default/directory'))?.status ?? 0), 'ACME');
  assertWithin(readyMs, performance.now() - askedMs, 'three APIs while it builds');
  assert.match((await (await answer('/console/sign-in'))?.text()) ?? '', /http-equiv="refresh"/, 'it is still built');
});

test('the page has the console a few seconds later, and nothing of the clone has changed', async () => {
  await until(async () => /<script[^>]+integrity=/.test((await (await answer('/console/sign-in'))?.text()) ?? ''));
  assertWithin(consoleMs, performance.now() - startedMs, 'from the start to the console');
  assert.equal(execFileSync('git', ['-C', clone, 'status', '--porcelain'], { encoding: 'utf8' }), '');
});
