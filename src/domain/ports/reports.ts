/** Port for front doors: what each month came to. */
import type { Account } from '../account.ts';
import type { Caller } from '../caller.ts';
import type { Page, PageQuery } from '../page.ts';

export interface MonthTotals {
  readonly account: Pick<Account, 'id' | 'number' | 'name' | 'currency'>;
  /** Such as 202611 (`month.ts`), in UTC. */
  readonly month: number;
  /** Sums of the ledger in the account's currency. */
  readonly chargedMinor: number;
  readonly refundedMinor: number;
  readonly creditedMinor: number;
  /** Orders placed in the month, whatever became of them. */
  readonly orders: number;
  /** Certificates issued in the month. */
  readonly certificates: number;
}

export interface MonthSpan {
  /** Both ends belong to it. */
  readonly from: number;
  readonly until: number;
}

export interface Reports {
  /**
   * One item for each account and month in which something happened: the accounts newest first, the months of each latest first. The limit
   * and the cursor are of accounts.
   * @param query.account id or number; absent: every account that the caller may see
   */
  months(caller: Caller, query: PageQuery & MonthSpan & { readonly account?: string }): Promise<Page<MonthTotals>>;
}
