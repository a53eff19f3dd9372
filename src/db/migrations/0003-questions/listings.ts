/**
 * What the projection (decision 0032) holds besides: by what orders and certificates of one account and of all are listed, and how many
 * of them each month has.
 */
import { primary, required, type Schema } from '../columns.ts';

export const questionListingsSchema: Schema = ({ schema }, { integer, heap, keyed }) => [
  // The term of the account, and the issuer. Null in rows of before, until they are filled once more.
  schema.alterTable('order_listings').addColumn('account', 'integer'),
  schema.alterTable('order_listings').addColumn('issuer', 'text'),
  // "The orders placed then", "those of this issuer", of one account and of all. Each holds what narrows it, so that it is walked without
  // the rows.
  schema
    .createIndex('order_listings_of_account_by_age')
    .on('order_listings')
    .columns(['account', 'created_at', 'number', 'state', 'product', 'issuer']),
  schema
    .createIndex('order_listings_of_all_by_age')
    .on('order_listings')
    .columns(['created_at', 'number', 'state', 'product', 'issuer']),
  // "Those whose certificate ends then", soonest first.
  schema
    .createIndex('order_listings_of_account_by_end')
    .on('order_listings')
    .columns(['account', 'certificate_until', 'number', 'state', 'product', 'issuer']),
  schema
    .createIndex('order_listings_of_all_by_end')
    .on('order_listings')
    .columns(['certificate_until', 'number', 'state', 'product', 'issuer']),

  heap(
    schema
      .createTable('certificate_listings')
      .addColumn('number', 'integer', primary)
      .addColumn('account', 'integer', required)
      .addColumn('order_number', 'integer', required)
      .addColumn('product', 'integer', required)
      .addColumn('issuer', 'text', required)
      .addColumn('is_revoked', 'integer', required)
      .addColumn('is_withheld', 'integer', required)
      .addColumn('not_after', integer, required)
      .addColumn('created_at', integer, required),
  ),
  schema
    .createIndex('certificate_listings_of_account_by_age')
    .on('certificate_listings')
    .columns(['account', 'created_at', 'number', 'is_revoked', 'product', 'issuer', 'not_after']),
  schema
    .createIndex('certificate_listings_of_all_by_age')
    .on('certificate_listings')
    .columns(['created_at', 'number', 'is_revoked', 'product', 'issuer', 'not_after']),
  schema
    .createIndex('certificate_listings_of_account_by_end')
    .on('certificate_listings')
    .columns(['account', 'not_after', 'number', 'is_revoked', 'product', 'issuer']),
  schema
    .createIndex('certificate_listings_of_all_by_end')
    .on('certificate_listings')
    .columns(['not_after', 'number', 'is_revoked', 'product', 'issuer']),

  // How many were placed and issued in a month. Orders and certificates are never removed.
  keyed(
    schema
      .createTable('listing_months')
      .addColumn('account', 'integer', required)
      .addColumn('month', 'integer', required)
      .addColumn('orders', 'integer', required)
      .addColumn('certificates', 'integer', required)
      .addPrimaryKeyConstraint('listing_months_pk', ['account', 'month']),
  ),
];
