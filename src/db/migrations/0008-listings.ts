/**
 * The projection by which requests for approval of large accounts are sorted, counted and searched (decision 0032). The embedded engine
 * keeps it in the file of the projection of orders.
 */
import type { Migration } from '../migrate.ts';
import { primary, required, type Schema } from './columns.ts';

export const approvalListingsSchema: Schema = ({ schema }, { integer, heap, keyed }) => [
  heap(
    schema
      .createTable('approval_listings')
      .addColumn('number', 'integer', primary)
      // The term of the account and the dialect of its order.
      .addColumn('shelf', 'integer', required)
      .addColumn('state', 'integer', required)
      .addColumn('asks', 'integer', required)
      .addColumn('order_number', 'integer', required)
      // The first name of what is to be approved.
      .addColumn('common_name', 'text', required),
  ),
  // "The page of this list that begins there": each holds what pages are narrowed by, so that it is walked without the rows.
  schema
    .createIndex('approval_listings_by_number')
    .on('approval_listings')
    .columns(['shelf', 'number', 'state', 'asks']),
  schema
    .createIndex('approval_listings_by_state')
    .on('approval_listings')
    .columns(['shelf', 'state', 'number', 'asks']),
  schema.createIndex('approval_listings_by_asks').on('approval_listings').columns(['shelf', 'asks', 'number', 'state']),
  schema
    .createIndex('approval_listings_by_order')
    .on('approval_listings')
    .columns(['shelf', 'order_number', 'number', 'state', 'asks']),
  schema
    .createIndex('approval_listings_by_name')
    .on('approval_listings')
    .columns(['shelf', 'common_name', 'number', 'state', 'asks']),

  // Totals: how many of these there are.
  keyed(
    schema
      .createTable('approval_counts')
      .addColumn('shelf', 'integer', required)
      .addColumn('state', 'integer', required)
      .addColumn('asks', 'integer', required)
      .addColumn('approvals', integer, required)
      .addPrimaryKeyConstraint('approval_counts_pk', ['shelf', 'state', 'asks']),
  ),
];

export const migration0008: Migration = {
  name: '0008-listings',
  up: (db, dialect) => [
    // Of large accounts the projection answers what it was for, and of others the index of the account finds few orders.
    db.schema.dropIndex('orders_by_certificate_end'),
    ...(dialect.hasListings
      ? [
          ...approvalListingsSchema(db, dialect),
          ...dialect.approvalParts(db),
          // The projection is filled once more, from the first event: what is in it already stays as it is.
          db.deleteFrom('listing_progress'),
        ]
      : []),
  ],
};
