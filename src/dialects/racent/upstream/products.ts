/** A line of `/ssl/productList` (contract racent 2.3), with the names that the product takes. */
import type { VendorProduct } from '../../../domain/ports/upstream.ts';
import type { ProductLimits } from '../../../domain/product-limits.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { firstText, type Loose } from '../../kit/loose.ts';

export function productFromWire(product: Loose): VendorProduct | undefined {
  const code = firstText(product, 'code');
  if (code === undefined) return undefined;
  return { code, title: firstText(product, 'productName') ?? code, ...withDefined({ limits: limitsOf(product) }) };
}

/** By what it says only: a field that is missing forbids nothing. Undefined: it says nothing. */
function limitsOf(product: Loose): ProductLimits | undefined {
  const isDenied = (field: string) => (firstText(product, field) ?? '').trim().toUpperCase() === 'N';
  const limits: ProductLimits = {
    takesPlainNames: !isDenied('supportStandard'),
    takesWildcards: !isDenied('supportWildcard'),
    takesAddresses: !isDenied('supportIp'),
    mostNames: isDenied('supportSan') ? (countOf(product, 'defaultProtectDomain') ?? 1) : countOf(product, 'maxDomain'),
  };
  const { mostNames, ...kinds } = limits;
  return mostNames === null && Object.values(kinds).every(Boolean) ? undefined : limits;
}

/** Null: there is no such number. Zero is no limit that anything could be sold under. */
function countOf(product: Loose, field: string): number | null {
  const text = (firstText(product, field) ?? '').trim();
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
}
