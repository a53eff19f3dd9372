/** An order that came to nothing renews nothing: the one that it was to renew stands as if it had not been placed. */
import type { Order } from '../domain/order.ts';
import type { Stores } from '../domain/stores.ts';

export async function releaseRenewed(tx: Stores, { id, renewalOf }: Order): Promise<void> {
  if (renewalOf !== null) await tx.orders.clearRenewedBy(renewalOf, id);
}
