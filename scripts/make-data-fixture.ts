/**
 * Makes a data directory of this version and keeps it under `test/fixtures/`, for the test of upgrades (`test/scenarios/upgrade.test.ts`):
 *
 *   node scripts/make-data-fixture.ts data-0001
 *
 * Run it once for each released schema, from its own commit. What is kept is never changed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCustomerServers } from '../src/quickstart/customer-servers.ts';
import { fillData, keepData } from '../test/support/old-data.ts';

const [name, commit = 'this version'] = process.argv.slice(2);
if (name === undefined) throw new Error('name the fixture: data-0001');
const folder = mkdtempSync(join(tmpdir(), 'certmux-fixture-'));
const cleanup = new AsyncDisposableStack();
try {
  const servers = await startCustomerServers([], cleanup);
  const facts = await fillData(join(folder, 'data'), servers, commit);
  keepData(join(folder, 'data'), join(import.meta.dirname, '..', 'test', 'fixtures', name), facts);
  process.stdout.write(`${name}: ${Object.keys(facts.states).length} orders\n`);
} finally {
  await cleanup.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
}
