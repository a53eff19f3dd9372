/** The row of an issuance at a vendor, which is written before each request that could buy anything. */
import type { Identifier } from '../../domain/identifier.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { PurchaseKind, VendorOrder, VendorReference } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { productFor } from './purchase.ts';

const dayMs = 86_400_000;
/** What is left of a bought order must be worth another certificate. */
const leastLeftMs = 30 * dayMs;

/** Of an issuance of which nothing was sent to the vendor. */
export async function newRow(context: VendorIssuerContext, request: UpstreamRequest): Promise<VendorOrder> {
  const { id: issuerId, terms, mapping } = context;
  const bought = await existingPurchase(context, request);
  return {
    issuanceId: request.issuanceId,
    issuerId,
    account: terms.account,
    step: 'waiting',
    kind: bought?.kind ?? 'new',
    product: bought?.product ?? productFor(mapping, request.ordered.productCode)?.code ?? '',
    of: bought?.of ?? null,
    reference: null,
    sentAt: null,
    words: null,
    price: null,
    coverageUntil: bought?.coverageUntil ?? null,
  };
}

interface Existing extends Pick<VendorOrder, 'product' | 'coverageUntil'> {
  readonly kind: Exclude<PurchaseKind, 'new'>;
  readonly of: VendorReference;
}

/** What was bought of the vendor before, and serves this issuance as well: its own order, or the one that it renews. */
async function existingPurchase(
  context: VendorIssuerContext,
  { ordered, names, coverageUntil }: UpstreamRequest,
): Promise<Existing | undefined> {
  const { reissues, duplicates } = context.upstream.manners;
  const { kind, earlier, renewed } = ordered;
  if (kind === 'new') {
    const before = await lastBought(context, renewed);
    return before && { kind: 'renewal', of: before.of, product: productOf(context, ordered), coverageUntil: null };
  }
  const before = await lastBought(context, earlier);
  if (before === undefined || !lasts(context, before, coverageUntil)) return undefined;
  const offered = kind === 'duplicate' ? duplicates : reissues;
  if (offered === null || (offered === 'sameNames' && !(await hasNames(context, before, names)))) return undefined;
  const { of, product } = before;
  return { kind, of, product, coverageUntil: before.coverageUntil };
}

function productOf({ mapping }: VendorIssuerContext, { productCode }: UpstreamRequest['ordered']): string {
  return productFor(mapping, productCode)?.code ?? '';
}

interface Bought extends Pick<VendorOrder, 'issuanceId' | 'product' | 'coverageUntil'> {
  readonly of: VendorReference;
}

async function lastBought(
  { rows, terms }: VendorIssuerContext,
  issuances: readonly IssuanceId[],
): Promise<Bought | undefined> {
  for (const issuanceId of issuances) {
    const row = await rows.read.vendorOrders.get(issuanceId);
    if (row === undefined || row.account !== terms.account || row.reference === null || row.step !== 'bought') continue;
    return { issuanceId, product: row.product, coverageUntil: row.coverageUntil, of: row.reference };
  }
  return undefined;
}

/** One whose end is not known is taken at its word: the vendor refuses where it is over. */
function lasts({ clock }: VendorIssuerContext, { coverageUntil: until }: Bought, wantedUntil: Date): boolean {
  if (until === null) return true;
  const leftMs = until.getTime() - clock.now().getTime();
  return leftMs >= leastLeftMs || (leftMs > 0 && until.getTime() >= wantedUntil.getTime() - dayMs);
}

async function hasNames(
  { rows }: VendorIssuerContext,
  { issuanceId }: Bought,
  names: readonly Identifier[],
): Promise<boolean> {
  const before = await rows.read.issuances.get(issuanceId);
  const had = new Set(before?.names.map(({ identifier }) => identifier.value));
  return had.size === names.length && names.every(({ value }) => had.has(value));
}
