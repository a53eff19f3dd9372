/**
 * What needs the caller, and what is under way. Each number is the total of a list that the caller may read, asked of the same query as
 * the list, so that nobody follows a number to a list of other length.
 */
import { isTaskDue } from '../../domain/authority-outlook.ts';
import {
  administeringRoles,
  approvingRoles,
  type Caller,
  helpingRoles,
  isOperator,
  operatingRoles,
  orderingRoles,
} from '../../domain/caller.ts';
import type { AccountId } from '../../domain/ids.ts';
import { totalOf } from '../../domain/page.ts';
import { isWithoutCa } from '../../domain/ports/issuer.ts';
import type { OrderTurn } from '../../domain/ports/list-filters.ts';
import type { Home, HomeItem, HomeList, HomeNeed, Statistics } from '../../domain/ports/statistics.ts';
import type { Role } from '../../domain/role.ts';
import { dayOf, startOfDay } from '../../domain/statistics.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { createRequests } from '../authorities/requests.ts';
import type { AppContext } from '../context.ts';
import { standings } from '../issuing/upstream-standing.ts';
import { createApprovals } from '../orders/approvals.ts';
import { createOrderLists } from '../orders/order-lists.ts';
import { createOrganizations } from '../organizations/organizations.ts';
import { accountFilter, dialectScope, findAccount } from '../scope.ts';
import { dueOutsideLists } from '../watching/outside-lists.ts';
import { authorityOutlooks } from './authority-watch.ts';

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
  issuersWithoutCa: operatingRoles,
  dueLists: operatingRoles,
  failedJobs: operatingRoles,
  organizations: operatingRoles,
  endingCertificates: orderingRoles,
  failedDeliveries: administeringRoles,
  lowBalances: operatingRoles,
  authorityTasks: operatingRoles,
  authorityRequests: operatingRoles,
  lowAccounts: operatingRoles,
  lowAccount: administeringRoles,
} as const satisfies Record<HomeNeed, readonly Role[]>;

/** Of the server, and of no account. */
const ofServer: readonly HomeNeed[] = [
  'issuersWithoutCa',
  'dueLists',
  'failedJobs',
  'lowBalances',
  'lowAccounts',
  'authorityTasks',
  'authorityRequests',
];

/** Whose numbers are wanted. */
interface Scope {
  readonly caller: Caller;
  readonly now: Date;
  /** The account, as lists take it; absent: all that the caller may see. */
  readonly account?: string;
  readonly accountId: AccountId | null;
}

