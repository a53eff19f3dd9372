/**
 * What a CA had issued before it came here is handed in piece by piece, before there is an authority of it: so that an import is there as a
 * whole or not at all.
 */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { primary, required } from './columns.ts';

export const migration0032: Migration = {
  name: '0032-imported-serials',
  up: ({ schema }, { integer, blob, heap, keyed }) => [
    // When its key came from another CA; null: it was made here.
    schema.alterTable('authorities').addColumn('imported_at', integer),

    // The ids of authorities that are to be. Those that never come to be are removed with their serials.
    heap(
      schema.createTable('serial_uploads').addColumn('id', blob, primary).addColumn('created_at', integer, required),
    ),

    // "Which are old enough to be forgotten?"
    schema.createIndex('serial_uploads_by_age').on('serial_uploads').column('created_at'),

    // Nothing was ever put into the table of 0025, which wanted the authority to be there first.
    schema.dropTable('imported_serials'),
    keyed(
      schema
        .createTable('imported_serials')
        .addColumn('authority_id', blob, required)
        .addColumn('serial', blob, required)
        .addColumn('certificate', blob)
        .addColumn('not_after', integer, required)
        .addColumn('revoked_at', integer)
        .addColumn('revocation_reason', 'text')
        .addColumn('crl_piece', 'integer', required)
        .addPrimaryKeyConstraint('imported_serials_pk', ['authority_id', 'serial']),
    ),
    // "Which are revoked, and not in the list as they are now?"
    schema
      .createIndex('imported_serials_unlisted')
      .on('imported_serials')
      .columns(['authority_id', 'not_after'])
      .where(sql.ref('revoked_at'), 'is not', null)
      .where(sql.ref('crl_piece'), '<=', sql.lit(0)),
  ],
};
