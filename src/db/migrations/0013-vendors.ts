/** Vendors as upstreams: what was bought of an issuance there, and what it cost us. */
import type { Migration } from '../migrate.ts';
import { primary, required } from './columns.ts';

export const migration0013: Migration = {
  name: '0013-vendors',
  up: ({ schema }, { integer, blob, heap, keyed }) => [
    heap(
      schema
        .createTable('vendor_orders')
        .addColumn('issuance_id', blob, primary)
        .addColumn('issuer_id', 'text', required)
        .addColumn('account', 'text', required)
        .addColumn('step', 'text', required)
        .addColumn('kind', 'text', required)
        .addColumn('product', 'text', required)
        .addColumn('of_json', 'text')
        .addColumn('reference_json', 'text')
        .addColumn('vendor_number', 'text')
        .addColumn('sent_at', integer)
        .addColumn('words', 'text')
        .addColumn('price_json', 'text')
        .addColumn('coverage_until', integer),
    ),
    // "Which of ours is this order of the vendor's?" One has several where it was reissued.
    schema.createIndex('vendor_orders_by_number').on('vendor_orders').columns(['account', 'vendor_number']),

    // "What did we buy there in the last weeks?"
    schema.createIndex('vendor_orders_by_time').on('vendor_orders').columns(['account', 'sent_at']),

    // "What did we pay there in this time?" One line of each kind for an issuance.
    keyed(
      schema
        .createTable('upstream_costs')
        .addColumn('issuance_id', blob, required)
        .addColumn('kind', 'text', required)
        .addColumn('account', 'text', required)
        .addColumn('issuer_id', 'text', required)
        .addColumn('order_id', blob, required)
        .addColumn('product_id', blob, required)
        .addColumn('vendor_number', 'text', required)
        .addColumn('amount_minor', integer, required)
        .addColumn('currency', 'text', required)
        .addColumn('at', integer, required)
        .addPrimaryKeyConstraint('upstream_costs_pk', ['issuance_id', 'kind']),
    ),
    schema.createIndex('upstream_costs_by_time').on('upstream_costs').columns(['at', 'account']),
  ],
};
