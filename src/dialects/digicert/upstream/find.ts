/** A purchase whose reply was lost: an order by our reference, a further certificate of one by its key (contract 3.1, 4.3). */
import type { LostPurchase, VendorAnswer } from '../../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../../domain/upstream-failure.ts';
import { firstText, looseList, looseObject } from '../../kit/loose.ts';
import type { Reader } from './answer.ts';
import { certificatesIn, isForKey, isSince, ownAmong } from './own-certificate.ts';
import type { Requests } from './requests.ts';

interface Context {
  readonly requests: Requests;
  readonly reader: Reader;
  readonly signal: AbortSignal;
}

export function findLost(lost: LostPurchase, context: Context): Promise<VendorAnswer | 'absent'> {
  const isOrder = lost.kind === 'new' || lost.kind === 'renewal';
  return isOrder ? findOrder(lost, context) : findAttempt(lost, lost.kind, context);
}

async function findOrder(lost: LostPurchase, { requests, reader, signal }: Context): Promise<VendorAnswer | 'absent'> {
  const path = `/order/alternate/${encodeURIComponent(lost.clientReference)}`;
  const reply = await requests.getIfAny(path, { signal });
  const orders = reply === undefined ? [] : looseList(reply.orders).map(looseObject);
  // 404, or a list without any; anything else that names no order says nothing.
  if (reply !== undefined && orders.length === 0 && !Array.isArray(reply.orders)) {
    throw new UpstreamFailure('away', 'a reply to alternate without a list of orders');
  }
  const [order] = orders;
  if (order === undefined) return 'absent';
  const number = firstText(order, 'order_id', 'id');
  if (number === undefined) throw new UpstreamFailure('away', 'a reply to alternate whose order has no number');
  return reader.read({ number, id: firstText(order, 'certificate_id') ?? null }, lost, signal);
}

async function findAttempt(
  lost: LostPurchase,
  kind: 'reissue' | 'duplicate',
  { requests, reader, signal }: Context,
): Promise<VendorAnswer | 'absent'> {
  if (lost.of === null) throw new UpstreamFailure('refused', 'the order that this is part of is not known');
  const { order: number, certificate: before } = lost.of;
  const order = await requests.get(`/order/certificate/${encodeURIComponent(number)}`, { signal });
  const primary = looseObject(order.certificate);
  const { sentAt } = lost;
  const all = certificatesIn(
    await requests.get(`/order/certificate/${encodeURIComponent(number)}/${kind}`, { signal }),
  );
  // Names and time would take the one that this follows for it.
  const certificates = all.filter((certificate) => before === null || firstText(certificate, 'id') !== before);
  const isPrimary = kind === 'reissue' && isForKey(primary, lost) === true;
  const found = isPrimary ? primary : ownAmong(certificates, lost, { id: null, sentAt });
  if (found !== undefined) return reader.read({ number, id: firstText(found, 'id') ?? null }, lost, signal);
  // A request for one, of ours or of another's, that has no certificate yet: nobody can tell whose it is.
  const isPending = kind === 'reissue' && firstText(order, 'status') === 'reissue_pending';
  const isRequested = looseList(order.requests)
    .map(looseObject)
    .some((request) => firstText(request, 'type') === kind && isSince(request, sentAt));
  if (isPending || isRequested) throw new UpstreamFailure('away', `a ${kind} of order ${number} that may be ours`);
  return 'absent';
}
