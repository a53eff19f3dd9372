/**
 * Answers queries that look at many rows, in a thread of its own with a connection of its own, and keeps the projection of orders.
 * Started and asked by `search-thread.ts`.
 */
import { setImmediate } from 'node:timers';
import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { type ListingsFile, openListings } from './listings-file.ts';
import { readerPragmas } from './reader-pragmas.ts';
import type { SearchAnswer, SearchMessage } from './search-thread.ts';

const path = String(workerData);

/** So many events are done in a moment; who asks does not wait for more. */
const waitedForEvents = 5000;

function openOrNot(): { readonly file: ListingsFile | undefined; readonly failure: unknown } {
  try {
    return { file: openListings(path), failure: undefined };
  } catch (failure) {
    return { file: undefined, failure };
  }
}

const { file, failure: openFailure } = openOrNot();
// Without the file, searches go by the tables themselves.
const connection =
  file?.connection ?? new Connection(path, { db: createSqliteBuilder(), readOnly: true, pragmas: readerPragmas });

let wanted = 0;
let isFilling = false;
let failure: unknown = openFailure;
let waiting: { readonly id: number; readonly upTo: number }[] = [];

function send(answer: SearchAnswer): void {
  parentPort?.postMessage(answer);
}

/** @param id of who wants to know whether it goes that far now */
function catchUp(id: number, upTo: number): void {
  wanted = Math.max(wanted, upTo);
  if (file === undefined || upTo - file.reached > waitedForEvents) {
    send({ id, isReached: false, failure: takeFailure() });
    if (file === undefined) return;
  } else if (file.reached >= upTo) send({ id, isReached: true });
  else waiting.push({ id, upTo });
  if (!isFilling) {
    isFilling = true;
    setImmediate(() => void fillOn());
  }
}

/** A piece at a time: queries get their turn between them. */
async function fillOn(): Promise<void> {
  if (file === undefined) return;
  const before = file.reached;
  try {
    if (before < wanted) await file.fill(wanted);
  } catch (thrown) {
    failure = thrown;
  }
  const reached = file.reached;
  for (const { id } of waiting.filter(({ upTo }) => upTo <= reached)) send({ id, isReached: true });
  waiting = waiting.filter(({ upTo }) => upTo > reached);
  if (reached < wanted && reached > before) {
    setImmediate(() => void fillOn());
    return;
  }
  // It failed, or there are no more events: the next that is asked tries again.
  isFilling = false;
  for (const { id } of waiting) send({ id, isReached: false, failure: takeFailure() });
  waiting = [];
}

function takeFailure(): unknown {
  const taken = failure;
  failure = undefined;
  return taken;
}

function answer({ id, sql, parameters }: Extract<SearchMessage, { readonly sql: string }>): SearchAnswer {
  try {
    return { id, ...connection.table(sql, parameters) };
  } catch (error) {
    return { id, error };
  }
}

parentPort?.on('message', (message: SearchMessage) => {
  if (message === 'close') {
    wanted = 0;
    for (const { id } of waiting) send({ id, isReached: false });
    waiting = [];
    if (file === undefined) connection.close();
    else file.close();
    parentPort?.close();
  } else if ('upTo' in message) catchUp(message.id, message.upTo);
  else send(answer(message));
});
