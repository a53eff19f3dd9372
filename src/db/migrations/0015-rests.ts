/** Conditions besides validation that an issuance waits for. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0015: Migration = {
  name: '0015-rests',
  up({ schema }) {
    return [
      schema.alterTable('issuances').addColumn('rest_json', 'text'),
      // "What of this account waits for somebody?" Few ever do.
      schema
        .createIndex('issuances_resting')
        .on('issuances')
        .column('account_id')
        .where(sql.ref('rest_json'), 'is not', sql.lit(null)),
    ];
  },
};
