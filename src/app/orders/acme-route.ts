/** The way that finalizing an ACME order takes: by what its client named, else by what covers its names. */
import type { AcmeOrder } from '../../domain/acme-order.ts';
import { stateAt } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { isSameAction, routeOfAction } from './acme-action.ts';
import { earlierOf, type Route, routeWithin } from './acme-coverage.ts';

/** @throws {CertError} notFound, conflict, refusedName for a named order that is not right for it, or is no longer */
export async function routeOf(
  { clock }: Pick<AppContext, 'clock'>,
  stores: Stores,
  acmeOrder: Pick<AcmeOrder, 'termsHash' | 'replaces' | 'credentialId' | 'action' | 'names' | 'productId'>,
): Promise<Route> {
  const now = clock.now();
  const all = await earlierOf(stores, acmeOrder);
  const waits = all.find(
    ({ acmeOrder: earlier, issuance }) =>
      earlier.credentialId === acmeOrder.credentialId &&
      issuance.state === 'awaitingApproval' &&
      isSameAction(earlier.action, acmeOrder.action),
  );
  if (waits !== undefined) return { kind: 'join', ...waits };
  if (acmeOrder.action !== null) return routeOfAction(stores, { ...acmeOrder, action: acmeOrder.action, now });
  const orders = [...new Map(all.map(({ order }) => [order.id, order])).values()];
  for (const order of orders) {
    const state = stateAt(order, now);
    if (state === 'open') return { kind: 'wait', order };
    if (state !== 'active') continue;
    return routeWithin(stores, { order, replaces: acmeOrder.replaces, now });
  }
  const renewed = orders.find((order) => stateAt(order, now) === 'ended') ?? null;
  return { kind: 'new', renewed };
}
