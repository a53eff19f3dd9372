/** Product of this front door: the free DV certificate of the vendor's document. */
import type { CatalogueEntry } from '../../domain/product.ts';

/** The document, 3.2.1: `domain number error>5`. */
export const maxNames = 5;

/** Requests name no product. */
export const productCode = 'dv-ssl';

const free = { fqdnMinor: 0, wildcardMinor: 0, ipMinor: 0 } as const;

export const catalogue: readonly CatalogueEntry[] = [
  {
    code: productCode,
    name: '免费 DV SSL 证书',
    level: 'dv',
    // One static file for all orders of a customer proves less than the Baseline Requirements ask for: private CAs only.
    profileId: 'private-dv',
    issuerId: 'embedded',
    coverage: { unit: 'years', count: 1 },
    currency: 'CNY',
    prices: free,
    listPrices: free,
    maxNames,
    allowsWildcard: false,
    allowsIpv4: false,
    allowsIpv6: false,
    isForSale: true,
    display: {},
  },
];
