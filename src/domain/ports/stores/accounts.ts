/** Store of accounts. The contract of every store is in `stores.ts`. */
import type { Account } from '../../account.ts';
import type { AccountId } from '../../ids.ts';
import type { PageQuery, Total } from '../../page.ts';
import type { AccountFilter, AccountPlace, AccountSort } from '../accounts.ts';

/** Every condition must hold. */
export interface AccountListFilter extends AccountFilter {
  readonly sort?: AccountSort;
  readonly descending?: boolean;
}

export interface AccountListQuery extends AccountListFilter {
  readonly limit: number;
  readonly before?: AccountPlace;
}

export interface AccountStore {
  /** Starts with a balance of zero. */
  insert(account: Omit<Account, 'number'>): Promise<Account>;
  get(id: AccountId): Promise<Account | undefined>;
  getByNumber(number: number): Promise<Account | undefined>;
  list(page: PageQuery): Promise<readonly Account[]>;
  /** Newest first unless sorted otherwise. */
  find(query: AccountListQuery): Promise<readonly Account[]>;
  /** How many all pages of that list have. */
  count(filter: AccountListFilter): Promise<Total>;
  /** Records that somebody made it for themselves, from this network. */
  markRegistered(id: AccountId, network: string): Promise<void>;
  /** The time at which the nth newest of those until then was made, counted from 1: from this network, or from any (null). */
  nthNewestRegistered(network: string | null, n: number, until: Date): Promise<Date | undefined>;
  update(
    id: AccountId,
    change: Partial<
      Pick<
        Account,
        | 'name'
        | 'state'
        | 'approval'
        | 'separatesDuties'
        | 'madeKeys'
        | 'productCodes'
        | 'allowedNames'
        | 'contactEmail'
        | 'prices'
        | 'lowBalanceMinor'
        | 'lowSince'
      >
    >,
  ): Promise<void>;
}
