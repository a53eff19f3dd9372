/** Stores of what is bought of vendors, and what it costs. */
import type { IssuanceId } from '../../ids.ts';
import type { UpstreamCost, UpstreamCostSum } from '../../upstream-cost.ts';
import type { VendorOrder } from '../../vendor-order.ts';

export interface VendorOrderStore {
  get(issuanceId: IssuanceId): Promise<VendorOrder | undefined>;
  /**
   * Inserts it, or takes the place of `before`. False, and nothing changes, where the row is at another step by now: whoever works on it
   * reads it again.
   * @param before as it was read; undefined: there was none
   */
  replace(before: VendorOrder | undefined, order: VendorOrder): Promise<boolean>;
  /** Those that were sent to the vendor since then, the latest first. */
  listSentSince(account: string, since: Date, limit: number): Promise<readonly VendorOrder[]>;
  /** Those that the vendor knows by this number of an order, the newest first. */
  listByNumber(account: string, number: string, limit: number): Promise<readonly VendorOrder[]>;
}

/** What an issuer that buys from a vendor writes. */
export interface VendorStores {
  readonly vendorOrders: VendorOrderStore;
  readonly upstreamCosts: UpstreamCostStore;
}

export interface UpstreamCostStore {
  /** Inserts it; where the issuance has a line of this kind, that one stays. */
  put(cost: UpstreamCost): Promise<void>;
  listOf(issuanceId: IssuanceId): Promise<readonly UpstreamCost[]>;
  /** What was paid and given back from `from` until before `until`, by account, product and currency. */
  sums(period: { readonly from: Date; readonly until: Date }, limit: number): Promise<readonly UpstreamCostSum[]>;
}