export function createHome(context: AppContext): Statistics['home'] {
  const { clock, database } = context;
  const { read } = database;
  const orders = createOrderLists(context);
  const approvals = createApprovals(context);
  const organizations = createOrganizations(context);
  const requests = createRequests(context);

  type OrderFilter = Omit<Parameters<typeof orders.list>[1], 'limit' | 'withTotal'>;

  async function countOrders(scope: Scope, of: HomeList, filter: OrderFilter): Promise<Counted> {
    const query = { ...filter, ...namedIn(scope), limit: 1, withTotal: true } as const;
    const { total = totalOf(0) } = await orders.list(scope.caller, query);
    return { of, total, since: null };
  }

  const counts: { readonly [Need in HomeNeed]: (scope: Scope) => Promise<Counted> } = {
    async approvals(scope) {
      const oldest = { sort: [{ by: 'number', descending: false }], limit: 1, offset: 0 } as const;
      const { items, total } = await approvals.list(scope.caller, {
        ...namedIn(scope),
        states: ['submitted', 'pending'],
        isDecidable: true,
        ...oldest,
      });
      const since = items[0]?.approval.createdAt ?? null;
      return { of: { list: 'waitingApprovals' }, total: totalOf(total), since };
    },

    failingValidations: (scope) => countOrders(scope, { list: 'failingOrders' }, { isFailing: true }),

    async issuersWithoutCa() {
      const found = [...context.issuers.values()].filter(isWithoutCa);
      return { of: { list: 'issuersWithoutCa' }, total: totalOf(found.length), since: null };
    },

    async dueLists() {
      const due = await dueOutsideLists(context);
      return { of: { list: 'dueLists' }, total: totalOf(due.length), since: null };
    },

    async failedJobs() {
      return {
        of: { list: 'failedJobs' },
        total: totalOf(await read.jobs.countListed({ state: 'failed' })),
        since: null,
      };
    },

    async organizations(scope) {
      const query = { ...namedIn(scope), isAwaitingVerification: true, limit: 1, offset: 0 } as const;
      const { total } = await organizations.list(scope.caller, query);
      return { of: { list: 'organizationsToVerify' }, total: totalOf(total), since: null };
    },

    endingCertificates(scope) {
      const { now } = scope;
      // A certificate is valid in its last moment too.
      const endsBefore = new Date(now.getTime() + endingDays * dayMs + 1);
      const filter = { states: ['active'], endsFrom: now, endsBefore, isRenewed: false } as const;
      return countOrders(scope, { list: 'endingOrders', days: endingDays }, filter);
    },

    async failedDeliveries({ caller, now, accountId }) {
      const from = startOfDay(dayOf(now) - deliveryDays);
      const filter = { accountId, ...dialectScope(caller), state: 'failed', from } as const;
      const total = await read.deliveries.count(filter);
      return { of: { list: 'failedDeliveries', from }, total, since: null };
    },

    async lowBalances() {
      const low = (await standings(context, 1)).filter(({ balance }) => balance?.isLow === true);
      return { of: { list: 'lowBalances' }, total: totalOf(low.length), since: null };
    },

    async authorityTasks({ now }) {
      const due = (await authorityOutlooks(context)).filter((one) => isTaskDue(one, now));
      return { of: { list: 'authorityTasks' }, total: totalOf(due.length), since: null };
    },

    async authorityRequests({ caller }) {
      const [oldest, ...others] = await requests.requests(caller);
      const count = oldest === undefined ? 0 : others.length + 1;
      return { of: { list: 'authorityRequests' }, total: totalOf(count), since: oldest?.createdAt ?? null };
    },

    async lowAccounts() {
      return { of: { list: 'lowAccounts' }, total: await read.accounts.count({ isLow: true }), since: null };
    },

    async lowAccount({ accountId }) {
      const account = accountId === null ? undefined : await read.accounts.get(accountId);
      const since = account?.lowSince ?? null;
      return {
        of: { list: 'lowAccount', number: account?.number ?? 0 },
        total: totalOf(since === null ? 0 : 1),
        since,
      };
    },
  };

  async function needsOf(scope: Scope): Promise<Home['needs']> {
    const own = Object.entries(rolesOfNeeds).filter(([, roles]) => mayAct(scope.caller, roles));
    // The names of the table are needs; TypeScript cannot follow that through Object.entries.
    const all = own.map(([name]) => name as HomeNeed);
    const names = scope.account === undefined ? all : all.filter((name) => !ofServer.includes(name));
    const found = await Promise.all(names.map(async (what) => ({ what, ...(await counts[what](scope)) })));
    return found.filter(isSome);
  }

  async function failuresOf({ caller, accountId }: Scope): Promise<Home['failures']> {
    const found = await read.statistics.countFindings(accountId, dialectScope(caller).dialect);
    return [...found]
      .toSorted(([, one], [, other]) => other - one)
      .map(([code, total]) => ({
        what: code,
        of: { list: 'failingOrders', code },
        total: totalOf(total),
        since: null,
      }));
  }

  async function underWayOf(scope: Scope): Promise<Home['underWay']> {
    const found = await Promise.all(
      turns.map(async (what) => ({
        what,
        ...(await countOrders(scope, { list: 'ordersByTurn', turn: what }, { turns: [what] })),
      })),
    );
    return found.filter(isSome);
  }

  return async (caller, { account } = {}) => {
    const at = clock.now();
    const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
    const scope: Scope = { caller, now: at, accountId, ...withDefined({ account }) };
    const [needs, failures, underWay] = await Promise.all([needsOf(scope), failuresOf(scope), underWayOf(scope)]);
    return { at, needs, failures, underWay };
  };
}

function namedIn({ account }: Scope): { readonly account?: string } {
  return withDefined({ account });
}

function mayAct(caller: Caller, roles: readonly Role[]): boolean {
  return isOperator(caller) || roles.some((role) => caller.roles.includes(role));
}

function isSome({ total }: Pick<Counted, 'total'>): boolean {
  return total.count > 0;
}
