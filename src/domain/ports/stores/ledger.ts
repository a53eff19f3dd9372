/** Store of the lines of an account's money. */
import type { AccountMonth, LedgerEntry, NumberedEntry } from '../../account.ts';
import type { AccountId, OrderId } from '../../ids.ts';
import type { PageQuery, Total } from '../../page.ts';
import type { LedgerFilter } from '../accounts.ts';

/** Nobody's by default. */
export type NewLedgerEntry = Omit<LedgerEntry, 'balanceAfterMinor' | 'actor'> & Partial<Pick<LedgerEntry, 'actor'>>;

/** What a month came to in a currency, over all accounts. */
export type CurrencyMonth = Omit<AccountMonth, 'accountId'> & { readonly currency: string };

/** `LedgerFilter` with what it names looked up. */
export interface StoredLedgerFilter extends Omit<LedgerFilter, 'order'> {
  /** Null: of all accounts. */
  readonly accountId: AccountId | null;
  readonly orderId?: OrderId;
}

export interface LedgerStore {
  /**
   * Changes the balance by `amountMinor`, in one statement that looks at it as well, and appends the line. A charge that
   * would leave less than zero changes nothing and answers undefined. A charge is announced (`WriteOptions.chargesAccount`).
   */
  append(entry: NewLedgerEntry): Promise<LedgerEntry | undefined>;
  /** Newest first; `before` is a sequence. */
  list(accountId: AccountId, page: PageQuery): Promise<readonly NumberedEntry[]>;
  /** Lines of all accounts from `from` until before `until`, the oldest first, those after `after` in that order. */
  listBetween(
    period: { readonly from: Date; readonly until: Date },
    page: { readonly limit: number; readonly after?: Pick<NumberedEntry, 'at' | 'sequence'> },
  ): Promise<readonly NumberedEntry[]>;
  find(query: PageQuery & StoredLedgerFilter): Promise<readonly NumberedEntry[]>;
  /** How many all pages of that list have. */
  count(filter: StoredLedgerFilter): Promise<Total>;
  /** The amount that the account may still spend; 0 for one that does not exist. */
  balance(accountId: AccountId): Promise<number>;
  /** The sums of the accounts in these months, both ends included; none for one in which nothing was moved. In no order. */
  listMonths(
    accountIds: readonly AccountId[],
    span: { readonly from: number; readonly until: number },
  ): Promise<readonly AccountMonth[]>;
  /** The sums of these months over all accounts, by currency; both ends included. Few rows, of as many accounts as there are. */
  sumMonths(span: { readonly from: number; readonly until: number }): Promise<readonly CurrencyMonth[]>;
  listBalances(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>>;
  /** The sum of all lines, to be compared with the balance. */
  sum(accountId: AccountId): Promise<number>;
}
