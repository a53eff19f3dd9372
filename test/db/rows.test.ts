/** What `src/db/rows/` declares is what the tables are, and what a codec writes it reads back. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { type ColumnDefinition, codecOf } from '../../src/db/codec.ts';
import {
  blob,
  date,
  derived,
  flag,
  group,
  hex,
  int32,
  json,
  lazy,
  mapped,
  nullable,
  nullableGroup,
  sequence,
  text,
} from '../../src/db/fields.ts';
import { openTempDatabase } from '../support/database.ts';

const folder = join(import.meta.dirname, '..', '..', 'src', 'db', 'rows');

interface Declared {
  readonly table: string;
  readonly definitions: readonly ColumnDefinition[];
}

function isCodec(value: unknown): value is Declared {
  return typeof value === 'object' && value !== null && 'definitions' in value;
}

async function declaredTables(): Promise<ReadonlyMap<string, readonly ColumnDefinition[]>> {
  const modules = await Promise.all(readdirSync(folder).map((file) => import(join(folder, file))));
  const codecs = modules.flatMap((module: object) => Object.entries(module)).filter(([, value]) => isCodec(value));
  // A view of some columns of issuances, not a table.
  const tables = codecs.filter(([name]) => name !== 'issuanceSummaries').map(([, value]) => value as Declared);
  return new Map(tables.map(({ table, definitions }) => [table, definitions]));
}

const sqlTypes = { text: 'TEXT', int32: 'INTEGER', integer: 'INTEGER', blob: 'BLOB' } as const;

describe('the tables', async () => {
  const opened = await openTempDatabase();
  await opened.database.close();
  const native = new DatabaseSync(opened.path, { readOnly: true });
  const declared = await declaredTables();

  it('are those that are declared', () => {
    const made = native
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    const names = made.map(({ name }) => String(name)).filter((name) => name !== 'migrations');
    assert.ok(names.length > 30);
    assert.deepEqual(names.toSorted(), [...declared.keys()].toSorted());
  });
  for (const [table, definitions] of declared) {
    it(`${table} has the declared columns`, () => {
      const made = native.prepare('SELECT name, type, "notnull" AS required FROM pragma_table_info(?)').all(table);
      const byName = (a: string, b: string) => (a < b ? -1 : 1);
      assert.deepEqual(
        definitions
          .map(({ name, type, isNullable }) => `${name} ${sqlTypes[type]} ${isNullable ? 0 : 1}`)
          .toSorted(byName),
        made.map(({ name, type, required }) => `${name} ${type} ${required}`).toSorted(byName),
      );
    });
  }
});

interface Thing {
  readonly order: number;
  readonly name: string;
  readonly size: { readonly unit: 'a' | 'b'; readonly count: number };
  readonly seen: { readonly at: Date; readonly by: string } | null;
  readonly isBig: boolean;
  readonly bytes: Uint8Array | null;
  readonly hash: string | null;
  readonly at: Date | null;
  readonly list: readonly string[];
  readonly scope: string | null;
}

describe('a codec', () => {
  let parsed = 0;
  const things = codecOf<Thing>()(
    'things',
    {
      order: sequence('sequence'),
      name: text('name'),
      size: group({ unit: text('size_unit'), count: int32('size_count') }),
      seen: nullableGroup({ at: date('seen_at'), by: text('seen_by') }),
      isBig: flag('is_big'),
      bytes: nullable(blob('bytes')),
      hash: nullable(hex('hash')),
      at: nullable(date('at')),
      list: lazy({
        ...json('list_json'),
        read: (stored: string) => {
          parsed++;
          return JSON.parse(stored);
        },
      }),
      scope: mapped('scope', 'text', {
        write: ({ scope }: Thing) => scope ?? '',
        read: (stored: string) => (stored === '' ? null : stored),
      }),
    },
    { text: derived('list_text', 'text', ({ list }: Thing) => list.join(' ')) },
  );
  const full = {
    name: 'n',
    size: { unit: 'a', count: 2 },
    seen: { at: new Date(5), by: 'me' },
    isBig: true,
    bytes: new Uint8Array([1]),
    hash: 'ab01',
    at: new Date(7),
    list: ['x', 'y'],
    scope: 's',
  } as const;
  const empty = { ...full, seen: null, isBig: false, bytes: null, hash: null, at: null, list: [], scope: null };

  it('writes every column that is not numbered by the engine', () => {
    assert.deepEqual(things.toRow(full), {
      name: 'n',
      size_unit: 'a',
      size_count: 2,
      seen_at: 5,
      seen_by: 'me',
      is_big: 1,
      bytes: new Uint8Array([1]),
      hash: new Uint8Array([0xab, 1]),
      at: 7,
      list_json: '["x","y"]',
      scope: 's',
      list_text: 'x y',
    });
    assert.deepEqual(things.columns.toSorted(), Object.keys(things.toRow(full)).toSorted());
  });
  it('keeps a null structure as nulls', () => {
    const { seen_at, seen_by, bytes, hash, at, scope } = things.toRow(empty);
    assert.deepEqual(
      { seen_at, seen_by, bytes, hash, at, scope },
      { seen_at: null, seen_by: null, bytes: null, hash: null, at: null, scope: '' },
    );
  });
  for (const [title, thing] of Object.entries({ full, empty })) {
    it(`reads what it wrote: ${title}`, () => {
      assert.deepEqual({ ...things.fromRow({ ...things.toRow(thing), sequence: 3 }) }, { ...thing, order: 3 });
    });
  }
  it('reads a lazy column when somebody looks at it, and once', () => {
    parsed = 0;
    const thing = things.fromRow({ ...things.toRow(full), sequence: 3 });
    assert.equal(parsed, 0);
    assert.equal(thing.list, thing.list);
    assert.equal(parsed, 1);
  });
});
