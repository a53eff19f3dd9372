/** Webhooks: customers' servers that learn what happens in an account. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

export const migration0005: Migration = {
  name: '0005-webhooks',
  up({ schema }, { integer, blob, heap }) {
    return [
      heap(
        schema
          .createTable('webhooks')
          .addColumn('number', 'integer', (column) => column.notNull().primaryKey())
          .addColumn('id', 'text', (column) => column.notNull().unique())
          .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
          .addColumn('dialect', 'text', required)
          .addColumn('url', 'text', required)
          .addColumn('events_json', 'text', required)
          .addColumn('sealed_secret', blob)
          .addColumn('state', 'text', required)
          .addColumn('settings_json', 'text', required)
          .addColumn('created_at', integer, required)
          // The row stays, so that its number is never given again.
          .addColumn('removed_at', integer),
      ),
      // "Who is told of what happens in this account?"
      schema
        .createIndex('webhooks_of_account')
        .on('webhooks')
        .columns(['account_id', 'number'])
        .where(sql.ref('removed_at'), 'is', sql.lit(null)),
      // "What was not delivered?", asked of one account and of all. Most of what was told is delivered, and not in here.
      schema
        .createIndex('deliveries_of_account_not_delivered')
        .on('deliveries')
        .columns(['account_id', 'id'])
        .where(sql.ref('state'), '!=', sql.lit('delivered')),
      schema
        .createIndex('deliveries_not_delivered')
        .on('deliveries')
        .column('id')
        .where(sql.ref('state'), '!=', sql.lit('delivered')),
    ];
  },
};
