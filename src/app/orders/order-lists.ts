/** Orders as lists that are more than the newest ones: found by conditions, changed in a time. */
import type { Order } from '../../domain/order.ts';
import type { Orders } from '../../domain/ports/orders.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { conditionOfContainers } from '../accounts/containers.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf, dialectScope, type FoundOrder } from '../scope.ts';
import { summarizeOrders } from './order-view.ts';

export function createOrderLists(context: AppContext): Pick<Orders, 'search' | 'listChanged'> {
  const { read } = context.database;
  return {
    async search(caller, { containerNumbers, ...search }) {
      const inContainers =
        containerNumbers === undefined ? undefined : await conditionOfContainers(read, caller, containerNumbers);
      const found = await read.orders.search({
        ...search,
        ...withDefined({ containers: inContainers?.containers }),
        accountId: accountIdOf(caller),
        ...dialectScope(caller),
        now: context.clock.now(),
      });
      return { items: await summarizeOrders(context, newestOf(found.items)), total: found.total };
    },

    async listChanged(caller, query) {
      const filter = { ...query, accountId: accountIdOf(caller), ...dialectScope(caller) };
      const now = context.clock.now();
      const { items, next } = await read.orders.listChanged(filter);
      return { items: items.map((item) => ({ ...item, now })), next };
    },
  };
}

export function newestOf(orders: readonly Order[]): readonly FoundOrder[] {
  return orders.map((order) => ({ order, issuanceId: order.issuanceId }));
}
