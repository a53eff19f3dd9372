/** Where the lines of an account's money are kept. */
import type { LedgerEntry } from '../../account.ts';
import type { AccountId } from '../../ids.ts';

export interface LedgerStore {
  /**
   * Changes the balance by `amountMinor` and appends the line. A charge that would leave less than zero changes nothing
   * and answers undefined.
   */
  append(entry: Omit<LedgerEntry, 'balanceAfterMinor'>): Promise<LedgerEntry | undefined>;
  list(accountId: AccountId, limit: number): Promise<readonly LedgerEntry[]>;
  /** The sum of all lines, to be compared with the balance. */
  sum(accountId: AccountId): Promise<number>;
}
