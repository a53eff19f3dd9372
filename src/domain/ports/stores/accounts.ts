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
  update(
    id: AccountId,
    change: Partial<
      Pick<
        Account,
        'name' | 'state' | 'approval' | 'separatesDuties' | 'productCodes' | 'allowedNames' | 'contactEmail'
      >
    >,
  ): Promise<void>;
}
