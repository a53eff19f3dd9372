/**
 * A database with rows in every table and values in every column: texts that break carelessly written SQL, bytes of every value, the
 * highest numbers. No server would have made them; a copy must not care.
 */
import { hash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { openDatabase } from '../../src/db/open.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from './system.ts';
import { readTables } from './tables.ts';

const rowsOfEach = 3;

const texts = [`it's "so" \\ {a,NULL} \t\n`, '证书 🔑 ﬁ ́é', '', 'NULL', '\\x00ff', '{}', '$1 :a ? %'];

/** Makes the file and fills it. */
export async function fillEveryTable(path: string): Promise<void> {
  const system = { clock: createFakeClock(), random: createFakeRandomness(), log: createFakeLog() };
  await (await openDatabase({ path, ...system })).close();
  const db = new DatabaseSync(path);
  const made = db.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations' ORDER BY rowid",
  );
  db.exec('BEGIN');
  for (const { name } of made.all()) fillTable(db, String(name));
  db.exec('COMMIT');
  db.close();
}

function fillTable(db: DatabaseSync, table: string): void {
  const columns = db.prepare('SELECT name, type, "notnull" AS required, pk FROM pragma_table_info(?)').all(table);
  const references = new Map(
    db
      .prepare('SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)')
      .all(table)
      .map(({ from, table: parent, to }) => [String(from), { parent: String(parent), to: String(to) }]),
  );
  const insert = db.prepare(
    `INSERT INTO ${table} (${columns.map(({ name }) => name).join()}) VALUES (${columns.map(() => '?').join()})`,
  );
  for (let row = 0; row < rowsOfEach; row++) {
    const values = columns.map(({ name, type, required }, column): SQLInputValue => {
      const reference = references.get(String(name));
      // Of a table that refers to itself the first row has no parent.
      if (reference?.parent === table && row === 0) return null;
      if (reference !== undefined) {
        const parents = db.prepare(`SELECT ${reference.to} AS value FROM ${reference.parent} ORDER BY 1`).all();
        return parents[row % parents.length]?.value ?? null;
      }
      if (required === 0 && row === 1) return null;
      return special(table, String(name), row) ?? plainValue(String(type), row, column);
    });
    insert.run(...values);
  }
}

/** Values by which the engines differ in what they do. */
function special(table: string, column: string, row: number): SQLInputValue | undefined {
  if (table === 'late_lists') return column === 'list' ? ['events', 'orders', 'others'][row] : 0;
  if (table === 'orders' && column === 'state') return ['open', 'active', 'open'][row];
  if (table === 'orders' && column === 'is_listed') return [0, 0, 1][row];
  // Three in a row, as the engines number them.
  if (column === 'sequence' && (table === 'events' || table === 'ledger')) return row + 1;
  return undefined;
}

function plainValue(type: string, row: number, column: number): SQLInputValue {
  switch (type) {
    case 'INTEGER':
      return row === 2 ? Number.MAX_SAFE_INTEGER - 100 - column : row * 1000 + column;
    case 'BLOB':
      return Uint8Array.from({ length: 256 }, (_, i) => (i + row) % 256);
    default:
      return `${texts[(row + column) % texts.length]}${row}`;
  }
}

/** What only one engine has, and what `readTables` leaves out on one. */
const ofEngines: ReadonlySet<string> = new Set(['written', 'transaction', 'sequence']);

/** A hash of each row of each table, in no order: a difference is to be short enough to be printed. */
export function hashRows(path: string): Readonly<Record<string, readonly string[]>> {
  const hashOf = (row: Readonly<Record<string, unknown>>) => {
    const values = Object.entries(row).flatMap(([name, value]) => {
      const text = value instanceof Uint8Array ? value.toHex() : JSON.stringify(value);
      return ofEngines.has(name) ? [] : [`${name} ${text}`];
    });
    return hash('sha256', values.toSorted().join('\n')).slice(0, 16);
  };
  return Object.fromEntries(
    Object.entries(readTables(path)).map(([table, rows]) => [table, rows.map(hashOf).toSorted()]),
  );
}
