/** What an ACME client orders: by the name of a profile, or what its external account key names (draft-ietf-acme-profiles). */

import type { AcmeOrder } from '../../domain/acme-order.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { ProductId } from '../../domain/ids.ts';
import type { AcmeOffer } from '../../domain/ports/acme-orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { parseProductCode } from '../../domain/product-code.ts';

export interface Chosen {
  readonly productId: ProductId;
  /** Null: none was named, by the client or the key. */
  readonly profile: string | null;
}

interface Choice {
  readonly key: ExternalAccountKey | null;
  /** Null: the client names none. */
  readonly profile: string | null;
  readonly offer: AcmeOffer;
}

/** @throws {CertError} invalidField or forbidden for a profile, unknownProduct, forbidden where a key is needed */
export async function chooseProduct(stores: Stores, { key, profile: named, offer }: Choice): Promise<Chosen> {
  const profile = named ?? key?.policy.defaultProfile ?? null;
  if (profile === null) {
    if (key !== null) return { productId: key.productId, profile };
    if (offer.openProduct === null) throw refuse('bindingMissing', {});
    return { productId: await productOfCode(stores, offer.openProduct), profile };
  }
  const { code, isForEveryKey } = offeredBy(offer, profile);
  const allowed = key?.policy.profiles ?? null;
  if (allowed !== null && !allowed.includes(profile)) {
    const offered = allowed.filter((one) => Object.hasOwn(offer.profiles, one));
    throw refuse('profileNotOfKey', { profile: quoted(profile), allowed: offered.join(', ') });
  }
  const productId = await productOfCode(stores, code);
  if (key === null || isForEveryKey || allowed !== null || productId === key.productId) return { productId, profile };
  throw refuse('productNotOfKey', { product: code });
}

/**
 * The profile that an order was made by is still offered, for the same product, to its key.
 * @throws {CertError} as `chooseProduct`
 */
export async function requireStillOffered(
  stores: Stores,
  { profile, productId }: Pick<AcmeOrder, 'profile' | 'productId'>,
  terms: Omit<Choice, 'profile'>,
): Promise<void> {
  if (profile === null) return;
  const chosen = await chooseProduct(stores, { ...terms, profile });
  if (chosen.productId !== productId) throw refuse('profileChanged', { profile: quoted(profile) });
}

function offeredBy({ profiles }: AcmeOffer, profile: string) {
  const found = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  if (found !== undefined) return found;
  throw refuse('profileUnknown', { profile: quoted(profile), offered: Object.keys(profiles).join(', ') });
}

/** @param code as native callers write it */
async function productOfCode(stores: Stores, code: string): Promise<ProductId> {
  const key = parseProductCode(code);
  const product = await stores.products.getByCode(key.dialect, key.code);
  if (product === undefined) throw refuse('acmeProductNotSold', { product: quoted(code) });
  return product.id;
}
