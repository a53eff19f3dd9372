/** Store of the history of checks. The contract of every store is in `stores.ts`. */
import type { CheckRecord } from '../../check-record.ts';
import type { AuthorizationId } from '../../ids.ts';

export interface CheckRecordStore {
  /** Counts it where there is one of the same finding. `node` is this process. */
  put(record: Omit<CheckRecord, 'node' | 'count' | 'firstAt'>): Promise<void>;
  /** Counts the check in the record of the same finding. False: there is none, and nothing changes. */
  updateCount(again: Pick<CheckRecord, 'authorizationId' | 'challenge' | 'fingerprint' | 'check'>): Promise<boolean>;
  /** The number of different findings of one challenge. */
  countFindings(key: Pick<CheckRecord, 'authorizationId' | 'challenge'>): Promise<number>;
  /** Those of each, in the order of the challenges; few, since the number of findings is limited (`mostFindings`). */
  listOfAuthorization(id: AuthorizationId): Promise<readonly CheckRecord[]>;
  /** Those of any of these, the newest first: no newer than `from.at`, without the first `from.skip` of them. */
  listNewest(query: {
    readonly ids: readonly AuthorizationId[];
    readonly from: { readonly at: Date; readonly skip: number };
    readonly limit: number;
  }): Promise<readonly CheckRecord[]>;
  /** Forgets failures that were last met before. Returns their number. */
  removeFailures(lastBefore: Date, limit: number): Promise<number>;
  /** Forgets proofs that orders could rely on until before that moment, and that are as old as failures. Returns their number. */
  removeProofs(ended: { readonly usableBefore: Date; readonly lastBefore: Date }, limit: number): Promise<number>;
}
