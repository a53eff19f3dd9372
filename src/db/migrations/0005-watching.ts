/** What metrics and alarms read without looking through large tables. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { primary, required, type Schema } from './columns.ts';

/** Part of the projection of orders (decision 0032): active orders by the day, counted from 1970, on which their certificate ends. */
export const certificateEndsSchema: Schema = ({ schema }, { keyed }) => [
  keyed(
    schema
      .createTable('certificate_end_counts')
      .addColumn('day', 'integer', primary)
      .addColumn('orders', 'integer', required),
  ),
];

/** The orders that the projection has by now. */
const countListed = sql`
  insert into certificate_end_counts (day, orders)
  select certificate_until / 86400000, count(*) from order_listings
  where state = 1 and certificate_until is not null
  group by certificate_until / 86400000`;

export const migration0005: Migration = {
  name: '0005-watching',
  up: (db, dialect) => [
    // "What fails again and again?" Jobs that succeed are never in here.
    db.schema
      .createIndex('jobs_retried')
      .on('jobs')
      .column('kind')
      .where(sql.ref('state'), '=', sql.lit('waiting'))
      .where(sql.ref('attempts'), '>=', sql.lit(3)),
    ...(dialect.hasListings ? [...certificateEndsSchema(db, dialect), { compile: () => countListed.compile(db) }] : []),
  ],
};
