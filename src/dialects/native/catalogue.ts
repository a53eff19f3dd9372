/**
 * Products that belong to no vendor's API, with plain names: what somebody orders who only wants a certificate of this server's own
 * CA. They cost nothing until the operator sets a price.
 */
import type { CatalogueEntry } from '../../domain/product.ts';
import type { ValidationLevel } from '../../domain/profile.ts';

/** What the strictest of the other front doors takes. */
const maxNames = 250;

/** Longest order, in years. */
const maxYears = 3;

const free = { fqdnMinor: 0, wildcardMinor: 0, ipMinor: 0 } as const;

function tls(level: ValidationLevel): CatalogueEntry {
  // EV certificates hold neither wildcards nor addresses (EV Guidelines §7.1.4.2).
  const isExtended = level === 'ev';
  return {
    code: `tls-${level}`,
    name: `TLS certificate, ${level.toUpperCase()}`,
    level,
    profileId: `private-${level}`,
    issuerId: 'embedded',
    coverage: { unit: 'years', count: 1 },
    maxPeriods: maxYears,
    // Its proofs need no key: names can be proved before there is one.
    csrMayFollow: true,
    // The currency that an account has by default.
    currency: 'CNY',
    prices: free,
    listPrices: free,
    maxNames,
    allowsWildcard: !isExtended,
    allowsIpv4: !isExtended,
    allowsIpv6: !isExtended,
    isForSale: true,
    display: {},
  };
}

export const catalogue: readonly CatalogueEntry[] = [tls('dv'), tls('ov'), tls('ev')];
