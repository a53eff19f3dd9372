/** The operator's word for what became of an order whose reply was lost. */
import { CertError, refuse } from '../../domain/errors.ts';
import type { FoundOut } from '../../domain/ports/issuer.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorIssuerContext } from './context.ts';
import { purchaseOf } from './purchase.ts';
import { keep, put, type Step } from './steps.ts';

/** @throws {CertError} wrongState where nothing is lost; invalidField for a number that the vendor does not know */
export async function resolveOrder(
  context: VendorIssuerContext,
  step: Step,
  found: FoundOut,
  signal: AbortSignal,
): Promise<void> {
  const { request, row } = step;
  if (row.step !== 'sent') {
    throw refuse('vendorNothingLost', { issuance: request.issuanceId });
  }
  if (found === 'notOrdered') {
    await put(context, { ...row, step: 'waiting', sentAt: null });
    return;
  }
  const purchase = purchaseOf(context, request, row);
  if ('lacking' in purchase) throw new CertError(purchase.lacking);
  const reference = { order: found.reference, certificate: null };
  try {
    await keep(context, step, await context.upstream.state(reference, purchase, signal));
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    if (thrown.kind !== 'absent' && thrown.kind !== 'refused') throw thrown;
    const { message: words } = thrown;
    throw refuse('vendorReferenceUnknown', { issuer: context.id, reference: found.reference, words });
  }
}
