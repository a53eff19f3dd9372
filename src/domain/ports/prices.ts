/** Port for front doors: prices that an account has of its own, in place of the product's. */
import type { Caller } from '../caller.ts';
import type { CredentialId, UserId } from '../ids.ts';
import type { Page, PageQuery } from '../page.ts';
import type { Prices as NamePrices, Product } from '../product.ts';
import type { ProductKey } from '../product-code.ts';

/** A product with what it costs everybody, and this account. */
export interface AccountPrice {
  /** At the product's own prices. */
  readonly product: Product;
  readonly prices: NamePrices;
}

export interface AccountPriceChange {
  readonly product: Product;
  /** Null: the product's own again. */
  readonly prices: NamePrices | null;
  readonly currency: string;
  readonly note: string;
  readonly actor: UserId | CredentialId;
  readonly at: Date;
}

export interface PriceSetting {
  readonly prices: NamePrices;
  readonly note: string;
}

/** The account is named by id or number. */
export interface AccountPrices {
  /** The products for which it has prices of its own: no more than there are products. */
  list(caller: Caller, account: string): Promise<readonly AccountPrice[]>;
  /** Changes of them, newest first. */
  history(caller: Caller, account: string, page: PageQuery): Promise<Page<AccountPriceChange>>;
  /**
   * From now on: orders that were placed keep what they cost. In the product's currency.
   * @throws {CertError} notFound, invalidField, unknownProduct where the account has another currency
   */
  set(caller: Caller, account: string, product: ProductKey, setting: PriceSetting): Promise<AccountPrice>;
  /** The product's own prices again, from now on. @throws {CertError} notFound where it has none of its own */
  remove(caller: Caller, account: string, product: ProductKey, note: string): Promise<AccountPrice>;
}
