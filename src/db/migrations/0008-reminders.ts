/** Mails that say that something ends soon. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const requiredTo = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference);

export const migration0008: Migration = {
  name: '0008-reminders',
  up({ schema }, { integer, heap }) {
    return [
      heap(
        schema
          .createTable('expiry_reminders')
          .addColumn('id', 'text', (column) => column.notNull().primaryKey())
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('order_id', 'text', requiredTo('orders.id'))
          .addColumn('issuance_id', 'text', requiredTo('issuances.id'))
          .addColumn('event', 'text', required)
          .addColumn('ends_at', integer, required)
          .addColumn('address', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('last_answer', 'text')
          .addColumn('created_at', integer, required)
          .addColumn('ended_at', integer),
      ),
      // "How often was this certificate sent lately?"
      schema.createIndex('expiry_reminders_of_issuance').on('expiry_reminders').columns(['issuance_id', 'created_at']),
      // "Which certificates end between these moments?", and which verifications.
      schema
        .createIndex('certificates_ending')
        .on('certificates')
        .columns(['not_after', 'number'])
        .where(sql.ref('state'), '=', sql.lit('valid')),
      schema
        .createIndex('organization_validations_ending')
        .on('organization_validations')
        .column('valid_until')
        .where(sql.ref('state'), '=', sql.lit('valid')),
    ];
  },
};
