import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { GetRequest, GetResult } from '../../src/cli/get-request.ts';
import { getWords } from '../../src/cli/get-words.ts';
import { createRunCommand } from '../../src/get/commands.ts';
import { watch } from '../../src/get/watch.ts';
import type { GetWorld } from '../../src/get/world.ts';
import { createFakeClock, createFakeRandomness, until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';
import { serveFolder, shellOf } from './harness.ts';

const dayMs = 86_400_000;
let world: World;
let parent = '';
before(async () => {
  world = await startWorld();
  parent = await mkdtemp(join(tmpdir(), 'certmux-watch-'));
});
after(async () => {
  await world.close();
  await rm(parent, { recursive: true });
});

const requestOf = (name: string, webroot: string): GetRequest => ({
  names: [name],
  product: 'tls-dv',
  keyType: 'ec256',
  place: { kind: 'webroot', directory: webroot },
  out: join(parent, 'certs'),
  account: undefined,
  organization: undefined,
  reloadCommand: undefined,
  renewWithinDays: undefined,
  force: false,
  timeoutSeconds: 60,
  commandSeconds: 60,
});

test('watching orders the first one, looks twice a day, renews in time, and tries again after a failure', async () => {
  const name = 'watched.example';
  const webroot = join(parent, name);
  await mkdir(webroot);
  serveFolder(world, name, webroot);
  const { operator } = shellOf(world, parent);
  // It stands still between the looks; the pauses of an order pass at once.
  const clock = createFakeClock(new Date().toISOString());
  const orderClock = {
    ...clock,
    sleep: (ms: number, signal?: AbortSignal) =>
      ms > 10_000 ? clock.sleep(ms, signal) : new Promise<void>((done) => setImmediate(done)),
  };
  const interruption = new AbortController();
  const shown: GetResult[] = [];
  const said: string[] = [];
  const words = getWords.en;
  const watching: GetWorld = {
    client: operator,
    clock: orderClock,
    random: createFakeRandomness(3),
    words,
    runCommand: createRunCommand(clock, {}, parent),
    say: (line) => said.push(line),
    signal: interruption.signal,
  };
  const done = watch(watching, requestOf(name, webroot), (result) => shown.push(result));
  const asleep = (count: number) => until(() => shown.length === count && clock.sleeping === 1, `look ${count}`);
  await asleep(1);
  assert.equal(shown[0]?.isNew, true);
  await clock.advance(dayMs / 2);
  await asleep(2);
  assert.equal(shown[1]?.isNew, false);
  // Two thirds of a year and more: the renewal is due 30 days before the end.
  const dueMs = Date.parse(shown[1]?.renewAt ?? '') - clock.now().getTime();
  clock.set(dueMs - 1000);
  await clock.advance(dayMs / 2);
  await asleep(3);
  assert.deepEqual([shown[2]?.isNew, shown[2]?.cause], [true, 'due']);
  // The server's clock did not move: back to its time.
  clock.set(1000 - dueMs);

  const [renewal] = (await operator.orders.list({ name, limit: 10 })).items;
  await operator.certificates.revoke({ certificate: String(renewal?.certificate?.number) });
  await rm(webroot, { recursive: true });
  await clock.advance(60_000);
  await until(() => said.some((line) => line.startsWith('That failed')) && clock.sleeping === 1, 'it failed');
  await mkdir(webroot);
  await clock.advance(600_000);
  await asleep(4);
  assert.equal(shown[3]?.cause, 'revoked');
  interruption.abort(new Error('interrupted'));
  await done;
});

describe('a run that is killed', () => {
  test('leaves its proof to the next, which takes it away and goes on with the order', async () => {
    const name = 'killed.example';
    const hook = join(parent, 'hook.sh');
    const calls = join(parent, 'calls');
    await writeFile(hook, `#!/bin/sh\necho "$1" >> ${calls}\nwhile [ ! -e ${calls}.go ]; do sleep 1; done\n`);
    await chmod(hook, 0o755);
    const program = join(import.meta.dirname, '..', '..', 'src', 'boot', 'certmux.ts');
    const line = ['get', name, '--dns-hook', hook, '--timeout', '2'];
    const env = { ...process.env, CERTMUX_URL: world.url, CERTMUX_TOKEN: world.operatorToken, LANG: 'C' };
    const child = spawn(process.execPath, [program, ...line], { cwd: parent, env, stdio: 'ignore' });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const callsSoFar = () => readFile(calls, 'utf8').catch(() => '');
    await until(async () => (await callsSoFar()) !== '', 'the hook is called');
    child.kill('SIGKILL');
    await exited;
    await writeFile(`${calls}.go`, '');

    const shell = shellOf(world, parent);
    const { stderr, exitCode } = await shell.certmux(line);
    assert.match(stderr, /Going on with order \d+/);
    assert.equal(exitCode, 7, 'the hook sets no record');
    assert.deepEqual((await callsSoFar()).trim().split('\n'), ['present', 'cleanup', 'present', 'cleanup']);
    const orders = (await shell.operator.orders.list({ name, limit: 10 })).items;
    assert.deepEqual(
      orders.map(({ state }) => state),
      ['cancelled'],
    );
    assert.deepEqual((await readdir(join(parent, 'certs', name))).toSorted(), ['get.lock', 'versions']);
  });

  test('by Ctrl-C takes its proof away and cancels its order itself, with 130', async () => {
    const name = 'interrupted.example';
    world.dns.set(name, 'A', '127.0.0.9');
    const webroot = join(parent, name);
    await mkdir(webroot);
    const program = join(import.meta.dirname, '..', '..', 'src', 'boot', 'certmux.ts');
    const env = { ...process.env, CERTMUX_URL: world.url, CERTMUX_TOKEN: world.operatorToken, LANG: 'C' };
    const child = spawn(process.execPath, [program, 'get', name, '--webroot', webroot], { cwd: parent, env });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await until(() => stderr.includes('Placed the proof'), 'the proof is placed');
    child.kill('SIGINT');
    assert.equal(await exited, 130, stderr);
    assert.deepEqual(await readdir(webroot), []);
    const { operator } = shellOf(world, parent);
    const orders = (await operator.orders.list({ name, limit: 10 })).items;
    assert.deepEqual(
      orders.map(({ state }) => state),
      ['cancelled'],
    );
  });
});
