/** Validation by e-mail. */
import type { ColumnDefinitionBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const requiredTo = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference);

export const migration0002: Migration = {
  name: '0002-confirmations',
  up({ schema }, { integer, blob, heap }) {
    return [
      heap(
        schema
          .createTable('confirmations')
          .addColumn('id', 'text', (column) => column.notNull().primaryKey())
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('order_id', 'text', (column) => column.references('orders.id'))
          .addColumn('issuance_id', 'text', (column) => column.references('issuances.id'))
          .addColumn('authorization_id', 'text', requiredTo('authorizations.id'))
          .addColumn('address', 'text', required)
          // "Whose link is this?"
          .addColumn('token_hash', blob, (column) => column.unique())
          .addColumn('state', 'text', required)
          .addColumn('requested_by', 'text', required)
          .addColumn('requested_from', 'text', required)
          .addColumn('requested_at', integer, required)
          .addColumn('sent_at', integer)
          .addColumn('expires_at', integer, required)
          .addColumn('decided_from', 'text')
          .addColumn('decided_at', integer),
      ),
      // "Which mails were sent for this name?"
      schema.createIndex('confirmations_of_authorization').on('confirmations').columns(['authorization_id', 'id']),
    ];
  },
};
