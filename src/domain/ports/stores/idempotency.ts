/** Store of the answers to repeated requests. */
import type { AccountId } from '../../ids.ts';

export interface IdempotencyStore {
  /**
   * Claims the key for `objectId` until `expiresAt`. When it is claimed already and not over at `now`, changes nothing
   * and answers what claimed it.
   */
  claim(claim: {
    readonly accountId: AccountId;
    readonly key: string;
    readonly fingerprint: string;
    readonly objectId: string;
    readonly now: Date;
    readonly expiresAt: Date;
  }): Promise<{ readonly objectId: string; readonly fingerprint: string } | undefined>;
  /** The claim passes from one object to another until `expiresAt`; false when it is not `from` that holds it. */
  move(claim: {
    readonly accountId: AccountId;
    readonly key: string;
    readonly from: string;
    readonly to: string;
    readonly expiresAt: Date;
  }): Promise<boolean>;
  /** Removes those that are over at `now`, at most so many. @returns how many */
  purge(now: Date, limit: number): Promise<number>;
}
