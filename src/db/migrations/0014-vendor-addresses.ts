/** Where orders at vendors were placed, which of the kept exchanges acted, and the lines of customers' ledgers by time. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0014: Migration = {
  name: '0014-vendor-addresses',
  up: ({ schema }, { integer }) => [
    // Of rows from before nobody knows: an issuer may have had another vendor then.
    schema.alterTable('vendor_orders').addColumn('vendor', 'text'),
    schema.alterTable('vendor_orders').addColumn('base_url', 'text'),

    // What bought, changed, cancelled or revoked stays with its issuance; what only went wrong makes room for newer ones.
    schema.alterTable('upstream_exchanges').addColumn('acting_at', integer),
    schema
      .createIndex('upstream_exchanges_passing')
      .on('upstream_exchanges')
      .columns(['account', 'id'])
      .where(sql.ref('acting_at'), 'is', sql.lit(null)),
    schema
      .createIndex('upstream_exchanges_acting')
      .on('upstream_exchanges')
      .column('acting_at')
      .where(sql.ref('acting_at'), 'is not', sql.lit(null)),

    // "What did customers pay and get back in this month?"
    schema.createIndex('ledger_by_time').on('ledger').columns(['at', 'sequence']),
  ],
};
