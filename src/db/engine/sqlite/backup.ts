/**
 * A copy of a database file, made while a server works on it: all pages in one step, so in one read transaction of a connection of its
 * own. Writers do not wait for it; their log is not begun again before it has ended. In several steps SQLite would begin again
 * with each commit, which under load is for ever. `VACUUM INTO` takes twice the time and the CPU (decision 0033).
 */
import { existsSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { refuse } from '../../../domain/errors.ts';
import { type BackupMark, markBackup } from '../../restored.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { readerPragmas } from './reader-pragmas.ts';
import { restoredTarget, tablesIn } from './schema.ts';

/** More pages than a file can have. */
const allPages = 0x7fff_ffff;

/** What a database file says of itself. */
export interface DatabaseSummary {
  /** Names of the migrations, in their order. */
  readonly schema: readonly string[];
  /** The rows of each table that has some. */
  readonly rows: Readonly<Record<string, number>>;
  /** Ids of the master keys that its values are sealed under. */
  readonly masterKeys: readonly string[];
}

/** @throws {CertError} when there is no database of certmux */
export function sizeOfDatabase(path: string): number {
  if (!existsSync(path)) throw refuse('backupSourceMissing', { path });
  return reading(path, (connection) => {
    summarize(connection, path);
    return Number(connection.value('PRAGMA page_count')) * Number(connection.value('PRAGMA page_size'));
  });
}

/** Copies it into a file that is there and empty. The copy is marked as one, and needs no other file beside it. */
export async function copyDatabaseFile(from: string, to: string, mark: BackupMark): Promise<DatabaseSummary> {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    source.exec('PRAGMA busy_timeout = 10000');
    await backup(source, to, { rate: allPages });
  } finally {
    source.close();
  }
  const copy = new Connection(to, {
    db: createSqliteBuilder(),
    readOnly: false,
    pragmas: 'PRAGMA journal_mode = DELETE',
  });
  try {
    await markBackup(restoredTarget(copy), mark);
    return summarize(copy, from);
  } finally {
    copy.close();
  }
}

/** @throws {CertError} when it is no database of certmux */
export function summaryOfDatabase(path: string): DatabaseSummary {
  return reading(path, (connection) => summarize(connection, path));
}

function reading<T>(path: string, read: (connection: Connection) => T): T {
  let connection: Connection | undefined;
  try {
    connection = new Connection(path, { db: createSqliteBuilder(), readOnly: true, pragmas: readerPragmas });
    return read(connection);
  } catch (error) {
    throw refusalOf(error, path) ?? error;
  } finally {
    connection?.close();
  }
}

/** SQLITE_CORRUPT, and SQLITE_NOTADB. */
function refusalOf(cause: unknown, path: string): Error | undefined {
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0;
  if (code === 11) return refuse('databaseDamaged', { database: path }, { cause });
  return code === 26 ? refuse('backupSourceMissing', { path }, { cause }) : undefined;
}

function summarize(connection: Connection, path: string): DatabaseSummary {
  const tables = tablesIn(connection);
  const names = new Set(tables.map(({ name }) => name));
  if (!names.has('migrations') || !names.has('master_keys')) throw refuse('backupSourceMissing', { path });
  const texts = (sql: string) => [...connection.rows(sql)].map(([text]) => String(text));
  const rows: [string, number][] = [];
  for (const { name } of tables) {
    const count = Number(connection.value(`SELECT count(*) FROM "${name}"`));
    if (count > 0) rows.push([name, count]);
  }
  return {
    schema: texts('SELECT name FROM migrations ORDER BY name'),
    rows: Object.fromEntries(rows),
    masterKeys: texts('SELECT id FROM master_keys WHERE retired_at IS NULL ORDER BY id'),
  };
}
