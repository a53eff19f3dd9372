/** Bound on early reissues, for an upstream whose suggested renewal window lies always in the past (RFC 9773 §4.2). */
import type { Certificate } from '../../domain/certificate.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { reissueDue } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

/** A certificate that has lived for this part of its lifetime may be renewed early again. */
const longEnough = 1 / 3;

/**
 * The earliest time of a reissue that is earlier than planned. A CA may want any certificate replaced at once, for example before it
 * revokes many. The successor of such an early reissue has to live for a third of its lifetime first: otherwise a CA whose window is always
 * past would have each certificate replaced on its second day. What a customer reissued by hand is no early reissue.
 */
export async function earliestReissue(
  stores: Stores,
  { last, certificate, coverageUntil }: { last: Issuance; certificate: Certificate; coverageUntil: Date },
): Promise<Date> {
  const { notBefore, notAfter } = certificate;
  if (!(await wasEarly(stores, last, coverageUntil))) return notBefore;
  return new Date(notBefore.getTime() + (notAfter.getTime() - notBefore.getTime()) * longEnough);
}

/** Reports whether the platform itself began the issuance, and sooner than the certificate before was due. */
async function wasEarly(stores: Stores, { id, kind, orderId, createdAt }: Issuance, coverageUntil: Date) {
  if (kind !== 'reissue') return false;
  const all = await stores.issuances.listOfOrder(orderId);
  const before = all
    .slice(
      0,
      all.findIndex((issuance) => issuance.id === id),
    )
    .findLast((issuance) => issuance.state === 'issued' && issuance.kind !== 'duplicate');
  const replaced = before?.certificateId ? await stores.certificates.get(before.certificateId) : undefined;
  if (before === undefined || replaced === undefined) return false;
  const due = reissueDue(replaced, { coverageUntil, validity: before.validity });
  if (due !== undefined && createdAt >= due) return false;
  // Recorded in the transaction that made the issuance, after it.
  const begun = await stores.events.listOfSubjects({ subjects: [orderId], kinds: ['order.reissued'] });
  return begun.find(({ at }) => at >= createdAt)?.actor === 'system';
}
