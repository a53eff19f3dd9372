/** Authorities that are revoked; when the last certificate of each ends. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0030: Migration = {
  name: '0030-rollover',
  up: ({ schema }, { integer }) => [
    schema.alterTable('authorities').addColumn('revoked_at', integer),
    schema.alterTable('authorities').addColumn('revocation_reason', 'text'),

    // "When does the last certificate of this authority end?" Those of upstreams have none.
    schema
      .createIndex('certificates_under_authority')
      .on('certificates')
      .columns(['authority_id', 'not_after'])
      .where(sql.ref('authority_id'), 'is not', sql.lit(null)),
    schema.createIndex('imported_serials_ending').on('imported_serials').columns(['authority_id', 'not_after']),
  ],
};
