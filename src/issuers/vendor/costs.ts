/** What an issuance costs us at the vendor, as lines of the operator's own ledger. */
import type { Money } from '../../domain/money.ts';
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { VendorStores } from '../../domain/ports/stores/vendors.ts';
import type { UpstreamManners } from '../../domain/ports/upstream.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { type Here, isElsewhere } from './whereabouts.ts';

const dayMs = 86_400_000;

/** Within the time that the vendor gives for that. */
export function isPaidBack(
  { cancelDays }: Pick<UpstreamManners, 'cancelDays'>,
  sentAt: Date | null,
  now: Date,
): boolean {
  const ageMs = now.getTime() - (sentAt ?? now).getTime();
  return cancelDays !== null && ageMs <= cancelDays * dayMs;
}

export interface BoughtState {
  readonly bought: Pick<VendorOrder, 'issuanceId' | 'account' | 'kind' | 'reference' | 'price'>;
  /** The vendor owes us what it took: it refused, or the order was cancelled in time. */
  readonly isOwed: boolean;
}

/**
 * Keeps what it cost once its price is known, and what is given back; each once, however often it is looked at. A price that changes later is
 * for the comparison with the vendor's list to show.
 */
export async function keepCosts(
  context: Here & Pick<VendorIssuerContext, 'clock'>,
  tx: VendorStores,
  { issuanceId, ordered }: Pick<UpstreamRequest, 'issuanceId' | 'ordered'>,
  { bought, isOwed }: BoughtState,
): Promise<void> {
  const { id: issuerId, clock } = context;
  const { reference, price, account } = bought;
  if (reference === null || price === null) return;
  const { orderId, productId } = ordered;
  const noted = (await tx.upstreamCosts.listOf(issuanceId)).find(({ kind }) => kind === 'purchase');
  const purchase = noted ?? {
    ...{ issuanceId, issuerId, orderId, productId, account },
    kind: 'purchase',
    vendorNumber: reference.order,
    amountMinor: await ownPrice({ context, tx }, bought, price),
    currency: price.currency,
    at: clock.now(),
  };
  if (purchase.amountMinor === 0) return;
  await tx.upstreamCosts.put(purchase);
  if (isOwed) await tx.upstreamCosts.put({ ...purchase, kind: 'refund', at: clock.now() });
}

/** As many certificates as an order of a vendor may have. */
const mostOfOne = 50;

/**
 * For another certificate of an order vendors show the price of the whole order: what they took for that before is no cost of this one, and
 * what is above it is, such as a name that was added.
 */
async function ownPrice(
  { context, tx: { vendorOrders, upstreamCosts } }: { readonly context: Here; readonly tx: VendorStores },
  { issuanceId, account, kind, reference }: BoughtState['bought'],
  { minor, currency }: Money,
): Promise<number> {
  if (reference === null || (kind !== 'reissue' && kind !== 'duplicate')) return minor;
  const others = await vendorOrders.listByNumber(account, reference.order, mostOfOne);
  let before = 0;
  for (const other of others) {
    if (other.issuanceId === issuanceId || isElsewhere(context, other)) continue;
    for (const line of await upstreamCosts.listOf(other.issuanceId)) {
      if (line.kind === 'purchase' && line.currency === currency) before += line.amountMinor;
    }
  }
  return Math.max(0, minor - before);
}
