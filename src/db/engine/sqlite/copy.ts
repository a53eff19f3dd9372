/**
 * A file as one end of a copy. The copy is made in a file of another name, without waiting for the disk, and gets its own when it is
 * whole and on the disk: whenever it ends, no server finds a part of it.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuse } from '../../../domain/errors.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import {
  type CopiedRow,
  type CopiedTable,
  type CopySide,
  type CopyTarget,
  type NextNumbers,
  type Piece,
  pieceBytes,
  pieceRows,
  sizeOf,
} from '../../copy/side.ts';
import { migrate } from '../../migrate.ts';
import { migrations } from '../../migrations/index.ts';
import type { Sequence } from '../../options.ts';
import { floorSql } from '../../restored.ts';
import { usualFirstNumbers } from '../../sequences.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { isLockTaken, lockForThisProcess, type ProcessLock } from './lock.ts';
import { readerPragmas } from './reader-pragmas.ts';
import { migrationTarget, tablesIn } from './schema.ts';

/** @throws {CertError} when there is no such file, or a server works on it */
export function openSqliteSource(path: string): CopySide {
  if (!existsSync(path)) throw refuse('databaseMissing', { database: path });
  const lock = lockFile(path);
  try {
    const connection = new Connection(path, { db: createSqliteBuilder(), readOnly: true, pragmas: readerPragmas });
    connection.value('SELECT count(*) FROM sqlite_master');
    return {
      ...readingSide(path, () => connection),
      async close() {
        connection.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw isNoDatabase(error) ? refuse('databaseMissing', { database: path }, { cause: error }) : error;
  }
}

/** SQLITE_NOTADB: a file of something else. */
function isNoDatabase(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 26;
}

/** Nothing is undone in it, and the disk is waited for once, at the end. */
const copyPragmas = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA foreign_keys = OFF;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -65536;
`;

/** @throws {CertError} when a server works on it */
export function openSqliteTarget(path: string, clock: Clock): CopyTarget {
  const unfinished = `${path}.copy`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = lockFile(path);
  let connection: Connection | undefined;
  let indexes: readonly string[] = [];
  const opened = () => {
    if (connection === undefined) throw new Error('the copy has not begun');
    return connection;
  };
  const inserters = new Map<string, (row: CopiedRow) => void>();

  function inserterOf({ name, columns }: CopiedTable): (row: CopiedRow) => void {
    const known = inserters.get(name);
    if (known !== undefined) return known;
    const places = columns.map(() => '?').join();
    const made = opened().changer(`INSERT INTO ${name} (${namesOf(columns)}) VALUES (${places})`);
    inserters.set(name, made);
    return made;
  }

  return {
    ...readingSide(path, opened),

    migrations: async () => [],

    async occupied() {
      // A log without its file would be read into the new one.
      const file = [path, `${path}-wal`].find((one) => existsSync(one) && statSync(one).size > 0);
      if (file === undefined) return undefined;
      if (file !== path) return file;
      return firstTableIn(path) ?? file;
    },

    async begin() {
      rmSync(unfinished, { force: true });
      closeSync(openSync(unfinished, 'wx', 0o600));
      connection = new Connection(unfinished, { db: createSqliteBuilder(), readOnly: false, pragmas: copyPragmas });
      await migrate(migrations, migrationTarget(connection), clock.now());
      connection.exec('BEGIN');
      for (const { name } of tablesIn(connection)) connection.exec(`DELETE FROM ${name}`);
      const made = [...connection.rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")];
      indexes = made.map(([, sql]) => String(sql));
      for (const [name] of made) connection.exec(`DROP INDEX ${name}`);
    },

    async insert(table, piece) {
      const insert = inserterOf(table);
      for (const row of piece) insert(row);
    },

    async complete() {
      const made = opened();
      for (const sql of indexes) made.exec(sql);
      const [broken] = made.rows('PRAGMA foreign_key_check');
      if (broken !== undefined) throw refuse('databaseReferenceBroken', { table: String(broken[0]) });
      made.exec('COMMIT');
    },

    async finish() {
      opened().close();
      connection = undefined;
      syncToDisk(unfinished, 'r+');
      renameSync(unfinished, path);
      syncToDisk(dirname(path), 'r');
    },

    async close() {
      connection?.close();
      rmSync(unfinished, { force: true });
      lock.release();
    },
  };
}

function lockFile(path: string): ProcessLock {
  try {
    return lockForThisProcess(path);
  } catch (error) {
    throw isLockTaken(error) ? refuse('databaseInUse', { database: path, by: null }, { cause: error }) : error;
  }
}

function readingSide(path: string, opened: () => Connection): Omit<CopySide, 'close'> {
  return {
    title: path,
    listsOrdersLate: true,
    numbersFollowRows: true,

    async migrations() {
      if (!tablesIn(opened()).some(({ name }) => name === 'migrations')) return [];
      return [...opened().rows('SELECT name FROM migrations')].map(([name]) => String(name));
    },

    async columns() {
      return new Map(tablesIn(opened()).map(({ name, columns }) => [name, columns]));
    },

    async *pieces({ name, columns, key }) {
      yield* inPiecesOf(opened().rows(`SELECT ${namesOf(columns)} FROM ${name} ORDER BY ${key.join()}`));
    },

    count: async ({ name }) => Number(opened().value(`SELECT count(*) FROM ${name}`)),

    async nextNumbers() {
      const next = Object.entries(usualFirstNumbers).map(([table, first]) => {
        const highest = opened().value(`SELECT max(number) FROM ${table}`);
        const next = typeof highest === 'number' ? highest + 1 : first;
        return [table, Math.max(next, Number(opened().value(floorSql(table as Sequence)) ?? 0))];
      });
      return Object.fromEntries(next) as NextNumbers;
    },
  };
}

function* inPiecesOf(rows: Iterable<CopiedRow>): Generator<Piece> {
  let piece: CopiedRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    piece.push(row);
    bytes += sizeOf(row);
    if (piece.length < pieceRows && bytes < pieceBytes) continue;
    yield piece;
    piece = [];
    bytes = 0;
  }
  if (piece.length > 0) yield piece;
}

function namesOf(columns: CopiedTable['columns']): string {
  return columns.map(({ name }) => name).join();
}

/** Undefined: it is not of SQLite, or has no tables. */
function firstTableIn(path: string): string | undefined {
  let connection: Connection | undefined;
  try {
    connection = new Connection(path, { db: createSqliteBuilder(), readOnly: true, pragmas: '' });
    return tablesIn(connection)[0]?.name;
  } catch {
    return undefined;
  } finally {
    connection?.close();
  }
}

function syncToDisk(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
