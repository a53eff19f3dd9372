/** Coverage of an order: its beginning and its end, and when the next certificate or order is to follow. */
import type { Issuance } from '../../domain/issuance.ts';
import { type Order, reissueDue, renewalDue } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { coverageEnd } from '../../domain/product.ts';
import type { AppContext } from '../context.ts';
import { suggestsRenewal } from '../issuing/renewal-info.ts';

/** The rest of the renewed order is added, up to this: the CAs take renewals 90 days before the end. */
export const carriedOverMs = 90 * 86_400_000;

export interface CoveragePeriod {
  readonly from: Date;
  readonly until: Date;
}

/** The order's coverage: as its first certificate began it, or as one would now. Reads nothing unless it is a renewal. */
export async function coverageAt(stores: Stores, order: Order, now: Date): Promise<CoveragePeriod> {
  const { coverageFrom, coverageUntil, coverage } = order;
  if (coverageFrom !== null && coverageUntil !== null) return { from: coverageFrom, until: coverageUntil };
  const carriedMs = order.renewalOf === null ? 0 : await leftOf(stores, order, now);
  return { from: now, until: coverageEnd(new Date(now.getTime() + carriedMs), coverage) };
}

/** The coverage that was paid for and is not used yet, for one order only. A free order has nothing to lose. */
async function leftOf(stores: Stores, { id, renewalOf }: Order, now: Date): Promise<number> {
  const order = renewalOf === null ? undefined : await stores.orders.get(renewalOf);
  if (order?.state !== 'active' || order.coverageUntil === null || order.totalMinor === 0) return 0;
  if (order.renewedBy !== id) return 0;
  return Math.min(Math.max(order.coverageUntil.getTime() - now.getTime(), 0), carriedOverMs);
}

/**
 * Reports whether what is left of a paid order has been added to the one that renews it, or is about to be: then no other order
 * takes it, and it cannot be paid back as well.
 */
export async function isCarriedOver(tx: Stores, { renewedBy, totalMinor }: Order): Promise<boolean> {
  const renewal = renewedBy === null || totalMinor === 0 ? undefined : await tx.orders.get(renewedBy);
  if (renewal === undefined) return false;
  return renewal.coverageFrom !== null || (await tx.issuances.get(renewal.issuanceId))?.state === 'issuing';
}

/** An order that came to nothing renews nothing: the one that it was to renew stands as if it had not been placed. */
export async function releaseRenewed(tx: Stores, { id, renewalOf }: Order): Promise<void> {
  if (renewalOf !== null) await tx.orders.clearRenewedBy(renewalOf, id);
}

/**
 * Queues what is to follow the certificate that was just issued.
 * @returns when the first of it is due; undefined where the certificate lasts as long as the coverage, which costs no query
 */
export async function queueSuccession(
  context: AppContext,
  tx: Stores,
  issued: {
    readonly order: Order;
    readonly issuance: Issuance;
    readonly certificate: { readonly notBefore: Date; readonly notAfter: Date };
    readonly coverage: CoveragePeriod;
  },
): Promise<Date | undefined> {
  const { order, issuance, certificate, coverage } = issued;
  const { id: subject } = order;
  if (issuance.kind === 'duplicate') return undefined;
  const reissueAt = reissueDue(certificate, { coverageUntil: coverage.until, validity: issuance.validity });
  // Queued with the first certificate; from then on the job queues itself.
  const isFirst = order.coverageFrom === null;
  const renewAt = isFirst
    ? renewalDue({ ...order, coverageFrom: coverage.from, coverageUntil: coverage.until })
    : undefined;
  // An upstream that suggests when to renew is polled every day (RFC 9773 §4.2), and may want it sooner.
  const isPolled = reissueAt !== undefined && suggestsRenewal(context, issuance.issuerId);
  const lookAt = isPolled ? earlierOf(reissueAt, new Date(context.clock.now().getTime() + dayMs)) : reissueAt;
  if (lookAt !== undefined) await tx.jobs.enqueue({ kind: 'reissue', subject, runAt: lookAt });
  if (renewAt !== undefined) await tx.jobs.enqueue({ kind: 'renew', subject, runAt: renewAt });
  return lookAt === undefined || renewAt === undefined ? (lookAt ?? renewAt) : earlierOf(lookAt, renewAt);
}

export const dayMs = 86_400_000;

export function earlierOf(one: Date, other: Date): Date {
  return one < other ? one : other;
}

export function laterOf(one: Date, other: Date): Date {
  return one < other ? other : one;
}
