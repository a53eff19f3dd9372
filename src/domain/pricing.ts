/** Prices of orders. */
import type { Identifier } from './identifier.ts';
import type { Money } from './money.ts';
import type { Prices, Product } from './product.ts';

const priceOf = {
  dns: 'fqdnMinor',
  wildcard: 'wildcardMinor',
  ipv4: 'ipMinor',
  ipv6: 'ipMinor',
} as const satisfies Record<Identifier['kind'], keyof Prices>;

/** The price of these names for so many coverage periods. A free product costs 0. */
export function priceOfNames(product: Product, names: readonly Identifier[], periods = 1): Money {
  const minor = names.reduce((sum, name) => sum + product.prices[priceOf[name.kind]] * periods, 0);
  return { minor, currency: product.currency };
}

/** Price of a reissue: the names that were added, for all of the order's periods; names that were dropped are not refunded. */
export function priceOfAddedNames(
  product: Product,
  { before, after, periods }: { before: readonly Identifier[]; after: readonly Identifier[]; periods: number },
): Money {
  const had = new Set(before.map((name) => name.value));
  return priceOfNames(
    product,
    after.filter((name) => !had.has(name.value)),
    periods,
  );
}
