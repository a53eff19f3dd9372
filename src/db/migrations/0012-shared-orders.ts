/** Orders at ACME CAs by their URL: "Which issuance has the order that the CA gives again?" And since when there is one. */
import type { Migration } from '../migrate.ts';

export const migration0012: Migration = {
  name: '0012-shared-orders',
  up: ({ schema }, { integer }) => [
    schema.alterTable('acme_upstream_orders').addColumn('placed_at', integer),
    schema.createIndex('acme_upstream_orders_by_url').on('acme_upstream_orders').column('order_url'),
  ],
};
