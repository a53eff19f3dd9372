/** Products and their prices. */
import type { Prices, Product } from '../../../domain/product.ts';
import { productCodeOf } from '../../../domain/product-code.ts';
import { wholeToWire } from '../paging.ts';
import { productsApi } from '../schema/products.ts';
import type { WireProduct } from '../schema.ts';
import { handled } from '../services.ts';
import { moneyToWire } from '../values.ts';

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

export const productOperations = [
  handled(productsApi.list, async (_, { caller, services }) =>
    wholeToWire(await services.catalogue.list(caller), productToWire),
  ),

  handled(productsApi.change, async ({ dialect, code, ...change }, { caller, services }) =>
    productToWire(await services.catalogue.change(caller, dialect, code, change)),
  ),
];
