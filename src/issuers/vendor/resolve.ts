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
  await requireUntaken(context, step, found.reference);
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

/**
 * An order that another issuance has would be cancelled with this one. Reissues and duplicates may have the number of what they are part of.
 * @throws {CertError} invalidField
 */
async function requireUntaken(
  { id: issuer, terms, rows }: VendorIssuerContext,
  { row }: Step,
  reference: string,
): Promise<void> {
  if (reference === row.of?.order) return;
  const found = await rows.read.vendorOrders.listByNumber(terms.account, reference, 2);
  const other = found.find(({ issuanceId }) => issuanceId !== row.issuanceId);
  if (other !== undefined) throw refuse('vendorReferenceTaken', { issuer, reference, issuance: other.issuanceId });
}
