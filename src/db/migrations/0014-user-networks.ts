/** Networks from which each user has signed in, so that nobody else's failures block them there; users and keys page by page. */
import type { ColumnDefinitionBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

export const migration0014: Migration = {
  name: '0014-user-networks',
  up({ schema }, { integer, keyed }) {
    return [
      keyed(
        schema
          .createTable('user_networks')
          .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
          .addColumn('network', 'text', required)
          .addColumn('last_at', integer, required)
          .addPrimaryKeyConstraint('user_networks_of_user', ['user_id', 'network']),
      ),
      // "The newest users of this account", and the newest keys: each sign-in makes one.
      schema.createIndex('users_of_account_by_number').on('users').columns(['account_id', 'number']),
      schema.createIndex('credentials_of_account_by_number').on('credentials').columns(['account_id', 'number']),
    ];
  },
};
