/** Content of a database file, seen from outside: to prove that a refused request left nothing behind. */
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, SQLOutputValue>>[]>>;

/** Every row of every table, in the order of the primary key. */
export function readTables(path: string): Rows {
  return withTables(path, (db, table) => db.prepare(`SELECT * FROM "${table}"`).all());
}

export function countRows(path: string): Readonly<Record<string, number>> {
  return withTables(path, (db, table) => Number(db.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.n));
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
