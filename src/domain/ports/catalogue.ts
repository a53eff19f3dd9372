/** What a front door asks of products. */
import type { Prices } from '../product.ts';

export interface ProductChange {
  readonly isForSale?: boolean;
  readonly prices?: Prices;
  readonly listPrices?: Prices;
  readonly name?: string;
}
