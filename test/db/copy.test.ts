/** `certmux database copy` between files: what it takes along, when it refuses, and what is left of one that did not end well. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { compareRows } from '../../src/db/copy/compare.ts';
import type { CopyProgress } from '../../src/db/copy/copy.ts';
import type { CopiedRow, CopiedTable, Piece } from '../../src/db/copy/side.ts';
import { openDatabase } from '../../src/db/open.ts';
import { reason } from '../../src/domain/errors.ts';
import { fillEveryTable, hashRows } from '../support/every-table.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';
import { changeFile, copyAll, openAnyCopy, schemaOfFile, type Wanted } from './copying.ts';
import { insertOrder, insertWorld } from './fixtures.ts';

let folder: string;
let from: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-copy-'));
  from = join(folder, 'from.db');
  to = join(folder, 'new', 'to.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const system = () => ({ clock: createFakeClock(), random: createFakeRandomness(), log: createFakeLog() });
const open = (path: string) => openDatabase({ path, ...system() });

const copy = (more: Pick<Wanted, 'report' | 'signal'> = {}) => copyAll({ from, to, ...more });

/** Nothing that a server, or the next copy, would take for a database. */
function assertNothingLeft(): void {
  assert.deepEqual(existsSync(join(folder, 'new')) ? readdirSync(join(folder, 'new')) : [], ['to.db.lock']);
}

describe('a copy of a database', () => {
  it('has every row of every table, the schema, and the mode of a file with secrets', async () => {
    await fillEveryTable(from);
    const before = hashRows(from);
    const reports: CopyProgress[] = [];
    const { rows, tables } = await copy({ report: (progress) => reports.push(progress) });
    assert.deepEqual(hashRows(to), before);
    assert.deepEqual(hashRows(from), before);
    assert.equal(
      rows,
      tables.reduce((sum, table) => sum + table.rows, 0),
    );
    assert.ok(
      tables.every((table) => table.rows > 0),
      'every table has rows',
    );
    assert.deepEqual([reports.at(-1)?.rows, reports.at(-1)?.of], [rows, rows]);
    assert.deepEqual(schemaOfFile(to), schemaOfFile(from));
    assert.equal(statSync(to).mode & 0o777, 0o600);
  });

  it('goes on with fresh numbers', async () => {
    const database = await open(from);
    const order = await database.write(async (tx) => {
      const { order: placed } = await insertOrder(tx, await insertWorld(tx), ['www.example.com']);
      return placed;
    });
    await database.close();
    const { nextNumbers } = await copy();
    assert.equal(nextNumbers.orders, order.number + 1);
    const copied = await open(to);
    assert.equal(await copied.nextNumber('order'), order.number + 1);
    assert.deepEqual(await copied.read.orders.get(order.id), order);
    await copied.close();
  });

  it('takes what a killed server left in the log beside the file', async () => {
    const database = await open(from);
    const order = await database.write(async (tx) => {
      const { order: placed } = await insertOrder(tx, await insertWorld(tx), ['www.example.com']);
      return placed;
    });
    const left = { file: join(folder, 'left.db'), original: from };
    // As if the machine had stopped here.
    for (const end of ['', '-wal']) writeFileSync(left.file + end, readBytes(from + end));
    await database.close();
    from = left.file;
    await copy();
    const copied = await open(to);
    assert.deepEqual(await copied.read.orders.get(order.id), order);
    await copied.close();
  });

  const refusals: readonly {
    readonly what: string;
    readonly prepare: () => Promise<() => Promise<void>> | Promise<void>;
    readonly expected: () => ReturnType<typeof reason>;
  }[] = [
    {
      what: 'of a database that is not there',
      prepare: async () => rmSync(from),
      expected: () => reason('databaseMissing', { database: from }),
    },
    {
      what: 'of a file of something else',
      prepare: async () => writeFileSync(from, 'nothing that SQLite wrote, however long it is'.repeat(100)),
      expected: () => reason('databaseMissing', { database: from }),
    },
    {
      what: 'of a database of something else',
      async prepare() {
        rmSync(from);
        changeFile(from, 'CREATE TABLE guests (name TEXT)');
      },
      expected: () => reason('databaseMissing', { database: from }),
    },
    {
      what: 'of one that a server uses',
      async prepare() {
        const database = await open(from);
        return () => database.close();
      },
      expected: () => reason('databaseInUse', { database: from, by: null }),
    },
    {
      what: 'into one that a server uses',
      async prepare() {
        const database = await open(to);
        return () => database.close();
      },
      expected: () => reason('databaseInUse', { database: to, by: null }),
    },
    {
      what: 'into one that is not empty',
      prepare: async () => (await open(to)).close(),
      expected: () => reason('databaseNotEmpty', { database: to, found: 'account_events' }),
    },
    {
      what: 'into another file',
      async prepare() {
        to = join(folder, 'notes.txt');
        writeFileSync(to, 'not a database');
      },
      expected: () => reason('databaseNotEmpty', { database: to, found: to }),
    },
    {
      what: 'beside the log of a database that is gone',
      async prepare() {
        to = join(folder, 'to.db');
        writeFileSync(`${to}-wal`, 'what was not in the file yet');
      },
      expected: () => reason('databaseNotEmpty', { database: to, found: `${to}-wal` }),
    },
    {
      what: 'into itself',
      async prepare() {
        to = join(folder, 'new', '..', 'from.db');
      },
      expected: () => reason('databaseCopySame', { database: from }),
    },
    {
      what: 'of a version with a column less',
      prepare: async () => changeFile(from, 'ALTER TABLE orders DROP COLUMN notify_url'),
      expected: () => reason('databaseSchemaMissing', { database: from, what: 'orders.notify_url text' }),
    },
    {
      what: 'of a version with a column of another type',
      prepare: async () =>
        changeFile(from, 'ALTER TABLE orders DROP COLUMN notify_url; ALTER TABLE orders ADD COLUMN notify_url BLOB'),
      expected: () => reason('databaseSchemaMissing', { database: from, what: 'orders.notify_url text' }),
    },
    {
      what: 'of a version with a table more',
      prepare: async () => changeFile(from, 'CREATE TABLE invoices (id INTEGER PRIMARY KEY) STRICT'),
      expected: () => reason('databaseSchemaUnknown', { database: from, what: 'invoices.id integer' }),
    },
    {
      what: 'of a version with a migration more',
      prepare: async () => changeFile(from, "INSERT INTO migrations VALUES ('0002-invoices', 0)"),
      expected: () => reason('databaseSchemaUnknown', { database: from, what: '0002-invoices' }),
    },
    {
      what: 'of a database where a row refers to one that is not there',
      prepare: async () => changeFile(from, 'UPDATE issuances SET order_number = 7'),
      expected: () => reason('databaseReferenceBroken', { table: 'issuances' }),
    },
  ];
  for (const { what, prepare, expected } of refusals) {
    it(`is refused ${what}`, async () => {
      await fillEveryTable(from);
      const end = await prepare();
      const before = hashOf(to);
      await assert.rejects(copy(), { reason: expected() });
      assert.equal(hashOf(to), before);
      await end?.();
      assert.equal(existsSync(`${to}.copy`), false);
    });
  }

  it('that is stopped leaves nothing, and can be begun again', async () => {
    await fillEveryTable(from);
    for (const stopAt of [1, 20, 60, 100]) {
      const controller = new AbortController();
      let pieces = 0;
      const stop = () => {
        pieces++;
        if (pieces === stopAt) controller.abort();
      };
      await assert.rejects(copy({ report: stop, signal: controller.signal }), {
        reason: reason('databaseCopyStopped', { database: to }),
      });
      assertNothingLeft();
    }
    await copy();
    assert.deepEqual(hashRows(to), hashRows(from));
  });

  it('that was killed is no database for a server, and can be begun again', async () => {
    await fillEveryTable(from);
    const killed = await openAnyCopy({ from, to });
    await killed.copyRows(() => {});
    const left = readBytes(`${to}.copy`);
    assert.equal(existsSync(to), false);
    await killed.close();
    writeFileSync(`${to}.copy`, left);
    await copy();
    assert.deepEqual(hashRows(to), hashRows(from));
    assert.equal(existsSync(`${to}.copy`), false);
  });
});

