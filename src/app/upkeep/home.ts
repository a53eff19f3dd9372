/**
 * What needs the caller, and what is under way. Each number is the total of a list that the caller may read, asked of the same query as
 * the list, so that nobody follows a number to a list of other length.
 */
import {
  administeringRoles,
  approvingRoles,
  type Caller,
  helpingRoles,
  isOperator,
  operatingRoles,
  orderingRoles,
} from '../../domain/caller.ts';
import { totalOf } from '../../domain/page.ts';
import type { OrderTurn } from '../../domain/ports/list-filters.ts';
import type { Home, HomeItem, HomeList, HomeNeed, Statistics } from '../../domain/ports/statistics.ts';
import type { Role } from '../../domain/role.ts';
import { dayOf, startOfDay } from '../../domain/statistics.ts';
import type { AppContext } from '../context.ts';
import { standings } from '../issuing/upstream-standing.ts';
import { createApprovals } from '../orders/approvals.ts';
import { createOrderLists } from '../orders/order-lists.ts';
import { createOrganizations } from '../organizations/organizations.ts';
import { accountFilter, dialectScope } from '../scope.ts';

const dayMs = 86_400_000;
/** Certificates that end so soon and have no successor need somebody. */
const endingDays = 14;
/** What a webhook did not take longer ago is history. */
const deliveryDays = 7;

const turns = ['customer', 'approver', 'operator', 'server'] as const satisfies readonly OrderTurn[];

type Counted = Pick<HomeItem<string>, 'of' | 'total' | 'since'>;

/** Who can do something about it: whose number it is. */
const rolesOfNeeds = {
  approvals: approvingRoles,
  failingValidations: helpingRoles,
  failedJobs: operatingRoles,
  organizations: operatingRoles,
  endingCertificates: orderingRoles,
  failedDeliveries: administeringRoles,
  lowBalances: operatingRoles,
} as const satisfies Record<HomeNeed, readonly Role[]>;

export function createHome(context: AppContext): Statistics['home'] {
  const { clock, database } = context;
  const { read } = database;
  const orders = createOrderLists(context);
  const approvals = createApprovals(context);
  const organizations = createOrganizations(context);

  type OrderFilter = Omit<Parameters<typeof orders.list>[1], 'limit' | 'withTotal'>;

  async function countOrders(caller: Caller, of: HomeList, filter: OrderFilter): Promise<Counted> {
    const { total = totalOf(0) } = await orders.list(caller, { ...filter, limit: 1, withTotal: true });
    return { of, total, since: null };
  }

  const counts: { readonly [Need in HomeNeed]: (caller: Caller, now: Date) => Promise<Counted> } = {
    async approvals(caller) {
      const oldest = { sort: [{ by: 'number', descending: false }], limit: 1, offset: 0 } as const;
      const { items, total } = await approvals.list(caller, {
        states: ['submitted', 'pending'],
        isDecidable: true,
        ...oldest,
      });
      const since = items[0]?.approval.createdAt ?? null;
      return { of: { list: 'waitingApprovals' }, total: totalOf(total), since };
    },

    failingValidations: (caller) => countOrders(caller, { list: 'failingOrders' }, { isFailing: true }),

    async failedJobs() {
      return {
        of: { list: 'failedJobs' },
        total: totalOf(await read.jobs.countListed({ state: 'failed' })),
        since: null,
      };
    },

    async organizations(caller) {
      const { total } = await organizations.list(caller, { isAwaitingVerification: true, limit: 1, offset: 0 });
      return { of: { list: 'organizationsToVerify' }, total: totalOf(total), since: null };
    },

    endingCertificates(caller, now) {
      // A certificate is valid in its last moment too.
      const endsBefore = new Date(now.getTime() + endingDays * dayMs + 1);
      const filter = { states: ['active'], endsFrom: now, endsBefore, isRenewed: false } as const;
      return countOrders(caller, { list: 'endingOrders', days: endingDays }, filter);
    },

    async failedDeliveries(caller, now) {
      const from = startOfDay(dayOf(now) - deliveryDays);
      const filter = { accountId: accountFilter(caller), ...dialectScope(caller), state: 'failed', from } as const;
      const total = await read.deliveries.count(filter);
      return { of: { list: 'failedDeliveries', from }, total, since: null };
    },

    async lowBalances() {
      const low = (await standings(context, 1)).filter(({ balance }) => balance?.isLow === true);
      return { of: { list: 'lowBalances' }, total: totalOf(low.length), since: null };
    },
  };

  async function needsOf(caller: Caller, now: Date): Promise<Home['needs']> {
    const own = Object.entries(rolesOfNeeds).filter(([, roles]) => mayAct(caller, roles));
    // The names of the table are needs; TypeScript cannot follow that through Object.entries.
    const names = own.map(([name]) => name as HomeNeed);
    const found = await Promise.all(names.map(async (what) => ({ what, ...(await counts[what](caller, now)) })));
    return found.filter(isSome);
  }

  async function failuresOf(caller: Caller): Promise<Home['failures']> {
    const found = await read.statistics.countFindings(accountFilter(caller), dialectScope(caller).dialect);
    return [...found]
      .toSorted(([, one], [, other]) => other - one)
      .map(([code, total]) => ({
        what: code,
        of: { list: 'failingOrders', code },
        total: totalOf(total),
        since: null,
      }));
  }

  async function underWayOf(caller: Caller): Promise<Home['underWay']> {
    const found = await Promise.all(
      turns.map(async (what) => ({
        what,
        ...(await countOrders(caller, { list: 'ordersByTurn', turn: what }, { turns: [what] })),
      })),
    );
    return found.filter(isSome);
  }

  return async (caller) => {
    const at = clock.now();
    const [needs, failures, underWay] = await Promise.all([
      needsOf(caller, at),
      failuresOf(caller),
      underWayOf(caller),
    ]);
    return { at, needs, failures, underWay };
  };
}

function mayAct(caller: Caller, roles: readonly Role[]): boolean {
  return isOperator(caller) || roles.some((role) => caller.roles.includes(role));
}

function isSome({ total }: Pick<Counted, 'total'>): boolean {
  return total.count > 0;
}
