/** What this front door sells. */
import type { CatalogueEntry } from '../../domain/product.ts';

export const catalogue: readonly CatalogueEntry[] = [];
