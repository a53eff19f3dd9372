/** The log of the database begins again, also beside somebody who reads the database all the time. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createCheckpointer } from '../../src/db/engine/sqlite/checkpoint.ts';
import { Connection } from '../../src/db/engine/sqlite/connection.ts';
import { createSqliteBuilder } from '../../src/db/engine/sqlite/dialect.ts';
import { createFakeLog } from '../support/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'certmux-checkpoint-'));
const path = join(folder, 'test.db');
after(() => rmSync(folder, { recursive: true }));

/** Of 200 KiB each: 330 make a log of 64 MiB, beyond which it is long. */
const rowBytes = 200 << 10;

describe('the log', () => {
  it('has its readers let go where it is long, and begins again', async () => {
    const db = createSqliteBuilder();
    const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = NORMAL;';
    const writer = new Connection(path, { db, readOnly: false, pragmas });
    const reader = new Connection(path, { db, readOnly: true, pragmas: '' });
    writer.exec('CREATE TABLE rows (bytes blob)');
    let isReading = true;
    let asked = 0;
    const read = () => {
      reader.exec('BEGIN');
      reader.value('SELECT count(*) FROM rows');
    };
    const letGo = () => {
      asked++;
      isReading = false;
    };
    const checkpointer = createCheckpointer({ connection: writer, path, log: createFakeLog(), letGo });
    const write = async () => {
      writer.exec(`INSERT INTO rows VALUES (randomblob(${rowBytes}))`);
      await checkpointer.afterCommit(400);
      // A newer transaction begins before the one before it has ended: the log is never without a reader.
      if (reader.isInTransaction) reader.exec('COMMIT');
      if (isReading) read();
      await setImmediate();
    };
    const logBytes = () => statSync(`${path}-wal`).size;

    read();
    while (asked === 0) {
      await write();
      assert.ok(logBytes() < 512 << 20, 'nobody was asked');
    }
    const longest = logBytes();
    assert.ok(longest > 64 << 20, `${longest} bytes`);
    // It is left alone now, and begins again: its file grows no more, whatever is written.
    for (let n = 0; n < 60; n++) await write();
    const settled = logBytes();
    for (let n = 0; n < 200; n++) await write();
    assert.equal(logBytes(), settled);
    reader.close();
    await checkpointer.close();
    writer.close();
    checkpointer.release();
  });
});
