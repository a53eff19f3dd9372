/** A limit for many short works at once: one look in a while at all that are under way, since a timer for each costs more than the work. */
import type { Clock } from '../domain/ports/system.ts';

interface UnderWay {
  readonly startedMs: number;
  readonly giveUp: (reason: Error) => void;
}

const looksPerLimit = 4;

/** @returns what waits for a work, and rejects when it takes longer than the limit, by a quarter of it at most */
export function createTimeLimit(clock: Clock, limitMs: number): <T>(work: Promise<T>) => Promise<T> {
  // In the order of their beginnings.
  const underWay = new Set<UnderWay>();
  let isLooking = false;

  async function look(): Promise<void> {
    isLooking = true;
    while (underWay.size > 0) {
      await clock.sleep(limitMs / looksPerLimit);
      const endMs = clock.monotonicMs() - limitMs;
      for (const one of underWay) {
        if (one.startedMs > endMs) break;
        underWay.delete(one);
        one.giveUp(new Error(`not done within ${limitMs} ms`));
      }
    }
    isLooking = false;
  }

  return (work) =>
    new Promise((resolve, reject) => {
      const mine: UnderWay = { startedMs: clock.monotonicMs(), giveUp: reject };
      underWay.add(mine);
      if (!isLooking) void look();
      work.then(
        (value) => {
          underWay.delete(mine);
          resolve(value);
        },
        (error: unknown) => {
          underWay.delete(mine);
          reject(error);
        },
      );
    });
}
