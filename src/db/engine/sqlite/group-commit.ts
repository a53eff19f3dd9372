/**
 * One connection writes. Transactions wait in a queue and run back to back as savepoints of one outer transaction; all of
 * them are acknowledged when its single commit is on the disk, and the next group begins only then. The commit is what
 * costs (pages written, a wait for the disk), so that ten transactions at once cost little more than one. What follows a
 * transaction at once is in the same group.
 */

import { setImmediate } from 'node:timers';
import type { Meter } from '../../../domain/ports/meter.ts';
import type { Stores, WriteOptions } from '../../../domain/ports/stores/index.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import { nextTurn } from '../../next-turn.ts';
import type { Connection } from './connection.ts';
import type { LogSync } from './log-sync.ts';
import type { Transaction } from './sessions.ts';

/** A group ends here even when more wait, so that the first of it is not kept waiting and the event loop gets its turn. */
const groupLimit = 128;

/** A transaction awaits only its stores, which answer at once: one that takes this long awaits something else. */
const transactionLimitMs = 5000;

type FollowOptions<T> = Pick<WriteOptions<T>, 'whenWritten' | 'whenCommitted'>;

export interface Writer {
  write<T>(work: (tx: Stores) => Promise<T>, options?: FollowOptions<T>): Promise<T>;
  /** True if a group is under way: what the connection reads now is not all committed. */
  readonly isInGroup: boolean;
  /** Takes no more transactions; resolves when the queue is empty. */
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  begin(): { readonly session: Transaction; readonly stores: Stores };
  /** Runs in the transaction of a group, after its work, of so many transactions; what it throws undoes the group. */
  beforeCommit(transactions: number): Promise<void>;
  /** Called when a group is committed or undone, before its callers continue. */
  afterGroup(): void;
  readonly log: Pick<LogSync, 'expect' | 'sync'>;
  readonly meter?: Pick<Meter, 'committed'> | undefined;
  /**
   * Told how many transactions a commit has made durable; no transaction is open then, and none begins before the promise is resolved. Once
   * it rejects, nothing is written any more.
   */
  afterCommit(transactions: number): Promise<void> | undefined;
}

interface Queued {
  readonly queuedAtMs: number;
  readonly work: (tx: Stores) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly whenWritten: ((value: unknown) => void) | undefined;
  readonly whenCommitted: ((value: unknown) => void) | undefined;
}

interface Done {
  readonly queued: Queued;
  readonly value: unknown;
}

