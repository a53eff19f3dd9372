/** A change of what one account pays for a product: from then on, and never of an order that was placed. */
import type { AccountId, CredentialId, ProductId, UserId } from './ids.ts';
import type { Prices } from './product.ts';

export interface PriceChange {
  readonly accountId: AccountId;
  readonly productId: ProductId;
  /** The product's. */
  readonly currency: string;
  /** Null: the product's own again. */
  readonly prices: Prices | null;
  readonly note: string;
  readonly actor: UserId | CredentialId;
  readonly at: Date;
}

/** Those of an account stand in the order of this number, which all accounts share. */
export interface NumberedPriceChange extends PriceChange {
  readonly sequence: number;
}
