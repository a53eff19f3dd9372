/** Lists of jobs for operators, and what statistics are counted in. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { primary, required, type Schema } from './columns.ts';

/** Part of the projection of orders (decision 0032): active orders of an account by the day on which their certificate ends. */
export const accountEndsSchema: Schema = ({ schema }, { keyed }) => [
  keyed(
    schema
      .createTable('account_end_counts')
      // The term of the account.
      .addColumn('account', 'integer', required)
      .addColumn('day', 'integer', required)
      .addColumn('orders', 'integer', required)
      .addPrimaryKeyConstraint('account_end_counts_pk', ['account', 'day']),
  ),
];

/** The orders that the projection has by now. */
const countListed = sql`
  insert into account_end_counts (account, day, orders)
  select account, certificate_until / 86400000, count(*) from order_listings
  where state = 1 and certificate_until is not null and account is not null
  group by account, certificate_until / 86400000`;

export const migration0017: Migration = {
  name: '0017-statistics',
  up: (db, dialect) => {
    const { schema } = db;
    const { integer, keyed } = dialect;
    return [
      // "What of this kind failed?" Jobs that succeed are never in here, nor in the next one.
      schema
        .createIndex('jobs_failed_of_kind')
        .on('jobs')
        .columns(['kind', 'subject'])
        .where(sql.ref('state'), '=', sql.lit('failed')),
      // "The job that failed, by its id."
      schema.createIndex('jobs_tried').on('jobs').column('id').where(sql.ref('attempts'), '>', sql.lit(0)),

      // "What did this month come to, over all accounts?" A row of an account is made once a month.
      schema.createIndex('account_months_by_month').on('account_months').columns(['month', 'account_id']),

      // What happened, by day: counted from the audit log (decision 0043).
      keyed(
        schema
          .createTable('statistic_counts')
          .addColumn('series', 'text', required)
          // An account, or `all`.
          .addColumn('scope', 'text', required)
          // Counted from 1970; 0 of what is counted in all.
          .addColumn('day', 'integer', required)
          .addColumn('key', 'text', required)
          .addColumn('total', integer, required)
          // When the last of them happened.
          .addColumn('last_at', integer, required)
          .addPrimaryKeyConstraint('statistic_counts_pk', ['series', 'scope', 'day', 'key']),
      ),
      keyed(
        schema
          .createTable('statistic_progress')
          .addColumn('name', 'text', primary)
          // All events up to this one are counted.
          .addColumn('sequence', integer, required)
          .addColumn('at', integer, required),
      ),

      ...(dialect.hasListings ? [...accountEndsSchema(db, dialect), { compile: () => countListed.compile(db) }] : []),
    ];
  },
};
