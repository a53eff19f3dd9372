/** Port for front doors: products. */
import type { Caller } from '../caller.ts';
import type { Prices, Product } from '../product.ts';

export interface ProductChange {
  readonly isForSale?: boolean;
  readonly prices?: Prices;
  readonly listPrices?: Prices;
  readonly name?: string;
  /** An issuer or a pool of the configuration, for what is ordered from then on; orders that exist stay with theirs. */
  readonly issuerId?: string;
  /** A profile of the product's level, for what is issued from then on. */
  readonly profileId?: string;
}

export interface Catalogue {
  /** Products that the caller's account may order through the caller's dialect (native: of every dialect); as many as the dialects' catalogues have. */
  list(caller: Caller): Promise<readonly Product[]>;
  /** @throws {CertError} notFound; invalidField for an issuer or a profile that is not configured, and for a profile of another level; unsupported for one that no open front door of the product can sell */
  change(caller: Caller, dialect: string, code: string, change: ProductChange): Promise<Product>;
}
