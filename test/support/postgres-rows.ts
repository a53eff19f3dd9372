/** Rows of a database on a server, for tests that look into tables between two steps: read in a thread, while this one waits. */

import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Question } from './postgres-rows-thread.ts';

type Row = Readonly<Record<string, string | number | null | Uint8Array<ArrayBuffer>>>;
export type PostgresRows = Readonly<Record<string, readonly Row[]>>;

let thread: { readonly ask: (question: Question) => unknown } | undefined;

/** Every row of every table. */
export function readPostgres(url: string): PostgresRows {
  thread ??= startThread();
  return thread.ask({ url }) as PostgresRows;
}

/** The rows of one statement, which may also change something. */
export function askPostgres(url: string, text: string, values: readonly unknown[]): readonly Row[] {
  thread ??= startThread();
  return thread.ask({ url, statement: { text, values } }) as readonly Row[];
}

function startThread() {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./postgres-rows-thread.ts', import.meta.url), {
    workerData: { signal, port: port2 },
    transferList: [port2],
  });
  worker.unref();
  port1.unref();
  return {
    ask(question: Question): unknown {
      Atomics.store(signal, 0, 0);
      port1.postMessage(question);
      Atomics.wait(signal, 0, 0);
      const answer: { readonly found: unknown } | { readonly error: string } | undefined =
        receiveMessageOnPort(port1)?.message;
      if (answer === undefined) throw new Error('the thread gave no answer');
      if ('error' in answer) throw new Error(answer.error);
      return answer.found;
    },
  };
}
