/** Who credited an account or refunded an order, beside the line in its ledger. Not known of lines from before: the audit log has it. */
import type { Migration } from '../migrate.ts';

export const migration0010: Migration = {
  name: '0010-ledger-actors',
  up: ({ schema }) => [schema.alterTable('ledger').addColumn('actor', 'text')],
};
