/** Orders as lists that are more than the newest ones: found by conditions, changed in a time. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { Orders } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { FilteredOrder, FilteredOrdersQuery } from '../../domain/ports/stores/orders.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { conditionOfContainers } from '../accounts/containers.ts';
import type { AppContext } from '../context.ts';
import { lookUpFilter, requireFindable } from '../list-filters.ts';
import { pageOf } from '../page.ts';
import { accountIdOf, dialectScope, type FoundOrder, findOwned } from '../scope.ts';
import { summarizeOrders } from './order-view.ts';

export function createOrderLists(context: AppContext): Pick<Orders, 'list' | 'search' | 'listChanged'> {
  const { read } = context.database;

  /** Those that the filter leaves, one more than the page. */
  async function listFound(query: FilteredOrdersQuery): Promise<readonly FilteredOrder[]> {
    const { accountId, dialect, states, name, before, limit, now: _, ...rest } = query;
    const isOfStates = states !== undefined && states.length !== 1;
    if (isOfStates || Object.keys(rest).length > 0) return read.orders.listFiltered(query);
    // These have indexes in the order of the numbers, however many orders there are.
    const list = { accountId, limit, ...withDefined({ dialect, state: states?.[0], name, before: before?.number }) };
    const orders = await read.orders.list(list);
    return orders.map((order) => ({
      order,
      issuanceId: order.issuanceId,
      place: { at: order.createdAt, number: order.number },
    }));
  }

  return {
    async list(caller, { account, productCode, container, organization, withTotal, limit, before, ...rest }) {
      const named = withDefined({ account, productCode, issuerId: rest.issuerId });
      const found = await lookUpFilter(context, caller, named);
      const places = await lookUpPlaces(read, caller, withDefined({ container, organization }));
      if (rest.reference !== undefined) requireAccount(found);
      const filter = { ...rest, ...found, ...places, now: context.clock.now() };
      const items = await listFound({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      if (items.length === 0) await requireFindable(context, caller, found, named);
      const page = pageOf(items, limit, ({ place }) => place);
      const total = withTotal && (await read.orders.countFiltered(filter));
      return { ...page, items: await summarizeOrders(context, page.items), ...withDefined({ total }) };
    },

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

/** @throws {CertError} notFound for another account's, the same as for none */
async function lookUpPlaces(
  read: Stores,
  caller: Caller,
  { container, organization }: { readonly container?: string; readonly organization?: string },
): Promise<Pick<FilteredOrdersQuery, 'containers' | 'organizationId'>> {
  const within =
    container === undefined ? undefined : await findOwned(read.containers, 'container', caller, { id: container });
  const found = within && (await conditionOfContainers(read, caller, [within.number]));
  const named =
    organization === undefined
      ? undefined
      : await findOwned(read.organizations, 'organization', caller, { id: organization });
  return withDefined({ containers: found?.containers, organizationId: named?.id });
}

/** References are the customers' own: the same one means something else in every account. @throws {CertError} invalidField */
function requireAccount({ accountId }: { readonly accountId: AccountId | null }): void {
  if (accountId === null) throw refuse('fieldMissing', { field: 'account' });
}
