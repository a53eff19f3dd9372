/** What an upstream charged us, and gave back: the operator's own ledger beside that of the customers. */
import type { IssuanceId, OrderId, ProductId } from './ids.ts';

/** A vendor charges for an issuance once, and gives it back once. */
export type UpstreamCostKind = 'purchase' | 'refund';

export interface UpstreamCost {
  readonly issuanceId: IssuanceId;
  readonly kind: UpstreamCostKind;
  /** Our account at the upstream. */
  readonly account: string;
  readonly issuerId: string;
  readonly orderId: OrderId;
  readonly productId: ProductId;
  /** The order as the vendor numbers it. */
  readonly vendorNumber: string;
  /** Positive for both kinds. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly at: Date;
}

/** Lines of one account, product, currency and kind, added up. */
export interface UpstreamCostSum
  extends Pick<UpstreamCost, 'account' | 'productId' | 'currency' | 'kind' | 'amountMinor'> {
  readonly lines: number;
}

/** What came of a product in a month, in one currency. What is paid and what it costs stand side by side: nothing is converted. */
export interface ProductCosts {
  readonly productId: ProductId;
  readonly currency: string;
  /** Orders that customers were charged for in the month. */
  readonly orders: number;
  readonly chargedMinor: number;
  readonly refundedMinor: number;
  /** What upstreams took, and gave back. */
  readonly costMinor: number;
  readonly costRefundedMinor: number;
}

/** What is left of what customers paid. */
export function marginMinor({ chargedMinor, refundedMinor, costMinor, costRefundedMinor }: ProductCosts): number {
  return chargedMinor - refundedMinor - (costMinor - costRefundedMinor);
}
