/** Keeps what an upstream made of the wish to take a name out of its order: the name leaves ours with its yes, and not before. */
import { reason } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { NameKept } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { newRelay, type PassedOn, withoutName, withoutWish } from '../../domain/relay.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import type { AppContext } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';
import { takeOutNames } from '../orders/take-out-names.ts';

interface Rows {
  readonly order: Order;
  readonly issuance: Issuance;
  readonly upstreamOrder: UpstreamOrder;
}

/**
 * The upstream's order is without the name. Ours is from this transaction on, which also refunds it: a yes that comes again finds nothing
 * left to do.
 */
export async function keepRemoval(
  context: AppContext,
  tx: Stores,
  { order, issuance, upstreamOrder }: Rows,
  passedOn: PassedOn | undefined,
): Promise<void> {
  if (passedOn === undefined || !('removal' in passedOn)) return;
  const { removal } = passedOn;
  await tx.upstreamOrders.updateRelay(issuance.id, withoutName(upstreamOrder.relay ?? newRelay, removal));
  // Given up meanwhile: it is refunded as a whole.
  if (issuance.state !== 'awaitingValidation') return;
  const removed = issuance.names.filter(({ identifier }) => identifier.value === removal.value);
  if (removed.length > 0) await takeOutNames(context, tx, null, { order, issuance, removed });
}

/** The name stays; whoever waits for its removal learns why. */
export async function keepRemovalRefusal(
  context: AppContext,
  tx: Stores,
  { order, issuance, upstreamOrder }: Rows,
  { refused, passedOn }: { readonly refused: NameKept; readonly passedOn: PassedOn | undefined },
): Promise<void> {
  if (passedOn === undefined || !('removal' in passedOn)) return;
  const relay = upstreamOrder.relay ?? newRelay;
  const now = context.clock.now();
  const { value: name } = passedOn.removal;
  await tx.upstreamOrders.updateRelay(issuance.id, {
    ...withoutWish(relay, passedOn, now),
    refusal: { wish: relay.wish.number, name, reason: refused.reason },
  });
  await recordChange(tx, null, 'order.removalRefused', order, { now, names: [name], reason: refused.reason });
}

/** The upstream has what it wants for all names, and certifies them: no wish to take one out is passed on any more. */
export async function refuseRemovals(
  context: AppContext,
  tx: Stores,
  { order, issuance }: Pick<Rows, 'order' | 'issuance'>,
): Promise<void> {
  const relay = (await tx.upstreamOrders.get(issuance.id))?.relay;
  const [first] = relay?.wish.removals ?? [];
  if (relay == null || first === undefined) return;
  const names = relay.wish.removals.map(({ value }) => value);
  const why = reason('relayedNamesProved', { issuer: issuance.issuerId, names: names.join(', ') });
  const { number } = relay.wish;
  await tx.upstreamOrders.updateRelay(issuance.id, {
    ...relay,
    wish: { ...relay.wish, removals: [] },
    refusal: { wish: number, name: first.value, reason: why },
  });
  await recordChange(tx, null, 'order.removalRefused', order, { now: context.clock.now(), names, reason: why });
}
