/**
 * Turns for requests in one thread. All that has begun shares the event loop, so that of a hundred requests that arrive together each waits for
 * all the others, whoever sent them. Here only as many begin in one round of the loop as it does in about 10 ms; the rest stands in lines, one
 * for each owner. A round that has room lets requests through at once, so that nothing waits where the machine keeps up. Of what has begun
 * no more than twice as many as begin in a round are under way, since they all meet again where the database writes. One that takes long waits for
 * something else than the processor and is not counted.
 *
 * The order is that of start-time fair queueing (Goyal, Vin and Cheng, 1996): an owner's next request begins at the virtual time at which
 * their former one ended, and the earliest begins first. Who has been quiet is let in up to `credit` earlier: they go before all that keep the
 * machine busy, however many those are, and do not wait until one of those under way has ended.
 */
import { setImmediate, setTimeout } from 'node:timers';
import { refuse } from '../domain/errors.ts';
import type { RequestTurns, Turn, WorkCharges } from '../domain/ports/request-turns.ts';
import type { Clock } from '../domain/ports/system.ts';

export interface RequestTurnsOptions {
  readonly clock: Clock;
  /** Requests of one owner that may stand in line. */
  readonly maxWaiting?: number | undefined;
  /** Calls back once the event loop has gone round. Only tests bring another. */
  readonly nextRound?: (callback: () => void) => void;
  /** Calls back after a few rounds. Only tests bring another. */
  readonly later?: (callback: () => void) => void;
}

/** How long a round may take: the longest that a request waits for those before it, about. */
const roundMs = 10;
const fewestPerRound = 1;
const mostPerRound = 256;
const perRoundAtFirst = 32;

const fewestUnderWay = 4;
/** Of those who have been quiet so many times as many may be under way: they need not wait for what others have begun. */
const quietTimes = 2;
/** Longer than what waits for a signature and the disk. */
const countedMs = 500;
/** The database writes what several rounds have begun in one long round: only after so long without one more begin again. */
const recoverEveryMs = 50;
/** How long until it is looked again where all that may be is under way. */
const lookAgainMs = 5;

/** Work that an owner may do before all others after a pause. */
const credit = 10;

/** Of more owners that wait only these are compared: those that have waited the longest. */
const compared = 256;

/** Of more owners than this those are forgotten whose former requests make no difference any more. */
const kept = 4096;

const retrySeconds = 1;

interface Waiting {
  readonly cost: number;
  begin(turn: Turn): void;
}

export function createRequestTurns(options: RequestTurnsOptions): RequestTurns & WorkCharges {
  const { clock, maxWaiting = 256, nextRound = setImmediate, later = lookLater } = options;
  /** By owner, who stand in the order in which their lines began. */
  const lines = new Map<string, Waiting[]>();
  /** When the last request of an owner ends, in virtual time. */
  const endOf = new Map<string, number>();
  let virtualNow = 0;
  let perRound = perRoundAtFirst;
  let begun = 0;
  let isTurning = false;
  let slowedAtMs = Number.NEGATIVE_INFINITY;
  /** With the moment at which each began, the oldest first. */
  const underWay = new Map<Turn, number>();

  function hasRoom(owner: string): boolean {
    const most = Math.max(fewestUnderWay, 2 * perRound);
    return begun < perRound && underWay.size < (isQuiet(owner) ? quietTimes * most : most);
  }

  /** Never of an owner whose requests stand in line one after the other: their next one begins where the former ended. */
  const isQuiet = (owner: string) => (endOf.get(owner) ?? 0) <= virtualNow - credit;

  const startOf = (owner: string) => Math.max(virtualNow - credit, endOf.get(owner) ?? 0);

  function beginTurn(owner: string, cost: number): Turn {
    const start = startOf(owner);
    virtualNow = Math.max(virtualNow, start);
    endOf.set(owner, start + cost);
    begun++;
    const turn = { end: () => void underWay.delete(turn) };
    underWay.set(turn, clock.monotonicMs());
    return turn;
  }

  function forgetLong(): void {
    const since = clock.monotonicMs() - countedMs;
    for (const [turn, beganAtMs] of underWay) {
      if (beganAtMs > since) return;
      underWay.delete(turn);
    }
  }

  function forgetQuiet(): void {
    for (const [owner, end] of endOf) if (end <= virtualNow - credit) endOf.delete(owner);
  }

  function nextOwner(): string | undefined {
    let next: string | undefined;
    let earliest = Number.POSITIVE_INFINITY;
    let seen = 0;
    for (const owner of lines.keys()) {
      const start = startOf(owner);
      if (start < earliest) {
        next = owner;
        earliest = start;
      }
      if (++seen === compared) break;
    }
    return next;
  }

  /** @returns whether one has begun */
  function beginNext(): boolean {
    const owner = nextOwner();
    if (owner === undefined || !hasRoom(owner)) return false;
    const line = lines.get(owner);
    const first = line?.shift();
    if (line === undefined || first === undefined) return false;
    // Owners that wait on go to the end of those that are compared.
    lines.delete(owner);
    if (line.length > 0) lines.set(owner, line);
    first.begin(beginTurn(owner, first.cost));
    return true;
  }

  /** @param sinceMs when the round began; undefined where the loop may have slept in it */
  function turn(sinceMs: number | undefined): void {
    if (sinceMs !== undefined) adapt(clock.monotonicMs() - sinceMs);
    const hadBegun = begun > 0;
    begun = 0;
    forgetLong();
    if (endOf.size > kept) forgetQuiet();
    while (beginNext());
    if (hadBegun || begun > 0) {
      const nowMs = clock.monotonicMs();
      nextRound(() => turn(nowMs));
      return;
    }
    if (lines.size > 0) {
      later(() => turn(undefined));
      return;
    }
    // The loop is idle: nobody is in anybody's way.
    isTurning = false;
    endOf.clear();
    virtualNow = 0;
  }

  /** What began earlier goes on in later rounds: in the long run each round does the whole work of as many as begin in it. */
  function adapt(tookMs: number): void {
    const nowMs = clock.monotonicMs();
    // A pause of the garbage collector, for one, must not count for more than one long round.
    if (tookMs > roundMs) {
      perRound = Math.max(fewestPerRound, Math.floor(perRound * Math.max(0.5, roundMs / tookMs)));
      slowedAtMs = nowMs;
    } else if (begun >= perRound && nowMs - slowedAtMs > recoverEveryMs) {
      perRound = Math.min(mostPerRound, perRound + Math.ceil(perRound / 4));
    }
  }

  function keepTurning(): void {
    if (isTurning) return;
    isTurning = true;
    nextRound(() => turn(undefined));
  }

  return {
    waitFor(owner, cost) {
      keepTurning();
      if ((lines.size === 0 || isQuiet(owner)) && hasRoom(owner)) return beginTurn(owner, cost);
      const line = lines.get(owner) ?? [];
      if (line.length >= maxWaiting)
        throw refuse('tooManyWaiting', { limit: maxWaiting, retryAfterSeconds: retrySeconds });
      lines.set(owner, line);
      return new Promise((resolve) => line.push({ cost, begin: resolve }));
    },
    charge(owner, cost) {
      if (isTurning) endOf.set(owner, startOf(owner) + cost);
    },
  };
}

function lookLater(callback: () => void): void {
  setTimeout(callback, lookAgainMs);
}
