/** Store of values that expire. */
import type { ExpiringEntry, ExpiringShelf } from '../expiring.ts';

export interface ExpiringValueStore {
  put(shelf: ExpiringShelf, entry: ExpiringEntry, expiresAt: Date): Promise<void>;
  /** Removes those of the shelf that expire first, until `atMost` are left. */
  trim(shelf: ExpiringShelf, atMost: number): Promise<void>;
  /** One that has not expired at `now`. */
  get(shelf: ExpiringShelf, key: string, now: Date): Promise<string | undefined>;
  take(shelf: ExpiringShelf, key: string, now: Date): Promise<string | undefined>;
  /** Removes those that have expired at `now`, at most so many. @returns how many */
  purge(now: Date, limit: number): Promise<number>;
}
