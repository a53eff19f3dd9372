/**
 * Answers queries that look at many rows, in a thread of its own with a connection of its own, and keeps the projection of orders.
 * Started and asked by `search-thread.ts`.
 */
import { setImmediate, setTimeout } from 'node:timers';
import { parentPort, workerData } from 'node:worker_threads';
import { listingTables } from '../../rows/listings.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { type ListingsFile, openListings, remakeListings, saysBroken } from './listings-file.ts';
import { readerPragmas } from './reader-pragmas.ts';
import type { SearchAnswer, SearchMessage } from './search-thread.ts';

const path = String(workerData);

/** So many events are done in a moment; who asks does not wait for more. */
const waitedForEvents = 5000;

/** Longer than it takes to move what is left of the log. */
const restMs = 300;

let file: ListingsFile | undefined;
/** False while a lost one is made again: nobody must find it half filled. */
let isWhole = false;
/** One that breaks again before it was whole is left alone: it is the disk that is broken, or the database. */
let mayBeMadeAgain = true;
/** The tables themselves, for as long as there is no projection. */
let plain: Connection | undefined;
let wanted = 0;
let isFilling = false;
let isResting = false;
let failure: unknown;
let waiting: { readonly id: number; readonly upTo: number }[] = [];

try {
  file = openListings(path);
  // A new one is asked nothing before it has caught up.
  isWhole = true;
} catch (thrown) {
  failure = thrown;
}

function connection(): Connection {
  if (file !== undefined && isWhole) return file.connection;
  plain ??= new Connection(path, { db: createSqliteBuilder(), readOnly: true, pragmas: readerPragmas });
  return plain;
}

function send(answer: SearchAnswer): void {
  parentPort?.postMessage(answer);
}

/** @param id of who wants to know whether it goes that far now */
function catchUp(id: number, upTo: number): void {
  wanted = Math.max(wanted, upTo);
  if (file === undefined || upTo - file.reached > waitedForEvents) {
    send({ id, isReached: false, failure: takeFailure() });
    if (file === undefined) return;
  } else if (file.reached >= upTo && isWhole) send({ id, isReached: true });
  else waiting.push({ id, upTo });
  if (!isFilling) {
    isFilling = true;
    setImmediate(() => void fillOn());
  }
}

/** A piece at a time: queries get their turn between them. */
async function fillOn(): Promise<void> {
  // It goes on when the rest is over.
  if (isResting) return;
  const filled = file;
  const before = filled?.reached ?? 0;
  try {
    if (filled !== undefined && before < wanted) await filled.fill(wanted);
    if (filled !== undefined && filled.reached >= wanted) becomeWhole();
  } catch (thrown) {
    failure = thrown;
    if (saysBroken(thrown)) lose();
  }
  // It may be another one by now.
  const reached = isWhole ? (file?.reached ?? 0) : 0;
  for (const { id } of waiting.filter(({ upTo }) => upTo <= reached)) send({ id, isReached: true });
  waiting = waiting.filter(({ upTo }) => upTo > reached);
  const next = file;
  if (next !== undefined && next.reached < wanted && (next !== filled || next.reached > before)) {
    setImmediate(() => void fillOn());
    return;
  }
  // It failed, or there are no more events: the next that is asked tries again.
  isFilling = false;
  for (const { id } of waiting) send({ id, isReached: false, failure: takeFailure() });
  waiting = [];
}

function rest(): void {
  if (isResting) return;
  isResting = true;
  setTimeout(() => {
    isResting = false;
    if (isFilling) void fillOn();
  }, restMs).unref();
}

function becomeWhole(): void {
  mayBeMadeAgain = true;
  isWhole = true;
  plain?.close();
  plain = undefined;
}

/** Goes on with the tables, and makes the file again. */
function lose(): void {
  const lost = file;
  file = undefined;
  isWhole = false;
  try {
    lost?.close();
  } catch {
    // Nothing of it is needed any more.
  }
  if (!mayBeMadeAgain) return;
  mayBeMadeAgain = false;
  try {
    file = remakeListings(path);
  } catch (thrown) {
    failure = thrown;
  }
}

function takeFailure(): unknown {
  const taken = failure;
  failure = undefined;
  return taken;
}

function answer({ id, sql, parameters }: Extract<SearchMessage, { readonly sql: string }>): SearchAnswer {
  try {
    return { id, ...connection().table(sql, parameters) };
  } catch (error) {
    const isAboutListings = listingTables.some((table) => sql.includes(table));
    if (isWhole && isAboutListings && saysBroken(error)) {
      failure = error;
      lose();
    }
    // A search that has begun goes on asking for tables that are gone.
    return isAboutListings && !isWhole ? { id, isLost: true } : { id, error };
  }
}

parentPort?.on('message', (message: SearchMessage) => {
  if (message === 'close') {
    wanted = 0;
    for (const { id } of waiting) send({ id, isReached: false });
    waiting = [];
    plain?.close();
    file?.close();
    parentPort?.close();
  } else if (message === 'rest') rest();
  else if ('upTo' in message) catchUp(message.id, message.upTo);
  else send(answer(message));
});
