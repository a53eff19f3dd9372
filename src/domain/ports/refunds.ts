/** Port for front doors: money that is given back for an order which has its certificate. */
import type { LedgerEntry } from '../account.ts';
import type { Caller } from '../caller.ts';
import type { Counting, Page, PageQuery } from '../page.ts';
import type { LedgerFilter } from './accounts.ts';
import type { OrderReference } from './orders.ts';

export interface Refund {
  /** Minor units of the order's currency; null: all that is left of what was paid. */
  readonly amountMinor: number | null;
  /** Why: it stands in the ledger. Not empty. */
  readonly note: string;
}

/** Every condition must hold. */
export interface RefundFilter extends Omit<LedgerFilter, 'kind'> {
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
}

export interface Refunds {
  /** What was given back: for orders that stay and for those that ended. Newest first. */
  list(caller: Caller, query: RefundFilter & Counting & PageQuery): Promise<Page<LedgerEntry>>;
  /**
   * Adds a line to the ledger that names the order, and nothing else: order and certificates stay as they are. All refunds of an order
   * together are never more than was charged for it.
   * @throws {CertError} notFound, wrongState for an order that is open, which is cancelled instead, invalidField
   */
  refund(caller: Caller, reference: OrderReference, refund: Refund): Promise<LedgerEntry>;
}
