/** Rate limits by key: what counts against them, and where. */

export interface Allowance {
  /** Milliseconds until it may happen once more; 0: now. */
  waitMs(key: string): number;
  take(key: string): void;
  /** Takes one if it may happen now, and returns 0; else what `waitMs` does. Of many at once no more get through than may. */
  tryTake(key: string): number;
  /** Returns an allowance that was taken for something that did not count after all. */
  giveBack(key: string): void;
  forget(key: string): void;
}

export interface Rate {
  readonly burst: number;
  readonly everyMs: number;
}

/** Allowances in memory that all threads of the process share. A restart forgives. */
export interface SharedAllowances {
  /**
   * Counts under a name are the same for every thread that opens it. A few names, made by the code; where one is opened with
   * several rates, each has keys of its own.
   */
  open(name: string, rate: Rate): Allowance;
}
