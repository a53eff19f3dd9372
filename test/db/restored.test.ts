/** What a database does once after it was put back from a copy, on either engine, and that a check of it reads everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markRestored } from '../../src/backup/mark.ts';
import { checkNames, runCheck } from '../../src/backup/verify.ts';
import { openPostgresToCheck } from '../../src/db/engine/postgres/checked.ts';
import { openSqliteToCheck } from '../../src/db/engine/sqlite/checked.ts';
import { isServer, openDatabase } from '../../src/db/open.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { openTempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';

test('numbers go on far above, once, and the audit log says so', async () => {
  const temp = await openTempDatabase();
  try {
    const before = await temp.database.nextNumber('order');
    await temp.database.close();
    const clock = createFakeClock();
    const madeAt = new Date(clock.now().getTime() - 3_600_000).toISOString();
    const { madeAt: marked } = await markRestored({ database: temp.path, madeAt });
    assert.equal(marked, madeAt);
    const open = () => openDatabase({ path: temp.path, clock, random: createFakeRandomness(), log: createFakeLog() });
    const restored = await open();
    const first = await restored.nextNumber('order');
    assert.ok(first >= before + 1_000_000, `${first} is far above ${before}`);
    const events = await restored.read.events.list({ limit: 10, accountId: null });
    assert.deepEqual(
      events.map(({ kind, data }) => [kind, data.madeAt]),
      [['server.restored', madeAt]],
    );
    assert.ok((events[0]?.sequence ?? 0) >= 1_000_000, 'cursors of the lost server lie before');
    await restored.close();
    const again = await open();
    const next = await again.nextNumber('order');
    assert.ok(next >= first && next < first + 1000, 'the second start changes nothing more');
    assert.equal((await again.read.events.list({ limit: 10, accountId: null })).length, 1);
    await again.close();
  } finally {
    await temp.remove();
  }
});

test('a mark is refused while somebody uses the database', async () => {
  const temp = await openTempDatabase();
  try {
    const mark = { database: temp.path, madeAt: '2026-06-01T12:00:00.000Z' };
    await assert.rejects(markRestored(mark), /is in use/);
  } finally {
    await temp.remove();
  }
});

test('every check reads the tables of this version', async () => {
  const temp = await openTempDatabase();
  try {
    const database = isServer(temp.path) ? await openPostgresToCheck(temp.path) : openSqliteToCheck(temp.path);
    const { signal } = new AbortController();
    const flaws: string[] = [];
    for (const check of checkNames) {
      const result = await runCheck(check, { database, keyring: null, signal }, () => {});
      flaws.push(...result.flaws.map((flaw) => `${check}: ${renderReason(flaw, 'en')}`));
    }
    await database.close();
    // Nothing is sealed in it, and no key is here.
    assert.deepEqual(flaws, ['keys: everything is sealed under the master key , and it is not here']);
  } finally {
    await temp.remove();
  }
});
