/**
 * Keeps the write-ahead log short. SQLite would do so by itself in the middle of some commit, and hold everything up for
 * tens of milliseconds each time. Here a thread moves most of the log while the writer continues; the writer moves the few
 * pages that came meanwhile, after which the log starts from its beginning again.
 */

import { Worker } from 'node:worker_threads';
import type { Log } from '../../../domain/ports/system.ts';
import type { Connection } from './connection.ts';

/** Transactions after which the log is worth moving: a few thousand pages. */
const transactionsBetween = 400;

export interface Checkpointer {
  /** To be called between groups, when no transaction is open. */
  afterCommit(transactions: number): void;
  close(): Promise<void>;
}

export function createCheckpointer(options: { connection: Connection; path: string; log: Log }): Checkpointer {
  const { connection, path, log } = options;
  let since = 0;
  let isMoving = false;
  let mustFinish = false;
  let worker: Worker | undefined;

  function start(): Worker {
    const started = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: path });
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

  /** Moves what the thread has left, or everything should the thread have failed: the log must not grow for ever. */
  function finish(): void {
    mustFinish = false;
    try {
      connection.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      log.warn({ err: error }, 'the log of the database could not be moved, will be tried again');
    }
  }

  return {
    afterCommit(transactions) {
      since += transactions;
      if (mustFinish) finish();
      if (isMoving || since < transactionsBetween) return;
      since = 0;
      isMoving = true;
      worker ??= start();
      worker.postMessage('move');
    },
    async close() {
      if (worker === undefined) return;
      const ended = new Promise((resolve) => worker?.once('exit', resolve));
      worker.ref();
      worker.postMessage('close');
      await ended;
    },
  };
}
