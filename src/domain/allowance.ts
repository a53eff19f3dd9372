/**
 * Rate limit for each key: `burst` times at once, then once every `everyMs`. Kept in the memory of this
 * process. A key is one number, the moment at which it has its whole burst again; who has it is forgotten.
 */
import type { Clock } from './ports/system.ts';

export interface Allowance {
  /** Milliseconds until it may happen once more; 0: now. */
  waitMs(key: string): number;
  take(key: string): void;
  /** Returns an allowance that was taken for something that did not count after all. */
  giveBack(key: string): void;
  forget(key: string): void;
}

export interface AllowanceOptions {
  readonly clock: Clock;
  readonly burst: number;
  readonly everyMs: number;
  /** More are never kept, so that invented keys cannot fill the memory: those that were used the longest ago go first. */
  readonly maxKeys: number;
}

export function createAllowance({ clock, burst, everyMs, maxKeys }: AllowanceOptions): Allowance {
  /** Keys in the order of their last use. */
  const wholeAgainAt = new Map<string, number>();

  function put(key: string, at: number, now: number): void {
    wholeAgainAt.delete(key);
    if (at > now) wholeAgainAt.set(key, at);
    for (const [oldest, itsAt] of wholeAgainAt) {
      if (itsAt > now && wholeAgainAt.size <= maxKeys) break;
      wholeAgainAt.delete(oldest);
    }
  }

  return {
    waitMs(key) {
      const usedMs = (wholeAgainAt.get(key) ?? 0) - clock.monotonicMs();
      return Math.max(0, usedMs - (burst - 1) * everyMs);
    },
    take(key) {
      const now = clock.monotonicMs();
      put(key, Math.max(now, wholeAgainAt.get(key) ?? 0) + everyMs, now);
    },
    giveBack(key) {
      const now = clock.monotonicMs();
      put(key, (wholeAgainAt.get(key) ?? 0) - everyMs, now);
    },
    forget(key) {
      wholeAgainAt.delete(key);
    },
  };
}
