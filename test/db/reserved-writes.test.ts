/** What a full disk does to transactions: the engine's own error, made by a limit on its pages. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Connection } from '../../src/db/engine/sqlite/connection.ts';
import { createSqliteBuilder } from '../../src/db/engine/sqlite/dialect.ts';
import { createWriter, type Writer } from '../../src/db/engine/sqlite/group-commit.ts';
import { createReservedWrite } from '../../src/db/engine/sqlite/reserved-writes.ts';
import { RowCache } from '../../src/db/engine/sqlite/row-cache.ts';
import { Numbers, Transaction } from '../../src/db/engine/sqlite/sessions.ts';
import { createStores } from '../../src/db/stores/index.ts';
import { settingStatements } from '../../src/db/stores/settings.ts';
import { CertError, isDiskFull, refuse, toCertError } from '../../src/domain/errors.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

let folder: string;
let connection: Connection;
let writer: Writer;
let write: Database['write'];
let isShort = false;
let releases = 0;
/** What is given back when the reserve is. */
let reservedPages = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-full-'));
  const db = createSqliteBuilder();
  connection = new Connection(join(folder, 'db'), { db, readOnly: false, pragmas: 'PRAGMA journal_mode = WAL' });
  connection.exec('CREATE TABLE settings (key TEXT PRIMARY KEY, value_json TEXT NOT NULL) STRICT');
  const clock = createFakeClock();
  const system = { clock, random: createFakeRandomness() };
  const numbers = new Numbers(connection);
  const cache = new RowCache(connection.changed);
  writer = createWriter({
    connection,
    clock,
    begin() {
      const session = new Transaction({
        connection,
        numbers,
        cache,
        system,
        tenancy: { node: 'embedded', isExclusive: true },
      });
      return { session, stores: createStores(session) };
    },
    beforeCommit: async () => undefined,
    afterGroup: () => cache.settle(),
    log: { expect: () => undefined, sync: async () => undefined },
    afterCommit: () => undefined,
  });
  isShort = false;
  releases = 0;
  reservedPages = 0;
  write = createReservedWrite(writer.write, {
    get isShort() {
      return isShort;
    },
    async release() {
      releases++;
      if (reservedPages === 0) return false;
      limitPages(pages() + reservedPages);
      reservedPages = 0;
      return true;
    },
  });
});
afterEach(async () => {
  await writer.close();
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const pages = () => Number(connection.value('PRAGMA page_count'));
const limitPages = (count: number) => connection.exec(`PRAGMA max_page_count = ${count}`);
const large = 'x'.repeat(100_000);
const put = (key: string, value: unknown, options = {}) => write((tx) => tx.settings.put(key, value), options);
const isThere = (key: string) => connection.first(settingStatements.get, { key }) !== undefined;
const unavailable = { code: 'unavailable', reason: { key: 'diskFull', params: {} } };

describe('on a full disk', () => {
  it('a transaction is refused as unavailable and leaves nothing; with space again it succeeds', async () => {
    limitPages(pages());
    await assert.rejects(put('a', large), unavailable);
    assert.equal(isThere('a'), false);
    limitPages(1000);
    await put('a', large);
    assert.equal(isThere('a'), true);
  });

  it('whoever shares the commit is refused in the same way or stored, never anything in between', async () => {
    limitPages(pages() + 2);
    const ends = await Promise.allSettled([put('small1', 1), put('large', large), put('small2', 2)]);
    for (const [index, key] of ['small1', 'large', 'small2'].entries()) {
      const end = ends[index];
      assert.equal(isThere(key), end?.status === 'fulfilled', key);
      if (end?.status === 'rejected') assert.equal(toCertError(end.reason).reason.key, 'diskFull', key);
    }
    assert.equal(ends[1]?.status, 'rejected');
  });

  it('one that may use the reserve gets it, and is run again as a whole', async () => {
    limitPages(pages());
    reservedPages = 100;
    let runs = 0;
    await write(
      async (tx) => {
        runs++;
        await tx.settings.put('revoked', large);
      },
      { mayUseReserve: true },
    );
    assert.deepEqual([runs, releases, isThere('revoked')], [2, 1, true]);
  });

  it('one that may use the reserve is refused when there is none left', async () => {
    limitPages(pages());
    await assert.rejects(put('revoked', large, { mayUseReserve: true }), unavailable);
    reservedPages = 2;
    await assert.rejects(put('revoked', large, { mayUseReserve: true }), unavailable);
    assert.equal(isThere('revoked'), false);
  });
});

describe('while little is left', () => {
  it('ordinary transactions are not even begun, those that may use the reserve are', async () => {
    isShort = true;
    await assert.rejects(put('order', 1), unavailable);
    await put('revoked', 1, { mayUseReserve: true });
    assert.deepEqual([isThere('order'), isThere('revoked')], [false, true]);
    assert.equal(releases, 0);
  });

  it('other failures are what they were', async () => {
    const fails = () => Promise.reject(new Error('a bug'));
    await assert.rejects(write(fails), { message: 'a bug' });
    await assert.rejects(write(fails, { mayUseReserve: true }), { message: 'a bug' });
    assert.equal(releases, 0);
  });
});

describe('what counts as a full disk', () => {
  const coded = (fields: object) => Object.assign(new Error('of the system'), fields);
  const rows: readonly (readonly [what: string, error: unknown, isFull: boolean])[] = [
    ['no space', coded({ code: 'ENOSPC' }), true],
    ['a quota', coded({ code: 'EDQUOT' }), true],
    ['SQLITE_FULL', coded({ code: 'ERR_SQLITE_ERROR', errcode: 13 }), true],
    ['SQLITE_IOERR_SHMSIZE, on opening a database', coded({ code: 'ERR_SQLITE_ERROR', errcode: 4874 }), true],
    ['the cause of another error', new Error('lost', { cause: coded({ code: 'ENOSPC' }) }), true],
    ['the cause of a refusal', refuse('internal', {}, { cause: coded({ code: 'ENOSPC' }) }), true],
    ['SQLITE_CONSTRAINT', coded({ code: 'ERR_SQLITE_ERROR', errcode: 19 }), false],
    ['another error of the system', coded({ code: 'EACCES' }), false],
    ['another refusal', refuse('internal', {}), false],
    ['what did not reach the disk', refuse('diskFailed', {}, { cause: coded({ code: 'ENOSPC' }) }), false],
    ['no error', 'ENOSPC', false],
  ];
  for (const [what, error, isFull] of rows) {
    it(`${what}: ${isFull}`, () => {
      assert.equal(isDiskFull(error), isFull);
      if (!(error instanceof CertError)) assert.equal(toCertError(error).code, isFull ? 'unavailable' : 'internal');
    });
  }
});
