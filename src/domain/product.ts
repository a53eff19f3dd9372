/** Products: each names a profile and an issuer, and has a coverage, prices and the names it covers. */
import type { Identifier } from './identifier.ts';
import type { ProductId } from './ids.ts';
import type { Money } from './money.ts';
import type { ValidationLevel } from './profile.ts';

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

/** The product at the prices of this account, where it has prices of its own. List prices are everybody's. */
export function pricedFor({ prices }: { readonly prices: OwnPrices }, product: Product): Product {
  const own = prices[product.id];
  return own === undefined ? product : { ...product, prices: own };
}

/** Length of an order's coverage: not the same as a certificate's validity. */
export interface Coverage {
  readonly unit: 'days' | 'months' | 'years';
  readonly count: number;
}

/** Minor units per name for one coverage period. */
export interface Prices {
  readonly fqdnMinor: number;
  readonly wildcardMinor: number;
  readonly ipMinor: number;
}

/** Prices that an account has of its own, by the id of the product. */
export type OwnPrices = Readonly<Record<ProductId, Prices>>;

export interface Product {
  readonly id: ProductId;
  /** The front door that sells it, and the code by which clients of that front door order it. Unique together. */
  readonly dialect: string;
  readonly code: string;
  readonly name: string;
  readonly level: ValidationLevel;
  readonly profileId: string;
  readonly issuerId: string;
  /** The default coverage of an order. */
  readonly coverage: Coverage;
  /** The longest coverage an order may ask for, as a multiple of `coverage`; prices are multiplied as well. 1: no choice. */
  readonly maxPeriods: number;
  /** True if it may be ordered before there is a CSR. */
  readonly csrMayFollow: boolean;
  readonly currency: string;
  readonly prices: Prices;
  /** Prices before discount, shown beside the prices. */
  readonly listPrices: Prices;
  readonly maxNames: number;
  readonly allowsWildcard: boolean;
  readonly allowsIpv4: boolean;
  readonly allowsIpv6: boolean;
  readonly isForSale: boolean;
  /** Presentation for its dialect (titles, logos, …): only that dialect reads it. */
  readonly display: Readonly<Record<string, unknown>>;
}

/** A product as a dialect's folder lists it, before it has an id. */
export type CatalogueEntry = Omit<Product, 'id' | 'dialect' | 'maxPeriods' | 'csrMayFollow'> &
  Partial<Pick<Product, 'maxPeriods' | 'csrMayFollow'>>;

/** Defaults of an entry. */
export const productDefaults = { maxPeriods: 1, csrMayFollow: false } as const satisfies Partial<Product>;

/** The coverage in whole years, the nearest number of them. At least one. */
export function yearsOf({ unit, count }: Coverage): number {
  if (unit === 'years') return count;
  return Math.max(1, Math.round(count / (unit === 'months' ? 12 : 365)));
}

/** The coverage of an order of that many periods. */
export function coverageOfPeriods({ unit, count }: Coverage, periods: number): Coverage {
  return { unit, count: count * periods };
}

/**
 * Number of periods of the product's coverage in an order: its prices are for each. One where the operator has changed the
 * product since, so that they no longer divide.
 */
export function periodsOf(ordered: Coverage, product: Coverage): number {
  const periods = ordered.count / product.count;
  return ordered.unit === product.unit && Number.isInteger(periods) ? periods : 1;
}

/** The end of a coverage that starts at `from`: calendar months and years, days of 86,400 s. Clamps to month ends. */
export function coverageEnd(from: Date, coverage: Coverage): Date {
  if (coverage.unit === 'days') return new Date(from.getTime() + coverage.count * 86_400_000);
  const months = coverage.unit === 'months' ? coverage.count : coverage.count * 12;
  const end = new Date(from);
  end.setUTCMonth(end.getUTCMonth() + months);
  // 31 January plus one month would be 3 March: step back to the last day of February.
  if (end.getUTCDate() !== from.getUTCDate()) end.setUTCDate(0);
  return end;
}
