/** Links that show what the names of an order wait for to whoever has the link. */
import type { Migration } from '../migrate.ts';
import { primary, required } from './columns.ts';

export const migration0018: Migration = {
  name: '0018-order-shares',
  up: ({ schema }, { integer, blob, heap }) => [
    heap(
      schema
        .createTable('order_shares')
        .addColumn('id', blob, primary)
        .addColumn('account_id', blob, required)
        .addColumn('order_id', blob, required)
        // "Whose link is this?"
        .addColumn('token_hash', blob, (column) => column.notNull().unique())
        .addColumn('created_by', 'text', required)
        .addColumn('created_at', integer, required)
        .addColumn('expires_at', integer, required),
    ),
    // "Which links show this order?"
    schema.createIndex('order_shares_of_order').on('order_shares').columns(['order_id', 'expires_at']),
    // "Which are over?"
    schema.createIndex('order_shares_over').on('order_shares').column('expires_at'),
  ],
};
