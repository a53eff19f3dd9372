/** Cancels an order: its whole cost is refunded, and its certificates are revoked. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { type Order, stateAt } from '../../domain/order.ts';
import type { OrderReference, Orders, OrderView } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { orderTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { endIssuanceFor, isUnderWay } from '../issuing/end-issuance.ts';
import { afterSignatures } from '../issuing/signing.ts';
import { requireMoved } from '../moved.ts';
import { revokeCertificatesOf } from '../revoking/revoke-certificate.ts';
import { findOrder, newestIssuance } from '../scope.ts';
import { giveBack } from './charging.ts';
import { isCarriedOver, releaseRenewed } from './coverage.ts';
import { endRequests } from './end-requests.ts';
import { recordChange } from './order-event.ts';
import { viewOrder } from './order-view.ts';

type CancelOptions = NonNullable<Parameters<Orders['cancel']>[2]>;

export async function cancelOrder(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  options: CancelOptions = {},
): Promise<OrderView> {
  const { database, queue } = context;
  const found = await findOrder(database.read, caller, reference);
  if (options.issuedWithinDays !== undefined) await afterSignatures(context, found);
  await database.write((tx) => cancelInTransaction(context, tx, caller, { ...options, found }));
  queue.wake();
  return viewOrder(context, (await database.read.orders.get(found.id)) ?? found);
}

export async function cancelInTransaction(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { found, note = 'order cancelled', issuedWithinDays }: CancelOptions & { readonly found: Order },
): Promise<void> {
  const { order } = await newestIssuance(tx, found);
  const now = context.clock.now();
  requireCancellable(order, { issuedWithinDays, now });
  if (order.state === 'active') await requireNotCarriedOver(tx, order);
  const all = await tx.issuances.listOfOrder(order.id);
  // An issuance under way refunds its own cost.
  for (const issuance of all.filter(isUnderWay)) await endIssuanceFor(context, tx, { order, issuance, note });
  const paidMinor = all
    .filter(({ state }) => state === 'issued')
    .reduce((sum, { chargedMinor }) => sum + chargedMinor, 0);
  await giveBack(context, tx, { order, amountMinor: paidMinor, note: note.slice(0, 200) });
  if (order.state === 'active') {
    await revokeCertificatesOf(context, tx, caller, { order, reason: 'cessationOfOperation' });
  }
  const from = statesAccepting(orderTransitions, 'cancel');
  const isMoved = await tx.orders.move(order.id, from, 'cancelled');
  requireMoved(isMoved, { what: 'order', value: String(order.number), state: order.state, needed: from });
  await releaseRenewed(tx, order);
  await endRequests(tx, { orderId: order.id, isOver: () => true, note, at: now });
  await recordChange(tx, caller, 'order.cancelled', order, { now, note });
}

export function requireCancellable(
  order: Order,
  { issuedWithinDays, now }: { readonly issuedWithinDays: number | undefined; readonly now: Date },
): void {
  const state = stateAt(order, now);
  const { coverageFrom } = order;
  if (state === 'open') return;
  const isYoung =
    issuedWithinDays !== undefined &&
    coverageFrom !== null &&
    now.getTime() - coverageFrom.getTime() <= issuedWithinDays * 86_400_000;
  if (state === 'active' && isYoung) return;
  const needed =
    issuedWithinDays === undefined
      ? ('open' as const)
      : ('an order without a certificate, or with one that may still be cancelled' as const);
  throw refuse('wrongState', { what: 'order', value: String(order.number), state, needed });
}

/** @throws {CertError} wrongState: the rest of its coverage would be returned twice, as time and as money */
export async function requireNotCarriedOver(tx: Stores, order: Order): Promise<void> {
  if (!(await isCarriedOver(tx, order))) return;
  const needed = 'an order without an issued renewal';
  throw refuse('wrongState', { what: 'order', value: String(order.number), state: order.state, needed });
}
