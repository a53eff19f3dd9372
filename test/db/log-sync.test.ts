/** What is not on the disk yet is neither acknowledged nor shown. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Connection } from '../../src/db/engine/sqlite/connection.ts';
import { createSqliteBuilder } from '../../src/db/engine/sqlite/dialect.ts';
import { createLogSync } from '../../src/db/engine/sqlite/log-sync.ts';
import { RowCache } from '../../src/db/engine/sqlite/row-cache.ts';
import { Reading } from '../../src/db/engine/sqlite/sessions.ts';
import { settingStatements } from '../../src/db/stores/settings.ts';
import { createFakeClock, createFakeRandomness, settle } from '../support/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'certmux-sync-'));
const path = join(folder, 'log');
writeFileSync(path, 'committed');
after(() => rmSync(folder, { recursive: true }));

describe('the log on its way to the disk', () => {
  it('is under way until the disk has it', async () => {
    const log = createLogSync(path);
    assert.equal(log.underWay, undefined);
    const synced = log.sync();
    assert.equal(log.underWay, synced);
    await synced;
    assert.equal(log.underWay, undefined);
    log.close();
  });

  it('is waited for from the commit on, before it has begun', async () => {
    const log = createLogSync(path);
    log.expect();
    const awaited = log.underWay;
    assert.ok(awaited);
    assert.equal(log.sync(), awaited);
    await awaited;
    assert.equal(log.underWay, undefined);
    log.close();
  });

  it('is never taken for safe again once the disk has failed', async () => {
    const log = createLogSync(path);
    log.close();
    await assert.rejects(log.sync(), /the disk of the server failed/);
    await assert.rejects(log.sync(), /the disk of the server failed/);
    await assert.rejects(log.underWay ?? Promise.resolve(), /the disk of the server failed/);
  });

  it('holds back what was read meanwhile, and with a failing disk for good', async () => {
    const db = createSqliteBuilder();
    const connection = new Connection(':memory:', { db, readOnly: false, pragmas: 'PRAGMA foreign_keys = ON' });
    connection.exec(`CREATE TABLE settings (key TEXT, value_json TEXT); INSERT INTO settings VALUES ('k', '1')`);
    let underWay: Promise<void> | undefined;
    const reading = new Reading({
      connection: () => connection,
      searches: { ask: () => Promise.reject(new Error('nothing is searched')) },
      sync: () => underWay,
      cache: new RowCache(connection.changed),
      tenancy: { node: 'embedded', isExclusive: true },
      system: { clock: createFakeClock(), random: createFakeRandomness() },
    });
    const read = () => reading.first(settingStatements.get, { key: 'k' });
    assert.deepEqual(read(), { value_json: '1' });

    const disk = Promise.withResolvers<void>();
    underWay = disk.promise;
    let isShown = false;
    const shown = Promise.resolve(read()).finally(() => {
      isShown = true;
    });
    await settle();
    assert.ok(!isShown);
    disk.resolve();
    assert.deepEqual(await shown, { value_json: '1' });

    underWay = Promise.reject(new Error('the disk failed'));
    await assert.rejects(Promise.resolve(read()), /the disk failed/);
    connection.close();
  });
});
