/** Issuers that take their time: orders at upstreams, our accounts there, and lanes for their jobs. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();

export const migration0017: Migration = {
  name: '0017-upstreams',
  up(db, { integer, blob, heap }) {
    const { schema } = db;
    return [
      heap(
        schema
          .createTable('upstream_orders')
          .addColumn('issuance_id', 'text', (column) => key(column).references('issuances.id'))
          .addColumn('issuer_id', 'text', required)
          .addColumn('account', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('reference', 'text')
          .addColumn('begun_at', integer, required)
          .addColumn('deadline', integer, required)
          .addColumn('faults', 'integer', required)
          .addColumn('last_fault', 'text')
          .addColumn('evidence_json', 'text')
          .addColumn('ended_at', integer),
      ),
      // "What is under way at upstreams, or went wrong there?"
      schema
        .createIndex('upstream_orders_noted')
        .on('upstream_orders')
        .column('begun_at')
        .where(
          sql.ref('state'),
          'in',
          ['preparing', 'proving', 'issuing', 'cancelling', 'unfit'].map((state) => sql.lit(state)),
        ),
      heap(
        schema
          .createTable('upstream_accounts')
          .addColumn('account', 'text', key)
          .addColumn('faults', 'integer', required)
          .addColumn('last_fault', 'text')
          .addColumn('open_until', integer)
          .addColumn('budget_from', integer, required)
          .addColumn('orders_in_period', 'integer', required),
      ),
      // RFC 5280 §4.1.2.2: a serial is unique within its issuer. For our own authorities `certificates_by_serial` says so.
      schema.alterTable('certificates').addColumn('issuer_hash', blob),
      schema.alterTable('certificates').addColumn('is_withheld', 'integer', (column) => column.notNull().defaultTo(0)),
      schema
        .createIndex('certificates_of_upstreams')
        .unique()
        .on('certificates')
        .columns(['serial', 'issuer_hash'])
        .where(sql.ref('issuer_hash'), 'is not', sql.lit(null)),
      // A lane's line must not hold up another's: each claims for itself.
      schema.alterTable('jobs').addColumn('lane', 'text', (column) => column.notNull().defaultTo('local')),
      db
        .updateTable('jobs')
        .set({ lane: 'network' })
        .where('kind', 'in', ['validate', 'sendMail', 'deliver', 'sendReminder']),
      schema.dropIndex('jobs_due'),
      schema
        .createIndex('jobs_due')
        .on('jobs')
        .columns(['lane', 'run_at'])
        .where(sql.ref('state'), '=', sql.lit('waiting')),
    ];
  },
};
