/** Rows of what is bought of vendors. */
import type { UpstreamCost } from '../../domain/upstream-cost.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { date, derived, id, integer, json, nullable, text } from '../fields.ts';

export const vendorOrders = codecOf<VendorOrder>()(
  'vendor_orders',
  {
    issuanceId: id('issuance_id', 'issuance'),
    issuerId: text('issuer_id'),
    account: text('account'),
    vendor: nullable(text('vendor')),
    baseUrl: nullable(text('base_url')),
    step: text('step'),
    kind: text('kind'),
    product: text('product'),
    of: nullable(json('of_json')),
    reference: nullable(json('reference_json')),
    sentAt: nullable(date('sent_at')),
    words: nullable(text('words')),
    price: nullable(json('price_json')),
    coverageUntil: nullable(date('coverage_until')),
  },
  { number: derived('vendor_number', 'text or null', ({ reference }: VendorOrder) => reference?.order ?? null) },
);

export const upstreamCosts = codecOf<UpstreamCost>()('upstream_costs', {
  issuanceId: id('issuance_id', 'issuance'),
  kind: text('kind'),
  account: text('account'),
  issuerId: text('issuer_id'),
  orderId: id('order_id', 'order'),
  productId: id('product_id', 'product'),
  vendorNumber: text('vendor_number'),
  amountMinor: integer('amount_minor'),
  currency: text('currency'),
  at: date('at'),
});

export type VendorOrderRow = RowOf<typeof vendorOrders>;
