/** Keys by which ACME clients are bound to accounts. */
import type { ColumnDefinitionBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

export const migration0007: Migration = {
  name: '0007-external-account-keys',
  up({ schema }, { integer, blob, heap }) {
    return [
      heap(
        schema
          .createTable('external_account_keys')
          .addColumn('number', 'integer', (column) => column.notNull().primaryKey())
          .addColumn('id', 'text', (column) => column.notNull().unique())
          .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
          .addColumn('dialect', 'text', required)
          // "Whose key is this?"
          .addColumn('key_id', 'text', (column) => column.notNull().unique())
          .addColumn('sealed_hmac_key', blob, required)
          .addColumn('name', 'text', required)
          .addColumn('product_id', 'text', (column) => column.notNull().references('products.id'))
          .addColumn('organization_id', 'text')
          .addColumn('coverage_unit', 'text', required)
          .addColumn('coverage_count', 'integer', required)
          .addColumn('settings_json', 'text', required)
          .addColumn('created_at', integer, required)
          .addColumn('revoked_at', integer),
      ),
      // "Which keys has this account?"
      schema
        .createIndex('external_account_keys_of_account')
        .on('external_account_keys')
        .columns(['account_id', 'number']),
    ];
  },
};
