/** Orders as lists that are more than the newest ones: found by conditions, changed in a time, all issuances of one. */
import type { Platform } from '../domain/platform.ts';
import type { AppContext } from './context.ts';
import { viewOrders } from './order-view.ts';
import { accountIdOf, dialectScope, findOrder } from './scope.ts';

/** What `changedOrders` answers at most. */
const changedAtMost = 1000;

export function createOrderLists(context: AppContext): Pick<Platform, 'issuances' | 'changedOrders'> {
  const { read } = context.database;
  return {
    async issuances(caller, reference) {
      const order = await findOrder(read, caller, reference);
      const all = await read.issuances.listOfOrder(order.id);
      return viewOrders(
        context,
        all.toReversed().map(({ id }) => ({ order, issuanceId: id })),
      );
    },

    async changedOrders(caller, { from, until }) {
      const query = { accountId: accountIdOf(caller), ...dialectScope(caller), from, until, limit: changedAtMost };
      const orders = await read.orders.listChanged(query);
      return viewOrders(
        context,
        orders.map((order) => ({ order, issuanceId: order.issuanceId })),
      );
    },
  };
}
