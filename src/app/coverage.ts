/** From when until when an order is served. */
import type { Order } from '../domain/order.ts';
import { coverageEnd } from '../domain/product.ts';
import type { Stores } from '../domain/stores.ts';

/** What is left of the renewed order is added, up to this: the CAs take renewals 90 days before the end. */
const carriedOverMs = 90 * 86_400_000;

export interface CoveragePeriod {
  readonly from: Date;
  readonly until: Date;
}

/** The order's coverage: as its first certificate began it, or as one would now. Reads nothing unless it is a renewal. */
export async function coverageAt(stores: Stores, order: Order, now: Date): Promise<CoveragePeriod> {
  const { coverageFrom, coverageUntil, coverage } = order;
  if (coverageFrom !== null && coverageUntil !== null) return { from: coverageFrom, until: coverageUntil };
  const carriedMs = order.renewalOf === null ? 0 : await leftOf(stores, order.renewalOf, now);
  return { from: now, until: coverageEnd(new Date(now.getTime() + carriedMs), coverage) };
}

/** What was paid for and is not used yet. A free order has nothing that could be lost. */
async function leftOf(stores: Stores, renewed: Order['id'], now: Date): Promise<number> {
  const order = await stores.orders.get(renewed);
  if (order?.state !== 'active' || order.coverageUntil === null || order.totalMinor === 0) return 0;
  return Math.min(Math.max(order.coverageUntil.getTime() - now.getTime(), 0), carriedOverMs);
}
