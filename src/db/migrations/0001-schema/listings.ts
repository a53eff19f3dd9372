/**
 * The projection by which the orders of large accounts are sorted, counted and searched (decision 0032). It is made of the orders when
 * something happens to them, and never read for an object's own page. The embedded engine keeps it in a file of its own.
 */
import { primary, required, type Schema } from '../columns.ts';

export const listingsSchema: Schema = ({ schema }, { integer, blob, identity, heap, keyed, byNumber }) => [
  // Numbers for what would be long in every row and index: an account with a dialect, a product, a key.
  heap(
    schema
      .createTable('listing_terms')
      .addColumn('number', 'integer', identity)
      .addColumn('value', blob, (column) => column.notNull().unique()),
  ),

  heap(
    schema
      .createTable('order_listings')
      .addColumn('number', 'integer', primary)
      // The term of its account and dialect.
      .addColumn('shelf', 'integer', required)
      .addColumn('state', 'integer', required)
      .addColumn('product', 'integer', required)
      .addColumn('years', 'integer', required)
      .addColumn('credential', 'integer')
      .addColumn('common_name', 'text', required)
      // The text of the names that are shown, as the issuance has it.
      .addColumn('names', 'text', required)
      .addColumn('reference', 'text')
      .addColumn('emails', 'text')
      .addColumn('certificate_until', integer)
      .addColumn('coverage_until', integer)
      .addColumn('created_at', integer, required)
      // The last event about it.
      .addColumn('changed_at', integer, required)
      .addColumn('changed_sequence', integer, required),
  ),
  // "The page of this list that begins there": each holds what most pages are narrowed by, so that it is walked without the rows.
  schema.createIndex('order_listings_by_number').on('order_listings').columns(['shelf', 'number', 'state']),
  schema
    .createIndex('order_listings_by_state')
    .on('order_listings')
    .columns(['shelf', 'state', ...byNumber]),
  schema
    .createIndex('order_listings_by_product')
    .on('order_listings')
    .columns(['shelf', 'product', ...byNumber]),
  schema
    .createIndex('order_listings_by_years')
    .on('order_listings')
    .columns(['shelf', 'years', ...byNumber]),
  schema
    .createIndex('order_listings_by_credential')
    .on('order_listings')
    .columns(['shelf', 'credential', ...byNumber]),
  schema
    .createIndex('order_listings_by_name')
    .on('order_listings')
    .columns(['shelf', 'common_name', 'number', 'state']),
  schema
    .createIndex('order_listings_by_certificate_end')
    .on('order_listings')
    .columns(['shelf', 'certificate_until', 'number', 'state']),
  schema
    .createIndex('order_listings_by_coverage_end')
    .on('order_listings')
    .columns(['shelf', 'coverage_until', 'number', 'state']),
  schema.createIndex('order_listings_by_age').on('order_listings').columns(['shelf', 'created_at', 'number', 'state']),
  // "What changed lately?"
  schema.createIndex('order_listings_by_change').on('order_listings').columns(['shelf', 'changed_sequence']),

  // Totals: how many of these there are.
  keyed(
    schema
      .createTable('order_counts')
      .addColumn('shelf', 'integer', required)
      .addColumn('state', 'integer', required)
      .addColumn('product', 'integer', required)
      .addColumn('years', 'integer', required)
      .addColumn('orders', 'integer', required)
      .addPrimaryKeyConstraint('order_counts_pk', ['shelf', 'state', 'product', 'years']),
  ),

  // "Which certificate has this SHA-1?" Its first six bytes as a number.
  keyed(
    schema
      .createTable('certificate_thumbprints')
      .addColumn('prefix', integer, required)
      .addColumn('certificate_number', 'integer', required)
      .addPrimaryKeyConstraint('certificate_thumbprints_pk', ['prefix', 'certificate_number']),
  ),

  // The event up to which all of this goes, and its time, by which another history is noticed.
  keyed(
    schema
      .createTable('listing_progress')
      .addColumn('name', 'text', primary)
      .addColumn('sequence', integer, required)
      .addColumn('at', integer, required),
  ),
];
