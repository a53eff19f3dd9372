/** Guards against a wrong server clock: the dates in certificates and CRLs come from it. */
import type { Reason } from '../errors.ts';

export interface ClockGuard {
  /** The reason why nothing may be signed now; undefined while the clock is right. In memory, cheap; read at each signature. */
  fault(): Reason | undefined;
  /** The latest time at which the clock was right: what a later one is compared with. */
  newest(): Date;
}

/** Time services set a clock back by less than this; more is a mistake. */
export const clockToleranceMs = 5 * 60_000;

/** How far the clock stands behind the latest right time. */
export function clockBehindMs(guard: ClockGuard, now: Date): number {
  return Math.max(0, guard.newest().getTime() - now.getTime());
}
