/** Values that front doors keep for a while: the nginx agent's codes, which were in the memory of one process. */
import type { Migration } from '../migrate.ts';

export const migration0020: Migration = {
  name: '0020-expiring-values',
  up({ schema }, { integer, keyed }) {
    return [
      keyed(
        schema
          .createTable('expiring_values')
          .addColumn('purpose', 'text', (column) => column.notNull())
          // Empty where it is no account's.
          .addColumn('owner', 'text', (column) => column.notNull())
          .addColumn('key', 'text', (column) => column.notNull())
          .addColumn('value', 'text', (column) => column.notNull())
          .addColumn('expires_at', integer, (column) => column.notNull())
          .addPrimaryKeyConstraint('expiring_values_pk', ['purpose', 'owner', 'key']),
      ),
      // "Which of a shelf that is full go first?"
      schema
        .createIndex('expiring_values_of_shelf')
        .on('expiring_values')
        .columns(['purpose', 'owner', 'expires_at', 'key']),
      // "What is over?"
      schema.createIndex('expiring_values_ending').on('expiring_values').column('expires_at'),
    ];
  },
};