export function createWriter(options: WriterOptions): Writer {
  const { connection, clock, begin, beforeCommit, afterGroup, log, afterCommit, meter } = options;
  const commands = {
    begin: connection.command('BEGIN IMMEDIATE'),
    commit: connection.command('COMMIT'),
    rollback: connection.command('ROLLBACK'),
    save: connection.command('SAVEPOINT work'),
    keep: connection.command('RELEASE work'),
    undo: connection.command('ROLLBACK TO work'),
  };
  let queue: Queued[] = [];
  let isScheduled = false;
  let isInGroup = false;
  let isClosed = false;
  let failure: unknown;
  let onEmpty: (() => void) | undefined;
  let failCurrent: ((error: Error) => void) | undefined;
  let begunAtMs = 0;
  let isWatching = false;
  const closing = new AbortController();

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    // Not at once: what the same turn of the event loop brings in joins the group.
    setImmediate(() => void runQueue());
  }

  async function runQueue(): Promise<void> {
    if (failure === undefined) {
      const done = await runDurably();
      for (const { queued, value } of done) queued.resolve(value);
      const [first] = done;
      if (first !== undefined) {
        meter?.committed(done.length, clock.monotonicMs() - first.queued.queuedAtMs);
        await afterCommit(done.length)?.catch(fail);
      }
    }
    if (failure !== undefined) {
      for (const { reject } of queue) reject(failure);
      queue = [];
    }
    isScheduled = false;
    if (queue.length > 0) schedule();
    else onEmpty?.();
  }

  /** For good: what the file holds nobody knows, and the log must stay as it is until a restart reads it. */
  function fail(error: unknown): void {
    failure = error;
  }

  /** @returns what is on the disk and may be acknowledged */
  async function runDurably(): Promise<readonly Done[]> {
    const done = await runGroup();
    if (done.length === 0) return done;
    try {
      await log.sync();
      return done;
    } catch (error) {
      for (const { queued } of done) queued.reject(error);
      return [];
    }
  }

  /** Begins what follows. @returns whether anything does */
  function goOn(done: readonly Done[]): boolean {
    let isFollowed = false;
    for (const { queued, value } of done) {
      if (queued.whenWritten === undefined) continue;
      isFollowed = true;
      queued.whenWritten(value);
    }
    return isFollowed;
  }

  /** Runs what is queued, what is queued meanwhile, and what follows of it in the next turn. @returns what is committed */
  async function runGroup(): Promise<readonly Done[]> {
    isInGroup = true;
    const done: Done[] = [];
    await runQueued(done);
    if (goOn(done)) {
      const before = done.length;
      // What follows is queued by then.
      await nextTurn();
      await runQueued(done);
      goOn(done.slice(before));
    }
    try {
      if (done.length > 0) await commit(done.length);
      else endGroup();
      for (const { queued, value } of done) queued.whenCommitted?.(value);
      return done;
    } catch (error) {
      for (const { queued } of done) queued.reject(error);
      return [];
    }
  }

  /** Runs the transactions of the queue one after the other, and adds those that are not undone to what the group has done. */
  async function runQueued(done: Done[]): Promise<void> {
    for (let count = 0; count < groupLimit; count++) {
      const queued = take();
      if (queued === undefined) break;
      // The first needs no savepoint: undoing it is undoing everything.
      const isFirst = done.length === 0;
      try {
        if (isFirst) commands.begin();
        else commands.save();
        const value = await runTransaction(queued);
        if (!isFirst) commands.keep();
        done.push({ queued, value });
      } catch (error) {
        if (!undo(isFirst)) {
          const lost = new Error('the transaction was lost with one it shared its commit with', { cause: error });
          for (const before of done) before.queued.reject(lost);
          done.length = 0;
        }
        queued.reject(error);
      }
    }
  }

  async function commit(transactions: number): Promise<void> {
    try {
      await beforeCommit(transactions);
      commands.commit();
    } catch (error) {
      if (connection.isInTransaction) commands.rollback();
      throw error;
    } finally {
      endGroup();
    }
    // In the same turn as the commit: from now on reads see it, and wait for the disk with it.
    log.expect();
  }

  function endGroup(): void {
    isInGroup = false;
    dropTaken();
    afterGroup();
  }

  let taken = 0;
  function take(): Queued | undefined {
    const queued = queue[taken];
    if (queued !== undefined) taken++;
    return queued;
  }

  /** Once for each group, since `shift` of a long array is slow. */
  function dropTaken(): void {
    queue = queue.slice(taken);
    taken = 0;
  }

  async function runTransaction({ work }: Queued): Promise<unknown> {
    begunAtMs = clock.monotonicMs();
    const { session, stores } = begin();
    try {
      return await new Promise<unknown>((resolve, reject) => {
        failCurrent = reject;
        watchTransactions();
        work(stores).then(resolve, reject);
      });
    } finally {
      failCurrent = undefined;
      session.end();
    }
  }

  /** Undoes the newest transaction. False when those before it in the group are gone with it. */
  function undo(isFirst: boolean): boolean {
    // A full disk or a failing one: SQLite has ended the whole transaction by itself.
    if (!connection.isInTransaction) return isFirst;
    try {
      if (isFirst) commands.rollback();
      else {
        commands.undo();
        commands.keep();
      }
      return true;
    } catch {
      if (connection.isInTransaction) commands.rollback();
      return false;
    }
  }

  /** Gives up the transaction under way once it has lasted too long; ends by itself when none is under way. */
  function watchTransactions(): void {
    if (isWatching) return;
    isWatching = true;
    const leftMs = begunAtMs + transactionLimitMs - clock.monotonicMs();
    clock.sleep(leftMs, closing.signal).then(
      () => {
        isWatching = false;
        if (failCurrent === undefined) return;
        if (clock.monotonicMs() - begunAtMs >= transactionLimitMs) failCurrent(stuck());
        else watchTransactions();
      },
      () => undefined,
    );
  }

  function stuck(): Error {
    return new Error(
      `a transaction was given up after ${transactionLimitMs} ms: it awaits something other than its stores`,
    );
  }

  return {
    get isInGroup() {
      return isInGroup;
    },
    write<T>(work: (tx: Stores) => Promise<T>, { whenWritten, whenCommitted }: FollowOptions<T> = {}): Promise<T> {
      if (isClosed) return Promise.reject(new Error('the database is closed'));
      return new Promise<T>((resolve, reject) => {
        queue.push({
          queuedAtMs: meter === undefined ? 0 : clock.monotonicMs(),
          work,
          // Both get the result of this very work.
          resolve: (value) => resolve(value as T),
          whenWritten: whenWritten && ((value) => whenWritten(value as T)),
          whenCommitted: whenCommitted && ((value) => whenCommitted(value as T)),
          reject,
        });
        schedule();
      });
    },
    async close() {
      isClosed = true;
      if (isScheduled) {
        await new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
      }
      closing.abort();
    },
  };
}
