/** Rows of products. */
import type { Product } from '../../domain/product.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { flag, group, id, int32, json, text } from '../fields.ts';

export const products = codecOf<Product>()('products', {
  id: id('id', 'product'),
  dialect: text('dialect'),
  code: text('code'),
  name: text('name'),
  level: text('level'),
  profileId: text('profile_id'),
  issuerId: text('issuer_id'),
  coverage: group({ unit: text('coverage_unit'), count: int32('coverage_count') }),
  maxPeriods: int32('max_periods'),
  csrMayFollow: flag('csr_may_follow'),
  currency: text('currency'),
  prices: json('prices_json'),
  listPrices: json('list_prices_json'),
  maxNames: int32('max_names'),
  allowsWildcard: flag('allows_wildcard'),
  allowsIpv4: flag('allows_ipv4'),
  allowsIpv6: flag('allows_ipv6'),
  isForSale: flag('is_for_sale'),
  display: json('display_json'),
});

export type ProductRow = RowOf<typeof products>;
