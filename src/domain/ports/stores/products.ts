/** Store of products. The contract of every store is in `stores.ts`. */
import type { ProductId } from '../../ids.ts';
import type { Product } from '../../product.ts';

export interface ProductStore {
  /** Adds the product, or replaces the one with the same dialect and code, keeping its id. */
  put(product: Product): Promise<void>;
  /** Only what is named. */
  update(id: ProductId, change: Partial<Omit<Product, 'id' | 'dialect' | 'code'>>): Promise<void>;
  get(id: ProductId): Promise<Product | undefined>;
  getByCode(dialect: string, code: string): Promise<Product | undefined>;
  /** In order of code, of one dialect or of all. */
  list(dialect: string | null): Promise<readonly Product[]>;
}
