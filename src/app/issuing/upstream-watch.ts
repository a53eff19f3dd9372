/**
 * Looks of their own at accounts at upstreams: every hour at a prepaid balance, every night at whether its orders are those that we know,
 * and at which names its products take.
 * What was seen last is kept in the settings; alarms, metrics and `certmux upstream show` read it there.
 */

import { laneOfIssuer } from '../../domain/job.ts';
import { formatMoney } from '../../domain/money.ts';
import {
  type ComparingIssuer,
  canCompare,
  isPrepaid,
  listsProducts,
  type UpstreamIssuer,
} from '../../domain/ports/issuer.ts';
import type { JobHandler, JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { ComparedOrders, UpstreamDifference } from '../../domain/upstream-watch.ts';
import type { AppContext } from '../context.ts';
import { isStopping, messageOf, untilAborted } from './upstream-call.ts';
import { noteAnswer, noteFault, waitForUpstream } from './upstream-gate.ts';
import { requestOf } from './upstream-request.ts';
import { upstreamIssuers } from './upstream-standing.ts';
import { keepBalance, keepComparison } from './upstream-watched.ts';
import { keepProducts, listProducts } from './vendor-products.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A server that is started only to be tried calls nobody. */
const firstLookMs = 60_000;
/** By UTC. Few order then, where most customers are. */
const nightHour = 19;
/** Orders of one issuer that are asked for, where its upstream has no list. */
const mostAsked = 100;
/** Orders under way that are looked through for those. */
const mostLooked = 1000;

export function createUpstreamWatchHandlers(
  context: AppContext,
): Readonly<Record<'watchBalance' | 'compareUpstream', JobHandler>> {
  const { database, clock, log } = context;
  const at = (account: string) =>
    upstreamIssuers(context.issuers).filter(({ upstream }) => upstream.account === account);

  return {
    async watchBalance({ subject: account }, signal) {
      const issuer = at(account).find((one) => isPrepaid(one));
      if (issuer === undefined) return { kind: 'done' };
      const { balanceWarning: warning } = issuer;
      return calling(context, issuer, signal, {
        async call() {
          const amount = await issuer.balance(signal);
          if (warning !== null && warning.currency !== amount.currency) {
            const [balance, limit] = [formatMoney(amount), formatMoney(warning)];
            log.warn(
              { upstream: account, balance, limit },
              'balanceWarning is in another currency: it warns of nothing',
            );
          }
          return amount;
        },
        keep: (tx, amount) => keepBalance(tx, account, { amount, at: clock.now() }),
        next: () => new Date(clock.now().getTime() + hourMs),
      });
    },

    async compareUpstream({ subject: account }, signal) {
      const comparing = at(account).filter((one) => canCompare(one));
      const [first] = comparing;
      if (first === undefined) return { kind: 'done' };
      // A list has the orders of all issuers of the account.
      const byList = comparing.find(({ comparesByList }) => comparesByList);
      return calling(context, first, signal, {
        async call() {
          const compared = await comparedBy(context, byList === undefined ? comparing : [byList], signal);
          return { compared, products: await listProducts(context, at(account).find(listsProducts), signal) };
        },
        async keep(tx, { compared, products }) {
          await keepComparison(tx, account, compared, clock.now());
          await keepProducts(tx, account, products);
        },
        next: () => nextNight(clock.now()),
      });
    },
  };

  async function calling<T>(
    { meter }: AppContext,
    { upstream: terms }: UpstreamIssuer,
    signal: AbortSignal,
    { call, keep, next }: Look<T>,
  ): Promise<JobOutcome> {
    const until = await database.write((tx) => waitForUpstream(context, tx, terms));
    if (until !== undefined) return { kind: 'again', at: until };
    try {
      const found = await untilAborted(signal, call());
      meter.upstreamCalled(terms.account, 'answered');
      await database.write(async (tx) => {
        await noteAnswer(context, tx, terms);
        await keep(tx, found);
      });
      return { kind: 'again', at: next() };
    } catch (thrown) {
      if (isStopping(signal)) throw thrown;
      log.warn({ err: thrown, upstream: terms.account }, 'a look at an upstream failed');
      if (thrown instanceof UpstreamFailure && thrown.kind !== 'away') {
        meter.upstreamCalled(terms.account, thrown.kind === 'limited' ? 'limited' : 'answered');
        await database.write((tx) => noteAnswer(context, tx, terms));
        return { kind: 'again', at: thrown.retryAt ?? next() };
      }
      meter.upstreamCalled(terms.account, 'unanswered');
      const openUntil = await database.write((tx) => noteFault(context, tx, terms, messageOf(thrown)));
      const soon = new Date(clock.now().getTime() + hourMs);
      return { kind: 'again', at: openUntil !== null && openUntil > soon ? openUntil : soon };
    }
  }
}

interface Look<T> {
  readonly call: () => Promise<T>;
  /** In the transaction that notes the answer. */
  readonly keep: (tx: Stores, found: T) => Promise<void>;
  readonly next: () => Date;
}

async function comparedBy(
  context: AppContext,
  issuers: readonly ComparingIssuer[],
  signal: AbortSignal,
): Promise<ComparedOrders> {
  const differences: UpstreamDifference[] = [];
  let compared = 0;
  for (const issuer of issuers) {
    const open = issuer.comparesByList ? [] : await openRequests(context, issuer);
    const found = await issuer.compare(open, signal);
    compared += found.compared;
    differences.push(...found.differences);
  }
  return { compared, differences };
}

/** Under way for more than a day: what is younger is looked at often enough. */
async function openRequests(context: AppContext, issuer: ComparingIssuer) {
  const { read } = context.database;
  const before = new Date(context.clock.now().getTime() - dayMs);
  const open = await read.upstreamOrders.listOpen(issuer.upstream.account, mostLooked);
  const old = open.filter(({ issuerId, begunAt }) => issuerId === issuer.id && begunAt < before).slice(0, mostAsked);
  const requests = await Promise.all(
    old.map(async ({ issuanceId }) => {
      const issuance = await read.issuances.get(issuanceId);
      const order = issuance && (await read.orders.get(issuance.orderId));
      return issuance?.csr != null && order !== undefined
        ? [await requestOf(context, { order, issuance, issuer })]
        : [];
    }),
  );
  return requests.flat();
}

function nextNight(now: Date): Date {
  const tonight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), nightHour));
  return tonight > now ? tonight : new Date(tonight.getTime() + dayMs);
}

/** At every start, harmless when they are queued: of each account once, in the lane of its first issuer. */
export async function queueUpstreamWatch({ issuers, clock }: AppContext, tx: Stores): Promise<void> {
  const now = clock.now();
  const ofAccount = Map.groupBy(upstreamIssuers(issuers), ({ upstream }) => upstream.account);
  for (const [account, own] of ofAccount) {
    const prepaid = own.find((one) => isPrepaid(one));
    const comparing = own.find((one) => canCompare(one));
    if (prepaid !== undefined) {
      const job = { kind: 'watchBalance', subject: account, lane: laneOfIssuer(prepaid.id) } as const;
      await tx.jobs.enqueue({ ...job, runAt: new Date(now.getTime() + firstLookMs) });
    }
    if (comparing !== undefined) {
      const job = { kind: 'compareUpstream', subject: account, lane: laneOfIssuer(comparing.id) } as const;
      await tx.jobs.enqueue({ ...job, runAt: nextNight(now) });
    }
  }
}
