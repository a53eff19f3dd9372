/** An issuance that is being signed is its own job: until when whoever moved it there works on it. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0018: Migration = {
  name: '0018-signing',
  up({ schema }, { integer }) {
    return [
      schema.alterTable('issuances').addColumn('signing_until', integer),
      // "What was about to be signed, and nobody works on it any more?"
      schema
        .createIndex('issuances_signing')
        .on('issuances')
        .column('signing_until')
        .where(sql.ref('signing_until'), 'is not', sql.lit(null)),
    ];
  },
};
