/** Store of look-ups of CAA records. The contract of every store is in `stores.ts`. */
import type { CaaCheck } from '../../caa-check.ts';

export interface CaaCheckStore {
  /** The newest of each of these names. */
  listNewest(names: readonly string[]): Promise<readonly CaaCheck[]>;
  /** Counts it in the newest of its name where that found the same. */
  put(look: Pick<CaaCheck, 'name' | 'outcome' | 'checkedAt'>): Promise<void>;
  /** Forgets up to `limit` that were last met before. Returns their number. */
  purge(before: Date, limit: number): Promise<number>;
}
