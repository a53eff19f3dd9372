/** What is kept of an order at a vendor, each time in the place of what was there: another may have moved it meanwhile. */
import { refuse } from '../../domain/errors.ts';
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { VendorStores } from '../../domain/ports/stores/vendors.ts';
import type { VendorAnswer } from '../../domain/ports/upstream.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { isPaidBack, keepCosts } from './costs.ts';
import { addressOf, type Here, isElsewhere } from './whereabouts.ts';

/** The vendor shows it at the address of today, which counts from now on. */
export function boughtRow(context: Here, row: VendorOrder, answer: VendorAnswer): VendorOrder {
  const isOver = answer.state === 'refused' || answer.state === 'cancelled';
  return {
    ...row,
    ...addressOf(context),
    step: isOver ? 'over' : 'bought',
    reference: answer.reference,
    words: answer.words,
    price: answer.price ?? row.price,
    coverageUntil: answer.coverageUntil ?? row.coverageUntil,
  };
}

/** One that it refused is given back at any time, one that was cancelled within its own. */
export function owes(
  { upstream, clock }: Pick<VendorIssuerContext, 'upstream' | 'clock'>,
  { sentAt }: Pick<VendorOrder, 'sentAt'>,
  { state }: Pick<VendorAnswer, 'state'>,
): boolean {
  return state === 'refused' || (state === 'cancelled' && isPaidBack(upstream.manners, sentAt, clock.now()));
}

/** @throws {RowMoved}; {CertError} invalidField where the number, which was not known until now, is that of another issuance's order */
export async function keepBought(
  context: Here & Pick<VendorIssuerContext, 'clock'>,
  tx: VendorStores,
  { request, row }: { readonly request: UpstreamRequest; readonly row: VendorOrder },
  { bought, isOwed }: { readonly bought: VendorOrder; readonly isOwed: boolean },
): Promise<void> {
  if (row.reference === null) await requireOwn(context, tx, bought);
  if (!(await tx.vendorOrders.replace(row, bought)) && !(await isHereAfterAll(tx, row, bought))) {
    throw new RowMoved(row);
  }
  await keepCosts(context, tx, request, { bought, isOwed });
}

/** As many certificates as an order of a vendor may have. */
const mostOfOne = 50;

/** An order that is bought for one issuance serves no other, unless that one is of the same order. */
async function requireOwn(
  context: Here,
  { vendorOrders }: Pick<VendorStores, 'vendorOrders'>,
  bought: VendorOrder,
): Promise<void> {
  const { account, reference, of, issuanceId, issuerId } = bought;
  if (reference === null || of?.order === reference.order) return;
  const [other] = (await vendorOrders.listByNumber(account, reference.order, mostOfOne)).filter(
    (one) => one.issuanceId !== issuanceId && !isElsewhere(context, one),
  );
  if (other === undefined) return;
  const { order } = reference;
  throw refuse('vendorReferenceTaken', { issuer: issuerId, reference: order, issuance: other.issuanceId });
}

/** The reply to a purchase that came when the operator had said that there is none: it is not bought again. */
async function isHereAfterAll(
  { vendorOrders }: Pick<VendorStores, 'vendorOrders'>,
  { issuanceId, issuerId, step }: VendorOrder,
  bought: VendorOrder,
): Promise<boolean> {
  const kept = await vendorOrders.get(issuanceId);
  if (step !== 'sent' || kept?.step !== 'waiting' || kept.issuerId !== issuerId) return false;
  return vendorOrders.replace(kept, bought);
}

/** Another has moved the row since it was read. */
export class RowMoved extends Error {
  override readonly name = 'RowMoved';

  constructor({ issuanceId, step }: Pick<VendorOrder, 'issuanceId' | 'step'>) {
    super(`the order of issuance ${issuanceId} is no longer ${step}`);
  }
}

/** @throws {RowMoved} */
export async function move(
  { rows }: Pick<VendorIssuerContext, 'rows'>,
  before: VendorOrder | undefined,
  after: VendorOrder,
): Promise<void> {
  const isMoved = await rows.write((tx) => tx.vendorOrders.replace(before, after));
  if (!isMoved) throw new RowMoved(before ?? after);
}
