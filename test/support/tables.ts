/** Content of a database, seen from outside: to prove that a refused request left nothing behind. */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { formsOfTable } from '../../src/db/forms.ts';
import { isServer } from '../../src/db/open.ts';
import { askPostgres, readPostgres } from './postgres-rows.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;
export type Rows = Readonly<Record<string, readonly Row[]>>;

/** Every row of every table, in the order of the primary key. */
export function readTables(path: string): Rows {
  if (!isServer(path)) return withTables(path, readTable);
  const tables = Object.entries(readPostgres(path));
  return Object.fromEntries(tables.map(([table, rows]) => [table, withTexts(table, rows)]));
}

/** The rows of a statement in SQL that both engines have, its values as `?`: to look from outside, or to change what nobody can through certmux. */
export function queryOutside(path: string, sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
  if (isServer(path)) {
    let count = 0;
    return askPostgres(
      path,
      sql.replaceAll('?', () => `$${++count}`),
      values,
    );
  }
  const db = new DatabaseSync(path);
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

/** Every row of one table, with ids as the domain has them. */
export function readTable(db: DatabaseSync, table: string): readonly Row[] {
  return withTexts(table, db.prepare(`SELECT * FROM "${table}"`).all());
}

function withTexts(table: string, rows: readonly Row[]): readonly Row[] {
  const forms = formsOfTable(table);
  const textOf = ([name, value]: [string, SQLOutputValue]): [string, SQLOutputValue] => {
    const form = forms.get(name);
    return [name, form !== undefined && value instanceof Uint8Array ? form.toText(value) : value];
  };
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(textOf)));
}

export function countRows(path: string): Readonly<Record<string, number>> {
  if (isServer(path)) return countsOf(readPostgres(path));
  return withTables(path, (db, table) => Number(db.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.n));
}

/**
 * What the server writes on its own, whenever it gets to it: marks of how far it is (the clock, what is to be signed, the lists of
 * events that are filled late), jobs, and the records of its looks for proofs. A request that leaves nothing behind cannot be seen by them.
 */
const ownTables: ReadonlySet<string> = new Set([
  'settings',
  'jobs',
  'late_lists',
  'account_events',
  'subject_events',
  'check_records',
]);

/** The rows of every other table: as many after a request that was refused as before, however busy the server is. */
export function countRequestRows(path: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(countRows(path)).filter(([table]) => !ownTables.has(table)));
}

/** The same with their content. */
export function readRequestTables(path: string): Rows {
  return Object.fromEntries(Object.entries(readTables(path)).filter(([table]) => !ownTables.has(table)));
}

function countsOf(tables: Rows): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.length]));
}

function withTables<T>(path: string, read: (db: DatabaseSync, table: string) => T): Readonly<Record<string, T>> {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    return Object.fromEntries(tables.map(({ name }) => [String(name), read(db, String(name))]));
  } finally {
    db.close();
  }
}
