/**
 * The limits of a vendor's products, as its list had them last: they are read every night and with each check of the account. Until they
 * were read once, nothing is refused by them here, and the vendor refuses the order itself.
 */
import type { Reason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { type Issuer, type ListingIssuer, listsProducts, upstreamsOf } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Product } from '../../domain/product.ts';
import { productCodeOf } from '../../domain/product-code.ts';
import { type LimitedProduct, objectionToLimits } from '../../domain/product-limits.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { AppContext } from '../context.ts';
import { keepLimits, limitsOf } from './upstream-watched.ts';

/** Undefined where the vendor shows no list now: what was read before still counts. */
export async function listProducts(
  { log }: Pick<AppContext, 'log'>,
  issuer: ListingIssuer | undefined,
  signal: AbortSignal,
): Promise<readonly LimitedProduct[] | undefined> {
  if (issuer === undefined) return undefined;
  try {
    return await issuer.products(signal);
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    log.warn({ err: thrown, issuer: issuer.id }, 'a vendor does not list its products');
    return undefined;
  }
}

export async function keepProducts(
  tx: Pick<Stores, 'settings'>,
  account: string,
  products: readonly LimitedProduct[] | undefined,
): Promise<void> {
  if (products === undefined) return;
  await keepLimits(
    tx,
    account,
    products.flatMap(({ code, limits }) => (limits === undefined ? [] : [[code, limits] as const])),
  );
}

/** What is bought for the product does not take these names. Of a pool one has to take them. */
export async function objectionOfProduct(
  tx: Pick<Stores, 'settings'>,
  issuer: Issuer,
  { product, names }: { readonly product: Product; readonly names: readonly Identifier[] },
): Promise<Reason | undefined> {
  const objections = await Promise.all(
    upstreamsOf(issuer).map(async (one) => {
      const bought = listsProducts(one) ? one.boughtFor(productCodeOf(product)) : undefined;
      if (bought === undefined) return undefined;
      const limits = (await limitsOf(tx, one.upstream.account)).get(bought);
      return limits && objectionToLimits(limits, names, `${one.id} ${bought}`);
    }),
  );
  return objections.includes(undefined) ? undefined : objections[0];
}
