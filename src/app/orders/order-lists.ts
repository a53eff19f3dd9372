/** Orders as lists that are more than the newest ones: found by conditions, changed in a time, all issuances of one. */
import { quoted, refuse } from '../../domain/errors.ts';
import type { OffsetQuery } from '../../domain/page.ts';
import type { Platform } from '../../domain/ports/platform.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf, dialectScope, findOrder } from '../scope.ts';
import { summarizeOrders, viewIssuances } from './order-view.ts';
import { newestOf } from './orders.ts';

/** Summaries of more orders than this would hold up everybody else. */
const largestPage = 1000;
/** What `changedOrders` answers at most. */
const changedAtMost = 1000;
/** What `issuances` answers at most: hundreds of years of reissues, or somebody's runaway script. */
const issuancesAtMost = 1000;

export function createOrderLists(context: AppContext): Pick<Platform, 'issuances' | 'changedOrders' | 'searchOrders'> {
  const { read } = context.database;
  return {
    async issuances(caller, reference) {
      const order = await findOrder(read, caller, reference);
      const all = await read.issuances.listNewestOfOrder(order.id, issuancesAtMost);
      const found = all.map(({ id }) => ({ order, issuanceId: id }));
      return viewIssuances(context, found, all);
    },

    async searchOrders(caller, search) {
      requirePage(search);
      const found = await read.orders.search({
        ...search,
        accountId: accountIdOf(caller),
        ...dialectScope(caller),
        now: context.clock.now(),
      });
      return { items: await summarizeOrders(context, newestOf(found.items)), total: found.total };
    },

    async changedOrders(caller, { from, until }) {
      const query = { accountId: accountIdOf(caller), ...dialectScope(caller), from, until, limit: changedAtMost };
      return summarizeOrders(context, newestOf(await read.orders.listChanged(query)));
    },
  };
}

/** @throws {CertError} invalidField */
export function requirePage({ limit, offset }: OffsetQuery): void {
  for (const [field, value, least] of [
    ['limit', limit, 1],
    ['offset', offset, 0],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least && (field === 'offset' || value <= largestPage)) continue;
    const most = field === 'limit' ? ` and at most ${largestPage}` : '';
    const mostZh = field === 'limit' ? `且至多 ${largestPage}` : '';
    const expected = { en: `a whole number, at least ${least}${most}`, zh: `不小于 ${least} 的整数${mostZh}` };
    throw refuse('fieldInvalid', { field, value: quoted(value), expected });
  }
}
