/** The time of the last backup, from the command that makes it to the server that watches its age. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noteBackup, watchBackups } from '../../src/boot/last-backup.ts';
import { openTempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, until } from '../support/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'certmux-last-backup-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the time that the command leaves is taken over within a minute, and never an older one', async () => {
  const { database, remove } = await openTempDatabase();
  const clock = createFakeClock();
  const log = createFakeLog();
  const kept = () => database.read.settings.get('lastBackup');
  const watch = watchBackups(folder, { database, clock, log });
  const look = async () => {
    await until(() => clock.sleeping === 1, 'it looked');
    await clock.advance(60_000);
    await until(() => clock.sleeping === 1, 'it looked again');
  };
  await look();
  assert.equal(await kept(), undefined);
  await noteBackup(folder, '2026-06-02T00:00:00.000Z');
  await look();
  assert.deepEqual(await kept(), { at: '2026-06-02T00:00:00.000Z' });
  for (const unread of ['2026-06-01T00:00:00.000Z\n', 'no time', '']) {
    writeFileSync(join(folder, 'last-backup'), unread);
    await look();
    assert.deepEqual(await kept(), { at: '2026-06-02T00:00:00.000Z' }, unread);
  }
  await watch.stop();
  await remove();
});
