/** An order with the names of those who had a hand in it. */
import type { OrderPage } from '../../../domain/ports/order-pages.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import { orderToWire } from '../order-to-wire.ts';
import type { WireOrder } from '../schema.ts';
import type { Client } from '../services.ts';
import { namedActors } from './actors.ts';

const closed: readonly OrderView['order']['state'][] = ['cancelled', 'rejected', 'revoked'];

/** @param places of its names, where they were looked up */
export async function namedOrderToWire(
  session: Client,
  view: OrderView,
  places: OrderPage['places'] = [],
): Promise<WireOrder> {
  const [placedBy, closedBy] = await actorsOf(session, view);
  const decidedBy = view.approval?.decisions.at(-1)?.by ?? null;
  const actors = await namedActors(session, [placedBy, closedBy, decidedBy]);
  return orderToWire(view, session.language, {
    orderedBy: actors.ofOptional(placedBy),
    decidedBy: actors.ofOptional(decidedBy),
    ...(closedBy === null ? {} : { closedBy: actors.of(closedBy) }),
    places,
  });
}

/**
 * An order keeps the key that placed it, and a renewal that the server made has that of the order before. All else is in the audit log,
 * which is asked only where there is something to be found.
 */
async function actorsOf(
  { caller, services }: Client,
  { order: { id, state, credentialId, renewalOf, isAutoRenewed } }: OrderView,
): Promise<readonly [string | null, string | null]> {
  const isClosed = closed.includes(state);
  const placedBy = renewalOf !== null && isAutoRenewed ? null : credentialId;
  if (placedBy !== null && !isClosed) return [placedBy, null];
  const doers = await services.events.doers(caller, {
    ...(placedBy === null ? { placed: [id] } : {}),
    ...(isClosed ? { closed: [id] } : {}),
  });
  const actorOf = (done: 'placed' | 'closed') => doers.find((doer) => doer.done === done)?.actor ?? null;
  return [placedBy ?? actorOf('placed'), actorOf('closed')];
}
