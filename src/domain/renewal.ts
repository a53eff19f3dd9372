/**
 * Coverage may be longer than a certificate: when certificates follow each other inside a coverage, and when an order
 * that renews itself is followed by the next one. Decision 0010.
 */
import type { Certificate } from './certificate.ts';
import type { RequestedValidity } from './issuance.ts';
import type { Order } from './order.ts';

const dayMs = 86_400_000;

/**
 * The time at which a period from `from` to `until` is to be followed by the next: when two thirds are over (half of less than
 * ten days, as the server of RFC 9773 suggests), or 30 days before its end where that is later: names that were proved for
 * long should not have to be proved earlier than needed.
 */
export function successionDue(from: Date, until: Date): Date {
  const lifeMs = until.getTime() - from.getTime();
  const part = lifeMs < 10 * dayMs ? 1 / 2 : 2 / 3;
  return new Date(Math.max(from.getTime() + lifeMs * part, until.getTime() - 30 * dayMs));
}

/**
 * The time of a certificate's automatic reissue; undefined where it lasts as long as the customer wanted. One more day of
 * coverage is no reason for another certificate: clocks, and the time an issuer takes, make a certificate end a little before
 * its coverage.
 */
export function reissueDue(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  { coverageUntil, validity }: { readonly coverageUntil: Date; readonly validity: RequestedValidity | null },
): Date | undefined {
  const wanted = validity !== null && 'until' in validity ? validity.until.getTime() : Number.POSITIVE_INFINITY;
  const isLast = Math.min(wanted, coverageUntil.getTime()) - notAfter.getTime() < dayMs;
  return isLast ? undefined : successionDue(notBefore, notAfter);
}

/** The time at which the order that renews this one is placed; undefined where the customer does that, or it is done. */
export function renewalDue({
  isAutoRenewed,
  renewedBy,
  renewalMark,
  coverageFrom,
  coverageUntil,
}: Pick<Order, 'isAutoRenewed' | 'renewedBy' | 'renewalMark' | 'coverageFrom' | 'coverageUntil'>): Date | undefined {
  if (!isAutoRenewed || renewedBy !== null || renewalMark === 'renewed') return undefined;
  return coverageFrom === null || coverageUntil === null ? undefined : successionDue(coverageFrom, coverageUntil);
}
