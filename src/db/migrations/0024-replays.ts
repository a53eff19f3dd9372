/** What was sent again in place of a delivery; what was given back, over all accounts. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0024: Migration = {
  name: '0024-replays',
  up: ({ schema }, { blob }) => [
    schema.alterTable('deliveries').addColumn('replayed_as', blob),

    // "What was refunded?", of all accounts. Nearly all lines are charges, and are not in here.
    schema
      .createIndex('ledger_not_charged')
      .on('ledger')
      .columns(['kind', 'sequence'])
      .where(sql.ref('kind'), '!=', sql.lit('charge')),
  ],
};
