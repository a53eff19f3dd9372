/**
 * The file of the projection of orders (decision 0032), beside the database and never needed to restore it: it is made again from the
 * audit log where it is missing, of another version, or of another history. The thread that searches owns it; the database is
 * attached to its connection, for reading.
 */
import { closeSync, fdatasyncSync, openSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { listingsSchema } from '../../migrations/0001-schema/listings.ts';
import { questionListingsSchema } from '../../migrations/0003-questions/listings.ts';
import { certificateEndsSchema } from '../../migrations/0005-watching.ts';
import { approvalListingsSchema } from '../../migrations/0008-listings.ts';
import { accountEndsSchema } from '../../migrations/0017-statistics.ts';
import type { Builder } from '../../prepared.ts';
import type { FillSession } from '../../stores/listing-terms.ts';
import { fillListings, orderFillStatements } from '../../stores/order-fill.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder, sqliteSchema } from './dialect.ts';
import { textIndexes } from './text-index.ts';

/** Raise it when the tables, or what is in them, change. */
const version = 6;

const schemas = [
  listingsSchema,
  questionListingsSchema,
  certificateEndsSchema,
  approvalListingsSchema,
  accountEndsSchema,
];

// A power failure may take the newest pieces: they are made again.
const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 2000;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16384;
  PRAGMA mmap_size = 1073741824;
  PRAGMA journal_size_limit = 16777216;
`;

export interface ListingsFile {
  readonly connection: Connection;
  /** Goes on with the next piece of events, none beyond `upTo`. @returns how far it goes now */
  fill(upTo: number): Promise<number>;
  /** How far it goes. */
  readonly reached: number;
  close(): void;
}

export function listingsPath(databasePath: string): string {
  return databasePath.replace(/(\.db)?$/, '-lists.db');
}

/**
 * Opens the file, or makes it where there is none that can be used.
 * @throws {Error} where there is no room for it, or it may not be written
 */
export function openListings(databasePath: string): ListingsFile {
  const path = listingsPath(databasePath);
  const db = createSqliteBuilder();
  return fileOf(openKept(path, databasePath, db) ?? openNew(path, databasePath, db), databasePath);
}

/** Makes the file in place of the one that is there. @throws {Error} like `openListings` */
export function remakeListings(databasePath: string): ListingsFile {
  return fileOf(openNew(listingsPath(databasePath), databasePath, createSqliteBuilder()), databasePath);
}

/** SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB (sqlite.org/rescode.html): what the low byte of an extended code says. */
const broken: readonly unknown[] = [10, 11, 26];

/** Whether what failed says that a file of the database cannot be read any more. */
export function saysBroken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    broken.includes(error.errcode & 0xff)
  );
}

function fileOf(connection: Connection, databasePath: string): ListingsFile {
  const log = openSync(`${databasePath}-wal`, 'r+');
  const begin = connection.command('BEGIN');
  const commit = connection.command('COMMIT');
  const session: FillSession = {
    all: (statement, params) => connection.all(statement, params),
    first: (statement, params) => connection.first(statement, params),
    write: (statement, params) => void connection.run(statement, params),
  };
  let reached = connection.first(orderFillStatements.progress, {})?.sequence ?? 0;
  return {
    connection,
    get reached() {
      return reached;
    },
    async fill(upTo) {
      begin();
      try {
        const filled = await fillListings(session, upTo);
        // What was read of the database must not be lost when this is kept: nothing would correct it.
        fdatasyncSync(log);
        commit();
        reached = filled;
        return filled;
      } catch (error) {
        if (connection.isInTransaction) connection.exec('ROLLBACK');
        throw error;
      }
    },
    close() {
      connection.close();
      closeSync(log);
    },
  };
}

function open(path: string, databasePath: string, db: Builder): Connection {
  // Readable only by the owner, like the database.
  closeSync(openSync(path, 'a', 0o600));
  const connection = new Connection(path, { db, readOnly: false, pragmas });
  connection.exec(`ATTACH '${pathToFileURL(databasePath).href.replaceAll("'", "''")}?mode=ro' AS certmux`);
  return connection;
}

/** @returns undefined: there is none that can be used */
function openKept(path: string, databasePath: string, db: Builder): Connection | undefined {
  let opened: Connection | undefined;
  try {
    opened = open(path, databasePath, db);
    if (isOfThisHistory(opened)) return opened;
  } catch {
    // It is broken. If it is the folder that is, making it again says so.
  }
  opened?.close();
  return undefined;
}

function openNew(path: string, databasePath: string, db: Builder): Connection {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  const connection = open(path, databasePath, db);
  connection.exec('BEGIN');
  for (const schema of schemas) for (const query of schema(db, sqliteSchema)) connection.execute(query);
  connection.exec(textIndexes);
  connection.exec(`PRAGMA user_version = ${version}`);
  connection.exec('COMMIT');
  return connection;
}

/** The event that was the last one is still there: the database was not put back to an earlier one. */
function isOfThisHistory(connection: Connection): boolean {
  if (connection.value('PRAGMA user_version') !== version) return false;
  const progress = connection.first(orderFillStatements.progress, {});
  return (
    progress === undefined ||
    connection.first(orderFillStatements.eventAt, { sequence: progress.sequence })?.at === progress.at
  );
}
