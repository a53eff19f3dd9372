/** Store of the rests of zones whose servers do not answer. */
import type { AccountId } from '../../ids.ts';
import type { ZoneRest } from '../../zone-rest.ts';

export interface ZoneRestStore {
  /** Those of these zones that have not answered their last probe. */
  list(accountId: AccountId, zones: readonly string[]): Promise<readonly ZoneRest[]>;
  /** Inserts it, or takes the place of the one before. */
  put(rest: ZoneRest): Promise<void>;
  /** Its servers answer. @returns whether it was resting */
  remove(accountId: AccountId, zone: string): Promise<boolean>;
  /** Removes up to `limit` that were over before that time: nobody looks at their names any more. */
  purge(before: Date, limit: number): Promise<number>;
}
