/**
 * Keeps the write-ahead log short. SQLite would do so by itself in the middle of some commit, and hold everything up for
 * tens of milliseconds each time. Here a thread moves most of the log while the writer continues; the writer moves the few
 * pages that came meanwhile, after which the log starts from its beginning again. What it moved the thread pool brings to the disk, before
 * the next transaction writes over the log: SQLite would wait for that inside the move, with the event loop.
 */

import { closeSync, fdatasync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { refuse } from '../../../domain/errors.ts';
import type { Log } from '../../../domain/ports/system.ts';
import { threadLimits } from '../../../domain/thread-limits.ts';
import type { Connection } from './connection.ts';

/** Transactions after which the log is worth moving: a few thousand pages. */
const transactionsBetween = 400;
/** A log of more pages than these did not begin again when it could have: somebody was reading it. */
const longLogPages = 16_384;

export interface Checkpointer {
  /**
   * To be called between groups, when no transaction is open and all that is committed is on the disk.
   * @returns what must end before the next transaction begins; undefined: it may begin
   */
  afterCommit(transactions: number): Promise<void> | undefined;
  /** Stops the thread. */
  close(): Promise<void>;
  /** To be called once every connection is closed: closing a file drops the locks that its process holds on it (POSIX). */
  release(): void;
}

export interface CheckpointerOptions {
  readonly connection: Connection;
  readonly path: string;
  readonly log: Log;
  /**
   * Called where the log is long: who reads the database all the time has to leave it for a while. The log begins again only while nobody reads
   * it (sqlite.org/wal.html, "Avoiding Excessively Large WAL Files").
   */
  letGo(): void;
}

export function createCheckpointer({ connection, path, log, letGo }: CheckpointerOptions): Checkpointer {
  const file = openSync(path, 'r+');
  let since = 0;
  let isMoving = false;
  let mustFinish = false;
  let worker: Worker | undefined;

  function start(): Worker {
    const started = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
      workerData: path,
      resourceLimits: threadLimits,
    });
    started.unref();
    started.on('message', ({ error }: { error: unknown }) => {
      isMoving = false;
      mustFinish = true;
      if (error !== undefined)
        log.warn({ err: error }, 'the log of the database could not be moved, will be tried again');
    });
    started.on('error', (error) => {
      isMoving = false;
      mustFinish = true;
      worker = undefined;
      log.error({ err: error }, 'the thread that moves the log of the database has died, another is started');
    });
    return started;
  }

  /**
   * Moves what the thread has left, or everything should the thread have failed: the log must not grow for ever. Without SQLite's own waits
   * for the disk: the log is there already, and the file is before anything is written over the log.
   */
  function finish(): Promise<void> {
    mustFinish = false;
    try {
      connection.exec('PRAGMA synchronous = OFF');
      try {
        const [state] = [...connection.rows('PRAGMA wal_checkpoint(PASSIVE)')];
        shortenIfLong(Number(state?.[1] ?? 0));
      } finally {
        connection.exec('PRAGMA synchronous = NORMAL');
      }
    } catch (error) {
      log.warn({ err: error }, 'the log of the database could not be moved, will be tried again');
    }
    // Also where it failed: some of it may have been moved.
    return new Promise((resolve, reject) => {
      fdatasync(file, (error) => {
        if (error === null) resolve();
        else reject(refuse('diskFailed', {}, { cause: error }));
      });
    });
  }

  function shortenIfLong(pages: number): void {
    if (pages <= longLogPages) return;
    letGo();
    since = transactionsBetween;
  }

  return {
    afterCommit(transactions) {
      since += transactions;
      const finished = mustFinish ? finish() : undefined;
      if (isMoving || since < transactionsBetween) return finished;
      since = 0;
      isMoving = true;
      worker ??= start();
      worker.postMessage('move');
      return finished;
    },
    async close() {
      if (worker === undefined) return;
      const ended = new Promise((resolve) => worker?.once('exit', resolve));
      worker.ref();
      worker.postMessage('close');
      await ended;
    },
    release: () => closeSync(file),
  };
}
