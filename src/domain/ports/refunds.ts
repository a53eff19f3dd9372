/** Port for front doors: money that is given back for an order which has its certificate. */
import type { LedgerEntry } from '../account.ts';
import type { Caller } from '../caller.ts';
import type { OrderReference } from './orders.ts';

export interface Refund {
  /** Minor units of the order's currency; null: all that is left of what was paid. */
  readonly amountMinor: number | null;
  /** Why: it stands in the ledger. Not empty. */
  readonly note: string;
}

export interface Refunds {
  /**
   * Adds a line to the ledger that names the order, and nothing else: order and certificates stay as they are. All refunds of an order
   * together are never more than was charged for it.
   * @throws {CertError} notFound, wrongState for an order that is open, which is cancelled instead, invalidField
   */
  refund(caller: Caller, reference: OrderReference, refund: Refund): Promise<LedgerEntry>;
}
