/** An order with the names of those who had a hand in it. */
import type { OrderPage } from '../../../domain/ports/order-pages.ts';
import type { OrderSummary, OrderView } from '../../../domain/ports/orders.ts';
import { orderSummaryToWire, orderToWire } from '../order-to-wire.ts';
import type { WireOrder, WireOrderSummary } from '../schema.ts';
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

/** Orders of a list, with those who placed them: one look-up for the whole page. */
export async function namedSummariesToWire(
  session: Client,
  views: readonly OrderSummary[],
): Promise<readonly WireOrderSummary[]> {
  const { caller, services, language } = session;
  const placed = views.filter(({ order }) => keyOf(order) === null).map(({ order }) => order.id);
  const doers = placed.length === 0 ? [] : await services.events.doers(caller, { placed });
  const actorOf = new Map<string, string>(doers.map(({ id, actor }) => [id, actor]));
  const placedBy = ({ order }: OrderSummary) => keyOf(order) ?? actorOf.get(order.id) ?? null;
  const actors = await namedActors(session, views.map(placedBy));
  return views.map((view) => orderSummaryToWire(view, language, actors.ofOptional(placedBy(view))));
}

/** The key that placed it. Null: none did, or a renewal that the server made has that of the order before. */
function keyOf({ renewalOf, isAutoRenewed, credentialId }: OrderView['order']): string | null {
  return renewalOf !== null && isAutoRenewed ? null : credentialId;
}

/**
 * An order keeps the key that placed it, and a renewal that the server made has that of the order before. All else is in the audit log,
 * which is asked only where there is something to be found.
 */
async function actorsOf(
  { caller, services }: Client,
  { order }: OrderView,
): Promise<readonly [string | null, string | null]> {
  const { id, state } = order;
  const isClosed = closed.includes(state);
  const placedBy = keyOf(order);
  if (placedBy !== null && !isClosed) return [placedBy, null];
  const doers = await services.events.doers(caller, {
    ...(placedBy === null ? { placed: [id] } : {}),
    ...(isClosed ? { closed: [id] } : {}),
  });
  const actorOf = (done: 'placed' | 'closed') => doers.find((doer) => doer.done === done)?.actor ?? null;
  return [placedBy ?? actorOf('placed'), actorOf('closed')];
}
