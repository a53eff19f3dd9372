/** The order as it is now, locked, with its newest issuance: what every change of an order begins with. */
import { refuse } from '../../domain/errors.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

/** @param issuanceId another one of the order, where that one is meant */
export async function newestIssuance(
  tx: Stores,
  order: Order,
  issuanceId?: IssuanceId,
): Promise<{ readonly order: Order; readonly issuance: Issuance }> {
  const current = await tx.orders.getForUpdate(order.id);
  const issuance = current === undefined ? undefined : await tx.issuances.get(issuanceId ?? current.issuanceId);
  if (current === undefined || issuance === undefined) {
    throw refuse('notFound', { what: 'order', value: String(order.number) });
  }
  return { order: current, issuance };
}
