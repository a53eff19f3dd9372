/** Notes that people write to orders. */
import type { ColumnDefinitionBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

export const migration0004: Migration = {
  name: '0004-notes',
  up({ schema }, { integer, heap }) {
    return [
      heap(
        schema
          .createTable('notes')
          .addColumn('number', 'integer', (column) => column.notNull().primaryKey())
          .addColumn('id', 'text', (column) => column.notNull().unique())
          .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
          .addColumn('author', 'text', required)
          .addColumn('text', 'text', required)
          .addColumn('created_at', integer, required),
      ),
      // "What was written to this order, newest first?"
      schema.createIndex('notes_of_order').on('notes').columns(['order_id', 'number']),
    ];
  },
};
