/**
 * Rate limit for each key: `burst` times at once, then once every `everyMs`. Here in the memory of one thread, which is that of
 * the core; for front doors see `SharedAllowances`. A key is one number, the moment at which it has its whole burst again; who has it is forgotten.
 */
import type { Allowance, Rate } from './ports/allowances.ts';
import type { Clock } from './ports/system.ts';

export interface AllowanceOptions extends Rate {
  readonly clock: Clock;
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

  function waitMs(key: string): number {
    const usedMs = (wholeAgainAt.get(key) ?? 0) - clock.monotonicMs();
    return Math.max(0, usedMs - (burst - 1) * everyMs);
  }

  function take(key: string): void {
    const now = clock.monotonicMs();
    put(key, Math.max(now, wholeAgainAt.get(key) ?? 0) + everyMs, now);
  }

  return {
    waitMs,
    take,
    tryTake(key) {
      const leftMs = waitMs(key);
      if (leftMs === 0) take(key);
      return leftMs;
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
