/** Whether the server's clock can be believed: dates in certificates and CRLs are what it says. */
import type { Reason } from '../errors.ts';

export interface ClockGuard {
  /** Why nothing may be signed now; undefined while the clock is right. In memory, cheap; asked before each signature. */
  fault(): Reason | undefined;
  /** The latest time at which the clock was right: what a later one is compared with. */
  newest(): Date;
}

/** Time services set a clock back by less than this; more is a mistake. */
export const clockToleranceMs = 5 * 60_000;
