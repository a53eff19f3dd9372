/**
 * Turns for requests in one thread. All that has begun shares the event loop, so that of a hundred requests that arrive together each waits for
 * all the others, whoever sent them. Here only as many begin in one round of the loop as it does in about 5 ms; the rest stands in lines, one
 * for each owner. A round that has room lets requests through at once, so that nothing waits where the machine keeps up.
 *
 * The order is that of start-time fair queueing (Goyal, Vin and Cheng, 1996): an owner's next request begins at the virtual time at which
 * their former one ended, and the earliest begins first. Who has been quiet is let in up to `credit` earlier: they go before all that keep the
 * machine busy, however many those are.
 */
import { setImmediate } from 'node:timers';
import { refuse } from '../domain/errors.ts';
import type { RequestTurns } from '../domain/ports/request-turns.ts';
import type { Clock } from '../domain/ports/system.ts';

export interface RequestTurnsOptions {
  readonly clock: Clock;
  /** Requests of one owner that may stand in line. */
  readonly maxWaiting?: number | undefined;
  /** Calls back once the event loop has gone round. Only tests bring another. */
  readonly nextRound?: (callback: () => void) => void;
}

/** How long a round may take: the longest that a request waits for those before it, about. */
const roundMs = 5;
const fewestPerRound = 1;
const mostPerRound = 256;
const perRoundAtFirst = 32;

/** Work that an owner may do before all others after a pause. */
const credit = 10;

/** Of more owners that wait only these are compared: those that have waited the longest. */
const compared = 256;

const retrySeconds = 1;

interface Waiting {
  readonly cost: number;
  begin(): void;
}

export function createRequestTurns(options: RequestTurnsOptions): RequestTurns {
  const { clock, maxWaiting = 256, nextRound = setImmediate } = options;
  /** By owner, who stand in the order in which their lines began. */
  const lines = new Map<string, Waiting[]>();
  /** When the last request of an owner ends, in virtual time. */
  const endOf = new Map<string, number>();
  let virtualNow = 0;
  let perRound = perRoundAtFirst;
  let begun = 0;
  let isTurning = false;

  const startOf = (owner: string) => Math.max(virtualNow - credit, endOf.get(owner) ?? 0);

  function count(owner: string, cost: number): void {
    const start = startOf(owner);
    virtualNow = Math.max(virtualNow, start);
    endOf.set(owner, start + cost);
    begun++;
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

  function beginNext(): void {
    const owner = nextOwner();
    const line = owner === undefined ? undefined : lines.get(owner);
    const first = line?.shift();
    if (owner === undefined || line === undefined || first === undefined) return;
    // Owners that wait on go to the end of those that are compared.
    lines.delete(owner);
    if (line.length > 0) lines.set(owner, line);
    count(owner, first.cost);
    first.begin();
  }

  /** @param sinceMs when the round began; undefined where the loop may have slept in it */
  function turn(sinceMs: number | undefined): void {
    if (sinceMs !== undefined) adapt(clock.monotonicMs() - sinceMs);
    const hadBegun = begun > 0;
    begun = 0;
    while (begun < perRound && lines.size > 0) beginNext();
    if (hadBegun || begun > 0) {
      const nowMs = clock.monotonicMs();
      nextRound(() => turn(nowMs));
      return;
    }
    // The loop is idle: nobody is in anybody's way.
    isTurning = false;
    endOf.clear();
    virtualNow = 0;
  }

  /** What began earlier goes on in later rounds: in the long run each round does the whole work of as many as begin in it. */
  function adapt(tookMs: number): void {
    // A pause of the garbage collector, for one, must not count for more than one long round.
    if (tookMs > roundMs) perRound = Math.max(fewestPerRound, Math.floor(perRound * Math.max(0.5, roundMs / tookMs)));
    else if (begun >= perRound) perRound = Math.min(mostPerRound, perRound + Math.ceil(perRound / 4));
  }

  function keepTurning(): void {
    if (isTurning) return;
    isTurning = true;
    nextRound(() => turn(undefined));
  }

  return {
    waitFor(owner, cost) {
      keepTurning();
      if (lines.size === 0 && begun < perRound) {
        count(owner, cost);
        return undefined;
      }
      const line = lines.get(owner) ?? [];
      if (line.length >= maxWaiting)
        throw refuse('tooManyWaiting', { limit: maxWaiting, retryAfterSeconds: retrySeconds });
      lines.set(owner, line);
      return new Promise((resolve) => line.push({ cost, begin: resolve }));
    },
  };
}
