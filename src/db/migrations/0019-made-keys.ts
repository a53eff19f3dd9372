/** Whether the account lets upstreams certify keys that were made for it. */
import type { Migration } from '../migrate.ts';

export const migration0019: Migration = {
  name: '0019-made-keys',
  up: ({ schema }) => [
    schema.alterTable('accounts').addColumn('made_keys', 'text', (column) => column.notNull().defaultTo('anyIssuer')),
  ],
};
