/** Products and their prices. */
import type { z } from 'zod';
import { refuse } from '../../../domain/errors.ts';
import type { Prices, Product } from '../../../domain/product.ts';
import { productCodeOf } from '../../../domain/product-code.ts';
import { wholeToWire } from '../paging.ts';
import { productsApi } from '../schema/products.ts';
import type { WireProduct } from '../schema.ts';
import { handled } from '../services.ts';
import { moneyToWire } from '../values.ts';
import { withPage } from './object-page.ts';

export function pricesToWire(prices: Prices, currency: string): WireProduct['prices'] {
  return {
    fqdn: moneyToWire({ minor: prices.fqdnMinor, currency }),
    wildcard: moneyToWire({ minor: prices.wildcardMinor, currency }),
    ip: moneyToWire({ minor: prices.ipMinor, currency }),
  };
}

function productToWire(product: Product): WireProduct {
  return {
    productCode: productCodeOf(product),
    dialect: product.dialect,
    code: product.code,
    name: product.name,
    level: product.level,
    profileId: product.profileId,
    issuerId: product.issuerId,
    coverage: { unit: product.coverage.unit, count: product.coverage.count },
    maxPeriods: product.maxPeriods,
    csrMayFollow: product.csrMayFollow,
    prices: pricesToWire(product.prices, product.currency),
    listPrices: pricesToWire(product.listPrices, product.currency),
    maxNames: product.maxNames,
    allowsWildcard: product.allowsWildcard,
    allowsIpv4: product.allowsIpv4,
    allowsIpv6: product.allowsIpv6,
    isForSale: product.isForSale,
  };
}

type Wanted = z.output<typeof productsApi.list.request>;

function isWanted(product: Product, { text, dialect, level, issuer, forSale }: Wanted): boolean {
  const part = text?.toLowerCase();
  return (
    (part === undefined || [product.name, productCodeOf(product)].some((own) => own.toLowerCase().includes(part))) &&
    (dialect === undefined || product.dialect === dialect) &&
    (level === undefined || product.level === level) &&
    (issuer === undefined || product.issuerId === issuer) &&
    (forSale === undefined || product.isForSale === (forSale === 'true'))
  );
}

const orders = {
  code: (one, other) => compared(productCodeOf(one), productCodeOf(other)),
  name: (one, other) => compared(one.name, other.name),
  price: (one, other) => compared(one.currency, other.currency) || one.prices.fqdnMinor - other.prices.fqdnMinor,
} as const satisfies Readonly<Record<string, (one: Product, other: Product) => number>>;

/** Equal ones stay as the catalogues have them. */
function sorted(products: readonly Product[], sort: Wanted['sort']): readonly Product[] {
  if (sort === undefined) return products;
  const isDescending = sort.startsWith('-');
  const by = sort.replace('-', '') as keyof typeof orders;
  return products.toSorted((one, other) => (isDescending ? orders[by](other, one) : orders[by](one, other)));
}

/** By code unit, as the stores sort. */
function compared(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

export const productOperations = [
  handled(productsApi.list, async (input, { caller, services }) => {
    const found = (await services.catalogue.list(caller)).filter((product) => isWanted(product, input));
    return wholeToWire(sorted(found, input.sort), productToWire);
  }),

  handled(productsApi.show, ({ dialect, code }, session) => {
    const reference = productCodeOf({ dialect, code });
    return withPage(session, { noun: 'product', reference }, async () => {
      const sold = await session.services.catalogue.list(session.caller);
      const product = sold.find((one) => one.dialect === dialect && one.code === code);
      if (product === undefined) throw refuse('notFound', { what: 'product', value: reference });
      return productToWire(product);
    });
  }),

  handled(productsApi.change, async ({ dialect, code, ...change }, { caller, services }) =>
    productToWire(await services.catalogue.change(caller, dialect, code, change)),
  ),
];
