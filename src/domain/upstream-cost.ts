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
