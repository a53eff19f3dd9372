/** Answers queries that look at many rows, in a thread of its own with a connection of its own. Started and asked by `search-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { readerPragmas } from './reader-pragmas.ts';
import type { SearchAnswer, SearchQuestion } from './search-thread.ts';

const connection = new Connection(String(workerData), {
  db: createSqliteBuilder(),
  readOnly: true,
  pragmas: readerPragmas,
});

function answer({ id, sql, parameters }: SearchQuestion): SearchAnswer {
  try {
    return { id, ...connection.table(sql, parameters) };
  } catch (error) {
    return { id, error };
  }
}

parentPort?.on('message', (message: SearchQuestion | 'close') => {
  if (message === 'close') {
    connection.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(answer(message));
});
