/**
 * Moves what is committed from the log into the database file, in a thread of its own: it takes tens of milliseconds, in
 * which the server would answer nobody. Started and controlled by `checkpoint.ts`.
 */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** A pass that finds no more than this many new pages leaves the rest, which is quick, to the writer. */
const fewPages = 400;
const passes = 5;

const connection = new DatabaseSync(String(workerData));
connection.exec('PRAGMA busy_timeout = 0; PRAGMA synchronous = FULL; PRAGMA cache_size = -256');
const checkpoint = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)');

/** While one pass runs the writer continues; each pass has less to do than the one before. */
function moveMost(): void {
  let seenBefore = 0;
  for (let pass = 0; pass < passes; pass++) {
    const pages = Number(checkpoint.get()?.log);
    if (pages - seenBefore <= fewPages) return;
    seenBefore = pages;
  }
}

parentPort?.on('message', (message) => {
  if (message === 'close') {
    connection.close();
    parentPort?.close();
    return;
  }
  let error: unknown;
  try {
    moveMost();
  } catch (caught) {
    error = caught;
  }
  parentPort?.postMessage({ error });
});
