/**
 * Makes a data directory of this version and keeps it under `test/fixtures/`, for the test of upgrades (`test/scenarios/upgrade.test.ts`):
 *
 *   node scripts/make-data-fixture.ts data-0001
 *
 * Run it once for each released schema, from its own commit. What is kept is never changed. It begins 400 days ago, in a process of its own
 * whose clock `libfaketime` sets back, so that there are orders which ended by themselves.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCustomerServers } from '../src/quickstart/customer-servers.ts';
import { fillData, fillLongAgo, keepData } from '../test/support/old-data.ts';
import { prepareTools, toolPath } from './test-tools.ts';

const [name, commit = 'this version', begun] = process.argv.slice(2);
if (name === undefined) throw new Error('name the fixture: data-0001');
const folder = begun ?? mkdtempSync(join(tmpdir(), 'certmux-fixture-'));
const cleanup = new AsyncDisposableStack();
try {
  const servers = await startCustomerServers([], cleanup);
  if (begun !== undefined) await fillLongAgo(join(folder, 'data'), servers);
  else {
    prepareTools(['scripts/make-data-fixture.ts']);
    const clock = { LD_PRELOAD: toolPath('libfaketime'), FAKETIME: '-400d', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    const env = { ...process.env, ...clock };
    const script = join(import.meta.dirname, 'make-data-fixture.ts');
    const { status } = spawnSync(process.execPath, [script, name, commit, folder], { env, stdio: 'inherit' });
    if (status !== 0) throw new Error(`the part of 400 days ago ended with ${status}`);
    const facts = await fillData(join(folder, 'data'), servers, commit);
    keepData(join(folder, 'data'), join(import.meta.dirname, '..', 'test', 'fixtures', name), facts);
    process.stdout.write(`${name}: ${Object.keys(facts.states).length} orders\n`);
  }
} finally {
  await cleanup.disposeAsync();
  if (begun === undefined) rmSync(folder, { recursive: true, force: true });
}
