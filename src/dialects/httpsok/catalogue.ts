/** Products of this front door: the certificate of each CA that a request may name. The vendor sells no other kind. */
import type { CatalogueEntry } from '../../domain/product.ts';
import type { Ca } from './schema.ts';

export const maxNames = 100;

const titles = {
  google: 'DV 证书（ca: google）',
  letsencrypt: 'DV 证书（ca: letsencrypt）',
  zerossl: 'DV 证书（ca: zerossl）',
} as const satisfies Record<Ca, string>;

const free = { fqdnMinor: 0, wildcardMinor: 0, ipMinor: 0 } as const;

export const catalogue: readonly CatalogueEntry[] = Object.entries(titles).map(([code, name]) => ({
  code,
  name,
  level: 'dv',
  profileId: 'private-dv',
  // Unless the configuration's `issuers` name another one, or the operator changes the product.
  issuerId: 'embedded',
  coverage: { unit: 'days', count: 90 },
  currency: 'CNY',
  prices: free,
  listPrices: free,
  maxNames,
  allowsWildcard: true,
  // Control is proved only by DNS, and an address has no CNAME.
  allowsIpv4: false,
  allowsIpv6: false,
  isForSale: true,
  display: {},
}));
