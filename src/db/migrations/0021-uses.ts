/** What every try of a delivery was answered, and from where a key was used last. */
import type { Migration } from '../migrate.ts';

export const migration0021: Migration = {
  name: '0021-uses',
  up: ({ schema }) => [
    schema.alterTable('deliveries').addColumn('tries_json', 'text', (column) => column.notNull().defaultTo('[]')),
    schema.alterTable('credentials').addColumn('last_used_address', 'text'),
  ],
};
