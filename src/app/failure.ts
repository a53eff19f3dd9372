/** What happens when an issuance cannot become a certificate. */
import type { Reason } from '../domain/errors.ts';
import { type Issuance, issuanceTransitions } from '../domain/issuance.ts';
import { orderTransitions } from '../domain/order.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import { refund } from './charging.ts';
import type { AppContext } from './context.ts';
import { recordChange } from './order-event.ts';

/**
 * The issuance failed for good: its cost is given back. An order without a certificate fails with it; an active one keeps
 * its certificate.
 */
export async function failIssuance(
  context: AppContext,
  tx: Stores,
  issuance: Issuance,
  failure: Reason,
): Promise<void> {
  const from = statesAccepting(issuanceTransitions, 'fail');
  if (!(await tx.issuances.move(issuance.id, from, 'failed', { failure }))) return;
  const order = await tx.orders.getForUpdate(issuance.orderId);
  if (order === undefined) return;
  const now = context.clock.now();
  await refund(context, tx, { order, issuance, note: `issuance ${issuance.number} failed` });
  await recordChange(tx, null, 'issuance.failed', order, { now, issuance: issuance.id, reason: failure });
  if (await tx.orders.move(order.id, statesAccepting(orderTransitions, 'fail'), 'failed')) {
    await recordChange(tx, null, 'order.failed', order, { now, reason: failure });
  }
}
