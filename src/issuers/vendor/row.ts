/** The row of an issuance at a vendor, which is written before each request that could buy anything. */
import type { Reason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { PurchaseKind, VendorOrder, VendorReference } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { productFor } from './purchase.ts';
import { addressOf, isHere, objectionToAddress } from './whereabouts.ts';

const dayMs = 86_400_000;
/** What is left of a bought order must be worth another certificate. */
const leastLeftMs = 30 * dayMs;

export interface NewRow {
  readonly row: VendorOrder;
  /** It may be part of an order that cannot be asked for here: nothing is bought before the operator knows. */
  readonly objection: Reason | undefined;
}

/** Of an issuance of which nothing was sent to the vendor. */
export async function newRow(context: VendorIssuerContext, request: UpstreamRequest): Promise<NewRow> {
  const { id: issuerId, terms, mapping } = context;
  const found = await existingPurchase(context, request);
  const objection = found !== undefined && 'objection' in found ? found.objection : undefined;
  const bought = found !== undefined && 'objection' in found ? undefined : found;
  const row: VendorOrder = {
    issuanceId: request.issuanceId,
    issuerId,
    account: terms.account,
    // Without an address it is made again with the next look.
    ...(objection === undefined ? addressOf(context) : { vendor: null, baseUrl: null }),
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
  return { row, objection };
}

interface Existing extends Pick<VendorOrder, 'product' | 'coverageUntil'> {
  readonly kind: Exclude<PurchaseKind, 'new'>;
  readonly of: VendorReference;
}

/** What was bought of the vendor before, and serves this issuance as well: its own order, or the one that it renews. */
async function existingPurchase(
  context: VendorIssuerContext,
  { ordered, names, coverageUntil }: UpstreamRequest,
): Promise<Existing | { readonly objection: Reason } | undefined> {
  const { reissues, duplicates } = context.upstream.manners;
  const { kind, earlier, renewed } = ordered;
  if (kind === 'new') {
    const { here } = await lastBought(context, renewed);
    return here && { kind: 'renewal', of: here.of, product: productOf(context, ordered), coverageUntil: null };
  }
  const offered = kind === 'duplicate' ? duplicates : reissues;
  if (offered === null) return undefined;
  const { here: before, elsewhere } = await lastBought(context, earlier);
  if (elsewhere !== undefined) return boughtElsewhere(context, elsewhere);
  if (before === undefined || !lasts(context, before, coverageUntil)) return undefined;
  if (offered === 'sameNames' && !(await hasNames(context, before, names))) return undefined;
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
  context: VendorIssuerContext,
  issuances: readonly IssuanceId[],
): Promise<{ readonly here?: Bought; readonly elsewhere?: VendorOrder }> {
  for (const issuanceId of issuances) {
    const row = await context.rows.read.vendorOrders.get(issuanceId);
    if (row === undefined || row.reference === null || row.step !== 'bought') continue;
    if (!isHere(context, row)) return { elsewhere: row };
    return { here: { issuanceId, product: row.product, coverageUntil: row.coverageUntil, of: row.reference } };
  }
  return {};
}

/**
 * The order is bought anew where the operator has moved to another vendor, or to another account. Where the address alone is another one, or
 * that of before is not known, it may be the same service: to buy again would be money for nothing.
 */
function boughtElsewhere(context: VendorIssuerContext, row: VendorOrder): { readonly objection: Reason } | undefined {
  const objection = objectionToAddress(context, row);
  const hasMoved = row.account !== context.terms.account || (row.vendor !== null && row.vendor !== context.dialect);
  if (objection === undefined || !hasMoved) return objection && { objection };
  const { issuanceId: issuance, reference, vendor, baseUrl } = row;
  const there = { account: row.account, vendor, baseUrl, order: reference?.order };
  context.log.warn(
    { issuer: context.id, issuance, there, here: { account: context.terms.account, ...addressOf(context) } },
    'an order that was bought elsewhere cannot be reissued here: it is bought anew',
  );
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