describe('the comparison of a copy', () => {
  const table: CopiedTable = {
    name: 'things',
    columns: [
      { name: 'id', type: 'blob' },
      { name: 'name', type: 'text' },
      { name: 'size', type: 'integer' },
    ],
    key: ['id'],
  };
  const row = (byte: number, name: string | null, size: number | null): CopiedRow => [Uint8Array.of(byte), name, size];
  const original = [row(1, 'a', 1), row(2, '', null), row(3, 'c', 3)];
  const piecesOf = async function* (rows: readonly CopiedRow[], most: number): AsyncGenerator<Piece> {
    for (let at = 0; at < rows.length; at += most) yield rows.slice(at, at + most);
  };

  it('takes rows in whatever pieces they come', async () => {
    for (const most of [1, 2, 3]) {
      let seen = 0;
      await compareRows(table, { original: piecesOf(original, 2), copy: piecesOf(original, most) }, async (rows) => {
        seen += rows;
      });
      assert.equal(seen, 3);
    }
  });

  const differences: readonly (readonly [what: string, copy: readonly CopiedRow[], row: string, where: string])[] = [
    ['a text', original.with(0, row(1, 'b', 1)), '01', 'column name'],
    ['an empty text that became null', original.with(1, row(2, null, null)), '02', 'column name'],
    ['a null that became a number', original.with(1, row(2, '', 0)), '02', 'column size'],
    ['a key', original.with(2, row(4, 'c', 3)), '03', 'column id'],
    ['two rows in another order', [row(2, '', null), row(1, 'a', 1), row(3, 'c', 3)], '01', 'column id'],
    ['a row that is missing at the end', original.slice(0, 2), '03', 'not in the copy'],
    ['a row too many', [...original, row(9, 'z', 9)], '09', 'not in the original'],
    ['no rows', [], '01', 'not in the copy'],
  ];
  for (const [what, changed, key, where] of differences) {
    it(`finds ${what}`, async () => {
      const sides = { original: piecesOf(original, 2), copy: piecesOf(changed, 2) };
      await assert.rejects(
        compareRows(table, sides, async () => {}),
        { reason: reason('databaseCopyDiffers', { table: 'things', row: key, where }) },
      );
    });
  }
});

/** Undefined: there is no such file. */
function hashOf(path: string): string | undefined {
  return existsSync(path) ? hash('sha256', readBytes(path)) : undefined;
}

function readBytes(path: string): Uint8Array {
  return readFileSync(path);
}
