/** Store of the changes of an account's own prices. The prices that count now are with the account. */
import type { AccountId } from '../../ids.ts';
import type { PageQuery } from '../../page.ts';
import type { NumberedPriceChange, PriceChange } from '../../price-change.ts';

export interface AccountPriceStore {
  append(change: PriceChange): Promise<void>;
  /** Newest first; `before` is a sequence. */
  list(accountId: AccountId, page: PageQuery): Promise<readonly NumberedPriceChange[]>;
}
