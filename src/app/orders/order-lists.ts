/** Orders as lists that are more than the newest ones: found by conditions, changed in a time. */

import { quoted, refuse } from '../../domain/errors.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { Order } from '../../domain/order.ts';
import type { OffsetQuery } from '../../domain/page.ts';
import type { Orders } from '../../domain/ports/orders.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf, dialectScope, type FoundOrder } from '../scope.ts';
import { summarizeOrders } from './order-view.ts';

/** Summaries of more orders than this would hold up everybody else. */
const largestPage = 1000;
/** The most that `listChanged` returns. */
const changedAtMost = 1000;

export function createOrderLists(context: AppContext): Pick<Orders, 'search' | 'listChanged'> {
  const { read } = context.database;
  return {
    async search(caller, search) {
      requirePage(search);
      const found = await read.orders.search({
        ...search,
        accountId: accountIdOf(caller),
        ...dialectScope(caller),
        now: context.clock.now(),
      });
      return { items: await summarizeOrders(context, newestOf(found.items)), total: found.total };
    },

    async listChanged(caller, { from, until }) {
      const query = { accountId: accountIdOf(caller), ...dialectScope(caller), from, until, limit: changedAtMost };
      return summarizeOrders(context, newestOf(await read.orders.listChanged(query)));
    },
  };
}

export function newestOf(orders: readonly Order[]): readonly FoundOrder[] {
  return orders.map((order) => ({ order, issuanceId: order.issuanceId }));
}

/** @throws {CertError} invalidField */
export function requirePage({ limit, offset }: OffsetQuery): void {
  for (const [field, value, least] of [
    ['limit', limit, 1],
    ['offset', offset, 0],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least && (field === 'offset' || value <= largestPage)) continue;
    const { integerAtLeast, integerBetween } = expectedOf;
    const wanted = field === 'limit' ? integerBetween(least, largestPage) : integerAtLeast(least);
    throw refuse('fieldInvalid', { field, value: quoted(value), expected: wanted });
  }
}
