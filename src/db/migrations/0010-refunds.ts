/**
 * Who credited an account or refunded an order, beside the line in its ledger: not known of lines from before, of which the audit log
 * has it. And the refund that a delivery is about.
 */
import type { Migration } from '../migrate.ts';

export const migration0010: Migration = {
  name: '0010-refunds',
  up: ({ schema }) => [
    schema.alterTable('ledger').addColumn('actor', 'text'),
    schema.alterTable('deliveries').addColumn('refund_json', 'text'),
  ],
};
