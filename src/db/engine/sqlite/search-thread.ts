/**
 * A thread for queries that look at many rows. SQLite answers at once and keeps its thread until then: a search among a million
 * orders on the main thread would hold up everybody for a second. The thread starts with the first such query, and sees what is
 * committed when it begins each. It also keeps the projection by which most of them are answered (decision 0032).
 */

import { Worker } from 'node:worker_threads';
import type { Log } from '../../../domain/ports/system.ts';
import { threadLimits } from '../../../domain/thread-limits.ts';
import type { SqlValue } from '../../fields.ts';
import { ListingsLost } from '../../listings-lost.ts';

interface SearchQuestion {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** Whether the projection shows all events up to this one, once it does or is seen to take long. */
interface CatchUp {
  readonly id: number;
  readonly upTo: number;
}

export type SearchMessage = SearchQuestion | CatchUp | 'rest' | 'close';

/** Rows as arrays of values, in the order of the columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

interface Reached {
  readonly isReached: boolean;
  /** What has kept it from being filled, where something has: once. */
  readonly failure?: unknown;
}

/** The projection broke, and is being made again: the tables that the query names are gone. */
interface Lost {
  readonly isLost: true;
}

export type SearchAnswer = { readonly id: number } & (Table | Reached | Lost | { readonly error: unknown });

export interface SearchThread {
  /** One query after the other. Rejects where the query fails, or the thread dies; with `ListingsLost` where the projection is lost. */
  ask(sql: string, parameters: readonly SqlValue[]): Promise<Table>;
  /**
   * Brings the projection up to the event of this sequence, which must be on the disk. False where it is far behind, or cannot be
   * written: it is brought nearer meanwhile, and queries go by the tables.
   */
  catchUp(upTo: number): Promise<boolean>;
  /** Has the projection left as it is for a moment, in which nobody reads the log of the database. */
  rest(): void;
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: Table | Reached): void;
  reject(error: unknown): void;
}

export function createSearchThread({ path, log }: { readonly path: string; readonly log: Log }): SearchThread {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let worker: Worker | undefined;
  let isClosed = false;

  function start(): Worker {
    const started = new Worker(new URL('./search-worker.ts', import.meta.url), {
      workerData: path,
      resourceLimits: threadLimits,
    });
    started.unref();
    started.on('message', (answer: SearchAnswer) => {
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) started.unref();
      if ('error' in answer) asker?.reject(answer.error);
      else if ('isLost' in answer) asker?.reject(new ListingsLost());
      else asker?.resolve(answer);
    });
    started.on('error', (error) => {
      log.error({ err: error }, 'the thread that searches the database has died, another is started');
    });
    started.on('exit', () => {
      if (worker === started) worker = undefined;
      for (const { reject } of waiting.values()) reject(new Error('the thread that searches the database has ended'));
      waiting.clear();
    });
    return started;
  }

  function send(question: Omit<SearchQuestion, 'id'> | Omit<CatchUp, 'id'>): Promise<Table | Reached> {
    if (isClosed) return Promise.reject(new Error('the database is closed'));
    worker ??= start();
    const asked = worker;
    const id = nextId++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      // The process does not end while somebody waits.
      asked.ref();
      asked.postMessage({ id, ...question });
    });
  }

  return {
    async ask(sql, parameters) {
      const answer = await send({ sql, parameters });
      if ('rows' in answer) return answer;
      throw new Error('the thread that searches the database has answered something else');
    },
    async catchUp(upTo) {
      if (isClosed) return false;
      const answer = await send({ upTo });
      if ('rows' in answer) return false;
      if (answer.failure !== undefined)
        log.warn({ err: answer.failure }, 'the lists of orders could not be brought up to date: searches take longer');
      return answer.isReached;
    },
    rest() {
      if (!isClosed) worker?.postMessage('rest' satisfies SearchMessage);
    },
    async close() {
      isClosed = true;
      if (worker === undefined) return;
      const ended = new Promise((resolve) => worker?.once('exit', resolve));
      worker.ref();
      worker.postMessage('close' satisfies SearchMessage);
      await ended;
    },
  };
}
