/** How a product is named where several front doors' products stand together: `encryption365:100`, and `tls-dv` for one of no vendor's. */
import type { Product } from './product.ts';

/** The front door whose products have plain names. */
export const plainlyNamed = 'native';

export interface ProductKey {
  readonly dialect: string;
  readonly code: string;
}

export function productCodeOf({ dialect, code }: Pick<Product, 'dialect' | 'code'>): string {
  return dialect === plainlyNamed ? code : `${dialect}:${code}`;
}

/** The other way round; `native:tls-dv` is understood as well. */
export function parseProductCode(text: string): ProductKey {
  const colon = text.indexOf(':');
  if (colon < 0) return { dialect: plainlyNamed, code: text };
  return { dialect: text.slice(0, colon), code: text.slice(colon + 1) };
}
