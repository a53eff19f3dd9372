/** The embedded database: a file of SQLite that belongs to this process. */

import { closeSync, openSync } from 'node:fs';
import { refuse } from '../../../domain/errors.ts';
import type { Database, NodeSignals } from '../../../domain/ports/stores/index.ts';
import type { DiskSpace } from '../../../domain/ports/system.ts';
import { migrate } from '../../migrate.ts';
import { migrations } from '../../migrations/index.ts';
import type { DatabaseOptions } from '../../options.ts';
import { settleRestored } from '../../restored.ts';
import { sequenceOf } from '../../sequences.ts';
import type { Tenancy } from '../../session.ts';
import { createStores } from '../../stores/index.ts';
import { fillLists } from '../../stores/late-lists.ts';
import { createListingWatch } from '../listing-watch.ts';
import { createCheckpointer } from './checkpoint.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { createWriter } from './group-commit.ts';
import { lockForThisProcess } from './lock.ts';
import { createLogSync } from './log-sync.ts';
import { readerPragmas } from './reader-pragmas.ts';
import { createReservedWrite } from './reserved-writes.ts';
import { RowCache } from './row-cache.ts';
import { migrationTarget, restoredTarget } from './schema.ts';
import { createSearchThread } from './search-thread.ts';
import { Numbers, Reading, Transaction } from './sessions.ts';

// synchronous=NORMAL: COMMIT writes the log but does not wait for the disk; `log-sync.ts` does, without holding up the
// event loop, and nothing is acknowledged or shown before. wal_autocheckpoint=0: `checkpoint.ts` does that. cache_size=16 MiB: the
// pages of the file are read where they are mapped, so that only those of the log need it.
const writerPragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 2000;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16384;
  PRAGMA mmap_size = 1073741824;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA journal_size_limit = 67108864;
`;

/** Default of a caller that holds nothing back. */
const noReserve: DiskSpace = { isShort: false, release: async () => false };

/**
 * The file belongs to whoever holds its lock, and this process does from here on: whatever any other did with it has ended.
 * So leases need no names, and every one that is found at the start is free.
 */
const alone: Tenancy = { node: 'embedded', isExclusive: true, runsJobs: true };

export async function openSqlite(options: DatabaseOptions): Promise<Database> {
  const { path, clock, random, log, space = noReserve, firstNumbers, tenancy = alone, meter } = options;
  const lock = lockForThisProcess(path);
  const opened: { close(): void }[] = [];
  const open = (parts: ConstructorParameters<typeof Connection>[1]) => {
    const connection = new Connection(path, parts);
    opened.push(connection);
    return connection;
  };
  try {
    // Accounts and password hashes: readable only by the owner. SQLite gives the log beside it the same mode. Only under the
    // lock: closing a file drops the locks that this process holds on it (POSIX), and so far it holds none.
    closeSync(openSync(path, 'a', 0o600));
    const db = createSqliteBuilder();
    const main = open({ db, readOnly: false, pragmas: writerPragmas });
    const applied = await migrate(migrations, migrationTarget(main, path), clock.now(), options.upgrade);
    if (applied.length > 0) log.info({ path, migrations: applied }, 'database schema brought up to date');
    const restored = await settleRestored(restoredTarget(main), clock.now());
    if (restored !== undefined)
      log.warn(restored, 'the database was made from a backup: numbers go on above it, sessions have ended');
    // Cannot be opened read-only before the file exists, so not before the migration.
    const aside = open({ db, readOnly: true, pragmas: readerPragmas });

    const system = { clock, random };
    const numbers = new Numbers(main, firstNumbers);
    const logSync = createLogSync(`${path}-wal`);
    opened.push(logSync);
    // The migration's commit.
    await logSync.sync();
    const cache = new RowCache(main.changed);
    const searches = createSearchThread({ path, log });
    const checkpointer = createCheckpointer({ connection: main, path, log, letGo: () => searches.rest() });
    opened.push({ close: () => checkpointer.release() });
    const begin = () => new Transaction({ connection: main, numbers, cache, system, tenancy });
    const writer = createWriter({
      connection: main,
      clock,
      begin() {
        const session = begin();
        return { session, stores: createStores(session) };
      },
      beforeCommit: createListFilling(begin),
      afterGroup: () => cache.settle(),
      log: logSync,
      meter,
      afterCommit(transactions) {
        keepListed(transactions);
        return checkpointer.afterCommit(transactions);
      },
    });
    // The writing connection has its pages in memory; the other one must fetch them again after every commit and takes
    // ten times as long. So reads use the first, except while a group is open there.
    const reading = new Reading({
      connection: () => (writer.isInGroup ? aside : main),
      searches,
      sync: () => logSync.underWay,
      cache,
      system,
      tenancy,
    });
    const keepListed = createListingWatch({ reading, log });
    const read = createStores(reading);
    let closing: Promise<void> | undefined;
    const close = async () => {
      await writer.close();
      await searches.close();
      await checkpointer.close();
      aside.close();
      try {
        main.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch (error) {
        // A full disk: what is in the log is durable, and the next start finds it there.
        log.warn({ err: error }, 'the log of the database could not be moved; the next start reads it');
      }
      main.close();
      checkpointer.release();
      logSync.close();
      lock.release();
    };
    return {
      read,
      write: createReservedWrite(writer.write, space),
      nextNumber: async (of) => numbers.take(sequenceOf[of]),
      get isFull() {
        return space.isShort;
      },
      isExclusive: tenancy.isExclusive,
      node: tenancy.node,
      alone: (work) => work(),
      signals: nobodyElse,
      usedNumbers: null,
      writeCounts: null,
      close() {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    for (const connection of opened) connection.close();
    lock.release();
    throw refusalOf(error, path) ?? error;
  }
}

/** What SQLite says of a file, in words that name it (https://www.sqlite.org/rescode.html). */
function refusalOf(cause: unknown, path: string): Error | undefined {
  if (!(cause instanceof Error && 'errcode' in cause && typeof cause.errcode === 'number')) return undefined;
  switch (cause.errcode & 0xff) {
    case 11:
    case 26:
      return refuse('databaseDamaged', { database: path }, { cause });
    case 13:
      return refuse('diskFullAt', { path }, { cause });
    case 3:
    case 8:
    case 14:
      return refuse('pathForbidden', { path }, { cause });
    default:
      return undefined;
  }
}

/** Nobody else has the file open. */
const nobodyElse: NodeSignals = { send() {}, receive() {} };

/** Transactions between looks at how far the lists are behind: a look costs three statements, and a transaction adds few rows. */
const transactionsBetweenLooks = 16;

/** Looks at the first commit, and then every few transactions. */
function createListFilling(begin: () => Transaction): (transactions: number) => Promise<void> {
  let since = transactionsBetweenLooks;
  return async (transactions) => {
    since += transactions;
    if (since < transactionsBetweenLooks) return;
    since = 0;
    await fillLists(begin());
  };
}
