/** Giving up an order at a vendor. */
import type { UpstreamReference } from '../../domain/ports/issuer.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { isPaidBack } from './costs.ts';
import { isHere } from './whereabouts.ts';

/** `tooLate`: a certificate may come all the same; the core looks for it from then on, and withholds it. */
export async function cancelOrder(
  context: VendorIssuerContext,
  { issuanceId }: UpstreamReference,
  signal: AbortSignal,
): Promise<'cancelled' | 'tooLate'> {
  const { rows, upstream } = context;
  const row = await rows.read.vendorOrders.get(issuanceId);
  if (row === undefined || row.step === 'over') return 'cancelled';
  if (row.step === 'waiting') return over(context, row);
  // One that was sent is searched for first, by the look that follows.
  if (row.reference === null || !isHere(context, row) || upstream.cancel === undefined) return 'tooLate';
  try {
    if ((await upstream.cancel(row.reference, row.kind, signal)) === 'tooLate') return 'tooLate';
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    if (thrown.kind === 'refused' || thrown.kind === 'wrongState') return 'tooLate';
    if (thrown.kind !== 'absent') throw thrown;
  }
  return over(context, row);
}

/** What was paid is given back, within the time that the vendor gives for that. */
async function over(
  { rows, clock, upstream }: VendorIssuerContext,
  row: VendorOrder,
): Promise<'cancelled' | 'tooLate'> {
  const { issuanceId, sentAt } = row;
  const now = clock.now();
  const isRefunded = isPaidBack(upstream.manners, sentAt, now);
  const isOver = await rows.write(async (tx) => {
    if (!(await tx.vendorOrders.replace(row, { ...row, step: 'over' }))) return false;
    const lines = isRefunded ? await tx.upstreamCosts.listOf(issuanceId) : [];
    const paid = lines.find(({ kind }) => kind === 'purchase');
    if (paid !== undefined) await tx.upstreamCosts.put({ ...paid, kind: 'refund', at: now });
    return true;
  });
  // The look that follows sees the row as it is by now.
  return isOver ? 'cancelled' : 'tooLate';
}
