/** Profiles: what a directory lets its clients order by name (draft-ietf-acme-profiles). */

import type { AcmeOffer } from '../../domain/ports/acme-orders.ts';
import type { Product } from '../../domain/product.ts';
import { parseProductCode, productCodeOf } from '../../domain/product-code.ts';
import type { Directory } from './config.ts';

/** What the directory sells today. */
export function offerOf({ profiles, open }: Pick<Directory, 'profiles' | 'open'>): AcmeOffer {
  const offered = Object.entries(profiles).map(
    ([name, { product: code, isForEveryKey }]) => [name, { code, isForEveryKey }] as const,
  );
  return { profiles: Object.fromEntries(offered), openProduct: open?.product ?? null };
}

/** The name by which the directory offers what was ordered without one. */
export function profileOf({ profiles }: Directory, ordered: Product): string | undefined {
  const productCode = productCodeOf(ordered);
  return Object.entries(profiles).find(
    ([, { product }]) => productCodeOf(parseProductCode(product)) === productCode,
  )?.[0];
}
