/** The operator's word for what became of an order whose reply was lost. */
import { CertError, refuse } from '../../domain/errors.ts';
import type { FoundOut, KeepFound, UpstreamRequest } from '../../domain/ports/issuer.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { boughtRow, keepBought, owes, RowMoved } from './kept-row.ts';
import { purchaseOf } from './purchase.ts';
import { isElsewhere, objectionToAddress } from './whereabouts.ts';

/**
 * Looks at the vendor, and changes nothing there or here: what it answers keeps the row, in the transaction of whoever asked. Of two
 * operators at once the second one is refused.
 * @throws {CertError} wrongState where nothing is lost; invalidField for a number that the vendor does not know, or that another
 * issuance has; unavailable where the vendor does not answer
 */
export async function resolveOrder(
  context: VendorIssuerContext,
  request: UpstreamRequest,
  found: FoundOut,
  signal: AbortSignal,
): Promise<KeepFound> {
  const { id: issuer, rows, upstream } = context;
  const row = await rows.read.vendorOrders.get(request.issuanceId);
  const nothingLost = () => refuse('vendorNothingLost', { issuance: request.issuanceId });
  if (row === undefined || row.issuerId !== issuer) throw nothingLost();
  if (row.step !== 'sent' && !(await isConfirmed(context, row, found))) throw nothingLost();
  if (found === 'notOrdered') {
    return async ({ vendorOrders }) => {
      if (!(await vendorOrders.replace(row, { ...row, step: 'waiting', sentAt: null }))) throw nothingLost();
    };
  }
  // By the number of an order that is at another address a stranger's would be found here.
  const objection = objectionToAddress(context, row);
  if (objection !== undefined && isElsewhere(context, row)) throw new CertError(objection);
  const { reference: order } = found;
  const purchase = purchaseOf(context, request, row);
  if ('lacking' in purchase) throw new CertError(purchase.lacking);
  const answer = await upstream.state({ order, certificate: null }, purchase, signal).catch((thrown: unknown) => {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    const { kind, message: words } = thrown;
    if (kind !== 'absent' && kind !== 'refused') throw refuse('vendorNotAnswering', { issuer, words });
    throw refuse('vendorReferenceUnknown', { issuer, reference: order, words });
  });
  const bought = boughtRow(context, row, answer);
  const isOwed = owes(context, row, answer);
  return async (tx) => {
    await keepBought(context, tx, { request, row }, { bought, isOwed }).catch((thrown: unknown) => {
      throw thrown instanceof RowMoved ? nothingLost() : thrown;
    });
  };
}

/** An order whose number is known, and which its vendor was not asked for: it was placed at an address that nobody knows, or it is lost here. */
async function isConfirmed(
  { rows }: VendorIssuerContext,
  { issuanceId, step, vendor, reference }: VendorOrder,
  found: FoundOut,
): Promise<boolean> {
  if (step !== 'bought' || found === 'notOrdered' || found.reference !== reference?.order) return false;
  return vendor === null || (await rows.read.upstreamOrders.get(issuanceId))?.state === 'lost';
}
