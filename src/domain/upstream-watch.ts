/** What is looked at of our account at an upstream by itself: the prepaid balance, and whether its orders are those that we know. */
import type { IssuanceId } from './ids.ts';
import type { Money } from './money.ts';

/** As it was last seen. */
export interface UpstreamBalance {
  readonly amount: Money;
  readonly at: Date;
}

/** In other currencies nobody can tell: a check of the account says so. */
export function isLow({ minor, currency }: Money, warning: Money | null): boolean {
  return warning !== null && warning.currency === currency && minor < warning.minor;
}

/**
 * - unknownHere: it was bought there, and none of ours is it.
 * - overThere: the upstream refused or cancelled it, and it is open here.
 * - issuedThere: it has been issued there for more than a day, and has not arrived here.
 * - priceDiffers: it shows another price than the one that is in our books.
 * - unknownThere: it was bought by our books, and the upstream does not show it.
 * - boughtElsewhere: it is under way at another address than the one that is configured now; its words name both.
 */
export const upstreamDifferenceKinds = [
  'unknownHere',
  'overThere',
  'issuedThere',
  'priceDiffers',
  'unknownThere',
  'boughtElsewhere',
] as const;

export interface UpstreamDifference {
  readonly kind: (typeof upstreamDifferenceKinds)[number];
  /** The order as the upstream numbers it; null where it has not told us. */
  readonly number: string | null;
  /** Ours; null: there is none. */
  readonly issuanceId: IssuanceId | null;
  readonly names: readonly string[];
  /** Its state in its own words; null: it does not show it. */
  readonly words: string | null;
  /** For `priceDiffers`: ours, then the upstream's. */
  readonly prices: readonly [Money, Money] | null;
}

/** What a comparison found; nothing is changed by it. */
export interface ComparedOrders {
  /** Orders of either side that were looked at. */
  readonly compared: number;
  readonly differences: readonly UpstreamDifference[];
}

/** The last one. `more`: differences that were left off. */
export interface UpstreamComparison extends ComparedOrders {
  readonly at: Date;
  readonly more: number;
}
