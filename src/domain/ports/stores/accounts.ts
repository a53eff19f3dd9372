/** Store of accounts. The contract of every store is in `stores.ts`. */
import type { Account } from '../../account.ts';
import type { AccountId } from '../../ids.ts';
import type { PageQuery } from '../../page.ts';

export interface AccountStore {
  /** Starts with a balance of zero. */
  insert(account: Omit<Account, 'number'>): Promise<Account>;
  get(id: AccountId): Promise<Account | undefined>;
  getByNumber(number: number): Promise<Account | undefined>;
  list(page: PageQuery): Promise<readonly Account[]>;
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
      >
    >,
  ): Promise<void>;
}
