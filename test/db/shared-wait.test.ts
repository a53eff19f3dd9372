/** What follows a transaction at once is committed together with it. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Connection } from '../../src/db/engine/sqlite/connection.ts';
import { createSqliteBuilder } from '../../src/db/engine/sqlite/dialect.ts';
import { createWriter, type Writer } from '../../src/db/engine/sqlite/group-commit.ts';
import { RowCache } from '../../src/db/engine/sqlite/row-cache.ts';
import { Numbers, Transaction } from '../../src/db/engine/sqlite/sessions.ts';
import { createStores } from '../../src/db/stores/index.ts';
import { settingStatements } from '../../src/db/stores/settings.ts';
import { createFakeClock, createFakeRandomness, settle } from '../support/system.ts';

let connection: Connection;
let writer: Writer;
let steps: string[];
let disk: PromiseWithResolvers<void>;
/** What must end before the next transaction begins. */
let moved: Promise<void> | undefined;
let commitFails: boolean;

beforeEach(() => {
  connection = new Connection(':memory:', { db: createSqliteBuilder(), readOnly: false, pragmas: '' });
  connection.exec('CREATE TABLE settings (key TEXT PRIMARY KEY, value_json TEXT NOT NULL) STRICT');
  const clock = createFakeClock();
  const system = { clock, random: createFakeRandomness() };
  const numbers = new Numbers(connection);
  const cache = new RowCache(connection.changed);
  const tenancy = { node: 'embedded', isExclusive: true, runsJobs: true };
  steps = [];
  disk = Promise.withResolvers();
  moved = undefined;
  commitFails = false;
  // It may fail before somebody waits for it.
  disk.promise.catch(() => undefined);
  writer = createWriter({
    connection,
    clock,
    begin() {
      const session = new Transaction({ connection, numbers, cache, system, tenancy });
      return { session, stores: createStores(session) };
    },
    async beforeCommit() {
      if (commitFails) throw new Error('no room');
    },
    afterGroup: () => undefined,
    log: {
      expect: () => void steps.push('committed'),
      sync: () => {
        steps.push('disk');
        return disk.promise;
      },
    },
    afterCommit(transactions) {
      steps.push(`${transactions} acknowledged`);
      return moved;
    },
  });
});

const put = (key: string, whenWritten?: () => void) =>
  writer.write((tx) => tx.settings.put(key, key), whenWritten === undefined ? {} : { whenWritten });
const isStored = (key: string) => connection.first(settingStatements.get, { key }) !== undefined;

/** Both, and what became of them. */
function putAndFollow(): Promise<readonly PromiseSettledResult<void>[]> {
  const following = Promise.withResolvers<void>();
  const first = put('first', () => put('second').then(following.resolve, following.reject));
  return Promise.allSettled([first, following.promise]);
}

describe('what follows a transaction at once', () => {
  it('is committed with what it follows, and acknowledged with it after the wait for the disk', async () => {
    let isAcknowledged = false;
    const ends = putAndFollow().finally(() => {
      isAcknowledged = true;
    });
    while (!steps.includes('disk')) await settle();
    assert.deepEqual(steps, ['committed', 'disk']);
    assert.ok(isStored('second'));
    await settle();
    assert.ok(!isAcknowledged);
    disk.resolve();
    assert.deepEqual(
      (await ends).map(({ status }) => status),
      ['fulfilled', 'fulfilled'],
    );
    assert.deepEqual(steps.slice(2), ['2 acknowledged']);
  });

  it('fails with what it follows when the disk does', async () => {
    const ends = putAndFollow();
    disk.reject(new Error('no disk'));
    assert.deepEqual(
      (await ends).map((end) => end.status === 'rejected' && end.reason.message),
      ['no disk', 'no disk'],
    );
  });

  it('is in a later group when it takes longer, and holds up nobody until then', async () => {
    const longer = Promise.withResolvers<void>();
    let following: Promise<void> | undefined;
    const first = put('first', () => {
      following = longer.promise.then(() => put('second'));
    });
    disk.resolve();
    await first;
    assert.deepEqual(steps, ['committed', 'disk', '1 acknowledged']);
    longer.resolve();
    await following;
    assert.ok(isStored('second'));
  });

  it('is undone by itself where it fails', async () => {
    disk.resolve();
    const failed = Promise.withResolvers<unknown>();
    await put('first', () => {
      writer.write(() => Promise.reject(new Error('no'))).catch(failed.resolve);
    });
    assert.match(String(await failed.promise), /no/);
    assert.ok(isStored('first'));
    assert.deepEqual(steps, ['committed', 'disk', '1 acknowledged']);
  });

  it('is lost with what it follows where the commit fails', async () => {
    commitFails = true;
    assert.deepEqual(
      (await putAndFollow()).map((end) => end.status === 'rejected' && end.reason.message),
      ['no room', 'no room'],
    );
    assert.deepEqual([isStored('first'), isStored('second'), steps], [false, false, []]);
  });

  it('does not begin for a transaction that was undone', async () => {
    disk.resolve();
    let isBegun = false;
    const undone = writer.write(() => Promise.reject(new Error('no')), {
      whenWritten: () => {
        isBegun = true;
      },
    });
    await assert.rejects(Promise.all([undone, put('other')]), /no/);
    await put('another');
    assert.ok(!isBegun);
  });
});

describe('the move of the log', () => {
  it('ends before the next transaction begins, and keeps nobody from an answer', async () => {
    const move = Promise.withResolvers<void>();
    moved = move.promise;
    disk.resolve();
    await put('first');
    const next = put('second');
    // The turns in which it would run.
    for (let turn = 0; turn < 5; turn++) await settle();
    assert.ok(!isStored('second'));
    assert.deepEqual(steps, ['committed', 'disk', '1 acknowledged']);
    move.resolve();
    await next;
    assert.ok(isStored('second'));
  });

  it('leaves everything as it is once the disk has failed', async () => {
    moved = Promise.reject(new Error('the disk is gone'));
    // It fails before somebody waits for it.
    moved.catch(() => undefined);
    disk.resolve();
    await put('first');
    await assert.rejects(put('second'), /the disk is gone/);
    await assert.rejects(put('third'), /the disk is gone/);
    assert.deepEqual([isStored('first'), isStored('second'), isStored('third')], [true, false, false]);
    await writer.close();
  });
});
