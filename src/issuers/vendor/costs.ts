/** What an issuance costs us at the vendor, as lines of the operator's own ledger. */
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { UpstreamCost } from '../../domain/upstream-cost.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';

/** One that the vendor refused is owed to us: its price is given back. */
export function costsOf(
  { id: issuerId, terms, clock }: Pick<VendorIssuerContext, 'id' | 'terms' | 'clock'>,
  { issuanceId, ordered }: Pick<UpstreamRequest, 'issuanceId' | 'ordered'>,
  { reference, price, step }: Pick<VendorOrder, 'reference' | 'price' | 'step'>,
): readonly UpstreamCost[] {
  if (reference === null || price === null) return [];
  const { orderId, productId } = ordered;
  const line = {
    ...{ issuanceId, issuerId, orderId, productId },
    account: terms.account,
    vendorNumber: reference.order,
    amountMinor: price.minor,
    currency: price.currency,
    at: clock.now(),
  };
  const purchase = { ...line, kind: 'purchase' } as const;
  return step === 'over' ? [purchase, { ...line, kind: 'refund' }] : [purchase];
}
