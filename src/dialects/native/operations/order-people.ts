/** An order with the names of those who had a hand in it. */
import type { OrderView } from '../../../domain/ports/orders.ts';
import { orderToWire } from '../order-to-wire.ts';
import type { WireOrder } from '../schema.ts';
import type { Client } from '../services.ts';
import { namedActors } from './actors.ts';

const closed: readonly OrderView['order']['state'][] = ['cancelled', 'rejected', 'revoked'];

export async function namedOrderToWire(session: Client, view: OrderView): Promise<WireOrder> {
  const [placedBy, closedBy] = await actorsOf(session, view);
  const decidedBy = view.approval?.decisions.at(-1)?.by ?? null;
  const actors = await namedActors(session, [placedBy, closedBy, decidedBy]);
  return orderToWire(view, session.language, {
    orderedBy: actors.ofOptional(placedBy),
    decidedBy: actors.ofOptional(decidedBy),
    ...(closedBy === null ? {} : { closedBy: actors.of(closedBy) }),
  });
}

/** An order keeps the key that placed it; all else is in the audit log, which is asked only where there is something to be found. */
async function actorsOf(
  { caller, services }: Client,
  { order: { id, state, credentialId } }: OrderView,
): Promise<readonly [string | null, string | null]> {
  const isClosed = closed.includes(state);
  if (credentialId !== null && !isClosed) return [credentialId, null];
  const doers = await services.events.doers(caller, {
    ...(credentialId === null ? { placed: [id] } : {}),
    ...(isClosed ? { closed: [id] } : {}),
  });
  const actorOf = (done: 'placed' | 'closed') => doers.find((doer) => doer.done === done)?.actor ?? null;
  return [credentialId ?? actorOf('placed'), actorOf('closed')];
}
