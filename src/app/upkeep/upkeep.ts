/** The jobs that keep the house: coverage that ends, proofs that expire, CRLs that are due, what may be forgotten. */

import { publishesLists } from '../../domain/authority.ts';
import { isId } from '../../domain/ids.ts';
import type { JobKind } from '../../domain/job.ts';
import { reasonOutside } from '../../domain/may-be-issued.ts';
import { publishesCrl, rollsOver, upstreamsOf } from '../../domain/ports/issuer.ts';
import type { JobHandler, JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { longestDays } from '../../domain/profile.ts';
import { orderTransitions, statesAccepting } from '../../domain/states.ts';
import { actingExchangesKeepDays } from '../../domain/upstream-exchange.ts';
import type { AppContext } from '../context.ts';
import { rowsAtOnce } from '../in-turns.ts';
import { endAllIssuances } from '../issuing/end-issuance.ts';
import { queueUpstreamWatch } from '../issuing/upstream-watch.ts';
import { wakeResting } from '../issuing/wake-resting.ts';
import { endRequests } from '../orders/end-requests.ts';
import { recordChange } from '../orders/order-event.ts';
import { announceExpiredDomains } from '../outbound/expiry-reminders.ts';
import { countedSince } from '../outbound/mailboxes.ts';
import { longestProfileDays, nextRollover, warnOfEndingAuthorities } from './authority-watch.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Orders that end in one transaction, each with its requests, issuances and event. */
const ordersAtOnce = 50;
/** Between pieces of upkeep (`rowsAtOnce`), so that everybody else gets their turn. A kill in between loses one piece, which is done again. */
const pauseMs = 20;
/** An ACME order that nobody finalized is shown for so long after its end. */
const abandonedMs = 30 * dayMs;
/** A proof that was published for an upstream is gone for all readers at its end; a node's clock may be a little behind. */
const publishedMs = hourMs;
/** No budget may look back further (`longestBudgetHours` of the configuration). */
const longestSpendingMs = 40 * dayMs;
/** An issuer that is left out of the configuration for an hour must not forget what its CA has counted. */
const leastSpendingMs = 7 * dayMs;

/** What keeps the authorities as they stand is a second late, at most. */
const setFreshMs = 2000;

/**
 * A long list is signed whole for each revocation. Where there are many, one list is made for those of half a second (of 100,000
 * entries), so that lists take no more than some hundredths of the time.
 */
const shortCrl = 5000;
const entriesPerMs = 200;

export function createUpkeepHandlers(
  context: AppContext,
): Readonly<
  Record<
    Extract<JobKind, 'endOrders' | 'expireAuthorizations' | 'publishCrl' | 'watchAuthorities' | 'purge'>,
    JobHandler
  >
> {
  const { database, clock, clockGuard, queue } = context;
  /** By authority, on the steady clock. */
  const restUntilMs = new Map<string, number>();
  const inMs = (ms: number) => new Date(clock.now().getTime() + ms);

  /** Its last list is published; or another node has just made it; or its issuer is left out of the configuration for a while. */
  async function unpublished(id: string): Promise<JobOutcome> {
    const authority = isId('authority', id) ? await database.read.authorities.get(id) : undefined;
    if (authority === undefined || !publishesLists(authority)) return { kind: 'done' };
    return { kind: 'again', at: inMs(context.issuers.has(authority.issuerId) ? setFreshMs : dayMs) };
  }
  /** By a clock that is wrong nothing ends, and nothing is signed. */
  const later = (): JobOutcome | undefined =>
    clockGuard.fault() === undefined ? undefined : { kind: 'again', at: inMs(minuteMs) };

  return {
    endOrders: async () => {
      const putOff = later();
      if (putOff !== undefined) return putOff;
      const now = clock.now();
      if ((await database.read.orders.listEnding(now, 1)).length === 0) return { kind: 'again', at: inMs(minuteMs) };
      const note = 'the coverage ended';
      const count = await database.write(async (tx) => {
        const ending = await tx.orders.listEnding(now, ordersAtOnce);
        for (const order of ending) {
          if (!(await tx.orders.move(order.id, statesAccepting(orderTransitions, 'coverageEnded'), 'ended'))) continue;
          // An issuance whose names are not proved yet would get a certificate that ends before it begins.
          await endAllIssuances(context, tx, { order, note });
          await endRequests(tx, { orderId: order.id, isOver: () => true, note, at: now });
          await recordChange(tx, null, 'order.ended', order, { now });
        }
        return ending.length;
      });
      return { kind: 'again', at: inMs(count === ordersAtOnce ? pauseMs : minuteMs) };
    },

    expireAuthorizations: async () => {
      const putOff = later();
      if (putOff !== undefined) return putOff;
      const now = clock.now();
      await announceExpiredDomains(context, now);
      const expired = await database.write((tx) => tx.authorizations.expireDue(now, rowsAtOnce));
      return { kind: 'again', at: inMs(expired === rowsAtOnce ? pauseMs : hourMs) };
    },

    purge: async () => {
      const putOff = later();
      if (putOff !== undefined) return putOff;
      const now = clock.now();
      const removed = await database.write(async (tx) => {
        let count = await tx.idempotency.purge(now, rowsAtOnce);
        const more = async (purge: (limit: number) => Promise<number>) => {
          if (count < rowsAtOnce) count += await purge(rowsAtOnce - count);
        };
        await more((limit) => tx.outgoingMails.purge(countedSince(now), limit));
        await more((limit) => tx.expiringValues.purge(now, limit));
        await more((limit) => tx.userSessions.purge(now, limit));
        await more((limit) => forgetUpload(tx, new Date(now.getTime() - dayMs), limit));
        await more((limit) => tx.checkRecords.removeFailures(daysBefore(now, context.checksKeepDays), limit));
        await more((limit) => tx.caaChecks.purge(daysBefore(now, context.checksKeepDays), limit));
        await more((limit) => tx.checkRecords.removeProofs(endOfReliance(context, now), limit));
        await more((limit) => tx.orderShares.purge(now, limit));
        await more((limit) => tx.answeredRequests.purge(now, limit));
        await more((limit) => tx.zoneRests.purge(new Date(now.getTime() - dayMs), limit));
        await more((limit) => tx.acmeOrders.purge(new Date(now.getTime() - abandonedMs), limit));
        await more((limit) => tx.publishedProofs.purge(new Date(now.getTime() - publishedMs), limit));
        await more((limit) => tx.upstreamExchanges.purge(daysBefore(now, actingExchangesKeepDays), limit));
        await more((limit) => tx.upstreamSpendings.purge(new Date(now.getTime() - longestWindowMs(context)), limit));
        return count;
      });
      return { kind: 'again', at: inMs(removed === rowsAtOnce ? pauseMs : 10 * minuteMs) };
    },

    watchAuthorities: async () => {
      const putOff = later();
      if (putOff !== undefined) return putOff;
      for (const issuer of context.issuers.values()) {
        if (rollsOver(issuer)) await issuer.rollOver(longestProfileDays(context));
      }
      queue.wake();
      await warnOfEndingAuthorities(context);
      return { kind: 'again', at: await nextRollover(context, inMs(dayMs)) };
    },

    publishCrl: async (job, signal) => {
      const putOff = later();
      if (putOff !== undefined) return putOff;
      for (const issuer of context.issuers.values()) {
        if (!publishesCrl(issuer)) continue;
        const authorityId = issuer.authorityIds().find((id) => id === job.subject);
        if (authorityId === undefined) continue;
        const period = issuer.validityOf(authorityId);
        // A list that begins before its authority does, or after its end, is of no use to anybody.
        if (period !== null && reasonOutside(period, clock.now()) !== undefined)
          return { kind: 'again', at: inMs(hourMs) };
        const restMs = (restUntilMs.get(authorityId) ?? 0) - clock.monotonicMs();
        if (restMs > 0) return { kind: 'again', at: inMs(restMs) };
        const { entries, nextAt } = await issuer.publishCrl(authorityId, signal);
        if (entries > shortCrl) restUntilMs.set(authorityId, clock.monotonicMs() + entries / entriesPerMs);
        return nextAt === null ? { kind: 'done' } : { kind: 'again', at: nextAt };
      }
      return unpublished(job.subject);
    },
  };
}

/** A certificate may have been issued until the last moment at which its proof could serve, and be as long as any. */
function endOfReliance({ checksKeepDays }: AppContext, now: Date) {
  return { usableBefore: daysBefore(now, longestDays), lastBefore: daysBefore(now, checksKeepDays) };
}

/** What was handed in of a CA that nobody took over: the serials, and with the last of them the upload. */
async function forgetUpload(tx: Stores, before: Date, limit: number): Promise<number> {
  const upload = await tx.importedSerials.uploadBefore(before);
  if (upload === undefined) return 0;
  const removed = await tx.importedSerials.remove(upload, limit);
  if (removed < limit) await tx.importedSerials.removeUpload(upload);
  return removed;
}

/** How far back any budget looks. */
function longestWindowMs({ issuers }: AppContext): number {
  const budgets = [...issuers.values()].flatMap(upstreamsOf).flatMap(({ upstream }) => upstream.budgets);
  const windows = budgets.map(({ windowSeconds }) => windowSeconds * 1000);
  return Math.min(Math.max(leastSpendingMs, ...windows), longestSpendingMs);
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * dayMs);
}

/**
 * Makes sure that the work that never ends is queued: at every start, harmless when it is. What rests asks again, since
 * another configuration may have brought what it waits for.
 */
const perpetual = [
  'announceEndings',
  'endOrders',
  'expireAuthorizations',
  'watchAuthorities',
  'purge',
  'countEvents',
] as const satisfies readonly JobKind[];

export async function queueUpkeep(context: AppContext): Promise<void> {
  const now = context.clock.now();
  await context.database.write(async (tx) => {
    await wakeResting(context, tx, null);
    for (const kind of perpetual) {
      await tx.jobs.enqueue({ kind, subject: 'all', runAt: now });
    }
    await queueUpstreamWatch(context, tx);
    for (const issuer of context.issuers.values()) {
      for (const authorityId of publishesCrl(issuer) ? issuer.authorityIds() : []) {
        await tx.jobs.enqueue({ kind: 'publishCrl', subject: authorityId, runAt: now });
      }
    }
  });
}
