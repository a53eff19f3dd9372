/**
 * Attempts that count towards a limit until their end shows that they did not, over all threads of the process. In the memory of the core,
 * for what is rare; for every request see `SharedAllowances`. A restart forgives.
 */
import type { Rate } from './allowances.ts';

export interface AttemptLimit {
  /** Begins with the name of the dialect. */
  readonly name: string;
  /** The same at every call of this name. */
  readonly rate: Rate;
}

export interface Attempt {
  /** One of its limit at a time. */
  readonly id: string;
  /** Who or what it counts for. */
  readonly key: string;
}

export interface Attempts {
  /**
   * Begins the attempt and counts it, in one step, so that of many at once no more begin than may. `open`: it was begun before and has not
   * ended; then it is not counted again. Refused where its key has none left, with the time until it has.
   */
  begin(limit: AttemptLimit, attempt: Attempt): Promise<'counted' | 'open' | { readonly waitMs: number }>;
  /** Ends an attempt that is open; of any other nothing comes. @param counts false: what was counted is given back */
  end(limit: AttemptLimit, id: string, counts: boolean): Promise<void>;
  /** The ids of the open attempts of a key: the newest, as many as its rate allows at once. */
  listOpen(limit: AttemptLimit, key: string): Promise<readonly string[]>;
  /** Milliseconds until one more of the key may begin; 0: now. */
  waitMs(limit: AttemptLimit, key: string): Promise<number>;
}
