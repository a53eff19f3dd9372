/**
 * Counts what a piece of work does in the database: the statements that run, and for each the b-trees (tables and indexes) whose
 * contents are different afterwards. That reads every touched table before and after, so it is for small databases.
 */
import { DatabaseSync, type SQLInputValue, StatementSync } from 'node:sqlite';

export interface BtreeWrites {
  readonly total: number;
  /** One for each statement that changed something, in their order. */
  readonly lines: readonly string[];
}

interface Write {
  readonly sql: string;
  readonly btrees: readonly string[];
}

let recorded: Write[] | null = null;
let executed: string[] | null = null;

/** Runs `work`. @returns the SQL of every execution meanwhile, without the savepoints in which one transaction stands among others */
export async function listExecutions(work: () => Promise<void>): Promise<readonly string[]> {
  const statements: string[] = [];
  executed = statements;
  try {
    await work();
  } finally {
    executed = null;
  }
  return statements.filter((sql) => !/^(?:savepoint|release|pragma)/i.test(sql));
}

/** Runs `work` and counts the writes of every connection of this thread meanwhile. */
export async function countBtreeWrites(work: () => Promise<void>): Promise<BtreeWrites> {
  const writes: Write[] = [];
  recorded = writes;
  try {
    await work();
  } finally {
    recorded = null;
  }
  return {
    total: writes.reduce((sum, { btrees }) => sum + btrees.length, 0),
    lines: writes.map(({ sql, btrees }) => `${btrees.length}: ${sql.slice(0, 60)}… [${btrees.join(', ')}]`),
  };
}

/** By statement: the connection it was prepared on. */
const connections = new WeakMap<StatementSync, DatabaseSync>();
const nativePrepare = DatabaseSync.prototype.prepare;

/**
 * Watches every statement from now on, until it is ended. `node:sqlite` does not report what runs, and earlier statements are not
 * seen: call it before the database is opened.
 */
export function watchStatements(): () => void {
  const undo = [
    replaceMethod(DatabaseSync.prototype, 'prepare', {
      value(this: DatabaseSync, sql: string): StatementSync {
        const made = nativePrepare.call(this, sql);
        connections.set(made, this);
        return made;
      },
    }),
    ...(['run', 'get', 'all'] as const).map((name) => {
      const native = StatementSync.prototype[name];
      return replaceMethod(StatementSync.prototype, name, {
        value(this: StatementSync, ...values: SQLInputValue[]): unknown {
          const table = /^(?:insert(?: or \w+)? into|update|delete from|replace into) "?(\w+)"?/i.exec(
            this.sourceSQL,
          )?.[1];
          const connection = connections.get(this);
          if (connection !== undefined) executed?.push(this.sourceSQL);
          const run = () => Reflect.apply(native, this, values);
          if (recorded === null || table === undefined || connection === undefined) return run();
          const before = contents(connection, table);
          const result = run();
          const after = contents(connection, table);
          const btrees = [...after.keys()].filter((btree) => after.get(btree) !== before.get(btree));
          if (btrees.length > 0) recorded?.push({ sql: this.sourceSQL, btrees });
          return result;
        },
      });
    }),
  ];
  return () => {
    for (const one of undo) one();
  };
}

/** @returns puts back what was there */
function replaceMethod<T extends object>(prototype: T, name: keyof T, by: PropertyDescriptor): () => void {
  const native = Object.getOwnPropertyDescriptor(prototype, name);
  if (native === undefined) throw new Error(`there is no ${String(name)}`);
  Object.defineProperty(prototype, name, by);
  return () => {
    Object.defineProperty(prototype, name, native);
  };
}

/** Rows of the table and of each of its indexes, as text. */
function contents(connection: DatabaseSync, table: string): ReadonlyMap<string, string> {
  const rows = (sql: string) => nativePrepare.call(connection, sql).all();
  const text = (sql: string) =>
    JSON.stringify(rows(sql), (_, value) => (value instanceof Uint8Array ? [...value] : value));
  const found = new Map([[table, text(`SELECT * FROM "${table}"`)]]);
  for (const { name, sql } of rows(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = '${table}'`,
  )) {
    const [, keys, condition] = /\(([\s\S]*?)\)(?:\s+where\s+([\s\S]*))?$/i.exec(String(sql ?? '')) ?? [];
    const columns =
      keys ??
      rows(`PRAGMA index_info("${String(name)}")`)
        .map((column) => `"${String(column.name)}"`)
        .join(', ');
    const where = condition === undefined ? '' : ` WHERE ${condition}`;
    found.set(String(name), text(`SELECT ${columns.replaceAll(/\b(?:asc|desc)\b/gi, '')} FROM "${table}"${where}`));
  }
  return found;
}

/** Bytes of each table and index of a database file: what its rows hold, or the pages that hold them. */
export function sizesOf(path: string, of: 'payload' | 'pgsize'): ReadonlyMap<string, number> {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = nativePrepare.call(db, `SELECT name, sum(${of}) AS size FROM dbstat GROUP BY name`).all();
    return new Map(rows.map(({ name, size }) => [String(name), Number(size)]));
  } finally {
    db.close();
  }
}

/** What came on, of everything and of each. */
export function growthOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): { readonly total: number; readonly each: ReadonlyMap<string, number> } {
  const each = new Map([...after].map(([name, size]) => [name, size - (before.get(name) ?? 0)]));
  return { total: each.values().reduce((sum, size) => sum + size, 0), each };
}
