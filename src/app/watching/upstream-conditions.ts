/** Upstreams that are away for longer than a restart, and budgets of which nothing is left while orders wait for it. */
import { finding } from '../../domain/alarm.ts';
import { formatMoney } from '../../domain/money.ts';
import { upstreamsOf } from '../../domain/ports/issuer.ts';
import type { BudgetStanding } from '../../domain/ports/upstreams.ts';
import type { AppContext } from '../context.ts';
import { standings } from '../issuing/upstream-standing.ts';
import { type Condition, minuteMs } from './condition.ts';

/** Restarts and short troubles of a CA are over by then. */
const awayMs = 15 * minuteMs;
const budgetHeldMs = 10 * minuteMs;
/** Resting issuances that are looked through; there may be very many. */
const mostResting = 200;

/** One that nothing is ordered from any more, and nothing is under way at, is nobody's concern. */
export function awayUpstreams(context: AppContext): Condition {
  return {
    heldMs: 0,
    of: 'installation',
    async look() {
      const now = context.clock.now().getTime();
      const away = (await standings(context, 1))
        .filter(
          ({ account, issuers, orders }) => account.openUntil !== null && (issuers.length > 0 || orders.length > 0),
        )
        // An opening that is no longer among the newest events was long ago.
        .map((one) => ({ ...one, forMs: one.openSince === null ? awayMs : now - one.openSince.getTime() }))
        .filter(({ forMs }) => forMs >= awayMs)
        .toSorted((one, other) => other.forMs - one.forMs);
      const [longest] = away;
      if (longest === undefined) return undefined;
      const { account, orders, forMs } = longest;
      return finding('upstreamAway', {
        upstream: account.account,
        fault: account.lastFault ?? '',
        minutes: Math.floor(forMs / minuteMs),
        orders: orders.reduce((sum, { count }) => sum + count, 0),
        others: away.length - 1,
      });
    },
  };
}

/** It is charged by somebody who has to be asked: the warning comes before orders wait. */
export function lowBalances(context: AppContext): Condition {
  return {
    heldMs: 0,
    of: 'installation',
    async look() {
      const low = (await standings(context, 1)).flatMap(({ account, balance }) =>
        balance?.isLow === true && balance.warning !== null ? [{ account, balance, limit: balance.warning }] : [],
      );
      const [first] = low;
      if (first === undefined) return undefined;
      const { account, balance, limit } = first;
      return finding('upstreamBalance', {
        upstream: account.account,
        balance: formatMoney(balance.amount),
        limit: formatMoney(limit),
        others: low.length - 1,
      });
    },
  };
}

/** Until a later comparison finds none: each is money. */
export function differingOrders(context: AppContext): Condition {
  return {
    heldMs: 0,
    of: 'installation',
    async look() {
      const differing = (await standings(context, 1)).flatMap(({ account, comparison, issuers }) => {
        const orders = (comparison?.differences.length ?? 0) + (comparison?.more ?? 0);
        return orders > 0 && issuers.length > 0 ? [{ upstream: account.account, orders }] : [];
      });
      const [most] = differing.toSorted((one, other) => other.orders - one.orders);
      return most && finding('upstreamDifferences', { ...most, others: differing.length - 1 });
    },
  };
}

export function spentBudgets(context: AppContext): Condition {
  return {
    heldMs: budgetHeldMs,
    of: 'installation',
    async look() {
      // Where the breaker is open, that is the alarm.
      const well = (await standings(context, 1)).filter(({ account }) => account.openUntil === null);
      const spent = well.flatMap(({ account, budgets }) => {
        const [budget] = budgets.filter(isSpent);
        return budget === undefined ? [] : [{ account: account.account, budget }];
      });
      if (spent.length === 0) return undefined;
      const waiting = await waitingByIssuer(context);
      for (const { account, budget } of spent) {
        const orders = ordersWaitingAt(context, account, waiting);
        const [first] = budget.subjects;
        if (orders === 0 || first === undefined || first.leftAgainAt === null) continue;
        return finding('upstreamBudget', {
          upstream: account,
          budget: budget.budget.name,
          subject: first.subject,
          until: first.leftAgainAt.toISOString(),
          orders,
        });
      }
      return undefined;
    },
  };
}

function isSpent({ subjects: [first] }: BudgetStanding): boolean {
  return first !== undefined && first.leftAgainAt !== null;
}

/** Issuances that rest because nothing is left, counted by the issuer or pool that they are to come from. */
async function waitingByIssuer({ database }: AppContext): Promise<ReadonlyMap<string, number>> {
  const { read } = database;
  const resting = await read.issuances.listResting(null, { limit: mostResting });
  const issuances = await Promise.all(resting.map(({ id }) => read.issuances.get(id)));
  const counts = new Map<string, number>();
  for (const issuance of issuances) {
    const key = issuance?.rest?.reason.key;
    if (issuance === undefined || (key !== 'upstreamBudgetSpent' && key !== 'poolHasNoRoom')) continue;
    counts.set(issuance.issuerId, (counts.get(issuance.issuerId) ?? 0) + 1);
  }
  return counts;
}

/** Of a pool too: it has nobody else with room. */
function ordersWaitingAt({ issuers }: AppContext, account: string, waiting: ReadonlyMap<string, number>): number {
  return [...waiting]
    .filter(([id]) => {
      const issuer = issuers.get(id);
      return issuer !== undefined && upstreamsOf(issuer).some(({ upstream }) => upstream.account === account);
    })
    .reduce((sum, [, count]) => sum + count, 0);
}
