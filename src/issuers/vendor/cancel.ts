/** Giving up an order at a vendor. */
import type { UpstreamReference } from '../../domain/ports/issuer.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { isAtOurAccount } from './steps.ts';

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
  if (row.reference === null || !isAtOurAccount(context, row) || upstream.cancel === undefined) return 'tooLate';
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
async function over({ rows, clock, upstream }: VendorIssuerContext, row: VendorOrder): Promise<'cancelled'> {
  const { cancelDays } = upstream.manners;
  const { issuanceId, sentAt } = row;
  const now = clock.now();
  const ageMs = now.getTime() - (sentAt ?? now).getTime();
  const isRefunded = cancelDays !== null && ageMs <= cancelDays * 86_400_000;
  await rows.write(async (tx) => {
    await tx.vendorOrders.put({ ...row, step: 'over' });
    const [paid] = isRefunded ? await tx.upstreamCosts.listOf(issuanceId) : [];
    if (paid !== undefined) await tx.upstreamCosts.put({ ...paid, kind: 'refund', at: now });
  });
  return 'cancelled';
}
