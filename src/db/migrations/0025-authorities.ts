/**
 * Authorities that follow one another: when each begins to sign and ends, where its key is, what was asked of a CA outside, and what
 * was issued before an authority came here.
 */
import type { Migration } from '../migrate.ts';
import { primary, required, requiredTo, to } from './columns.ts';

export const migration0025: Migration = {
  name: '0025-authorities',
  up: ({ schema }, { integer, blob, heap, keyed }) => [
    schema.alterTable('authorities').addColumn('key_place', 'text', (column) => column.notNull().defaultTo('here')),
    schema.alterTable('authorities').addColumn('signs_from', integer),
    schema.alterTable('authorities').addColumn('retired_at', integer),
    schema.alterTable('authorities').addColumn('closed_at', integer),

    // What an authority was certified by before: chains that were handed out end in them.
    keyed(
      schema
        .createTable('authority_certificates')
        .addColumn('authority_id', blob, requiredTo('authorities.id'))
        .addColumn('replaced_at', integer, required)
        .addColumn('certificate', blob, required)
        .addPrimaryKeyConstraint('authority_certificates_pk', ['authority_id', 'replaced_at']),
    ),

    heap(
      schema
        .createTable('authority_requests')
        // Of the authority that is to be, or that is to have another certificate for its key.
        .addColumn('id', blob, primary)
        .addColumn('issuer_id', 'text', required)
        .addColumn('key_kind', 'text', required)
        .addColumn('subject', 'text', required)
        .addColumn('csr', blob, required)
        // The authority that it follows, with another key; null: it follows none.
        .addColumn('follows_id', blob, to('authorities.id'))
        .addColumn('created_at', integer, required),
    ),

    // Serials that an authority has used before it came here. No certificate of ours has one of them, and the lists name those that are revoked.
    keyed(
      schema
        .createTable('imported_serials')
        .addColumn('authority_id', blob, requiredTo('authorities.id'))
        .addColumn('serial', blob, required)
        .addColumn('certificate', blob)
        .addColumn('not_after', integer, required)
        .addColumn('revoked_at', integer)
        .addColumn('revocation_reason', 'text')
        .addColumn('crl_piece', 'integer', required)
        .addPrimaryKeyConstraint('imported_serials_pk', ['authority_id', 'serial']),
    ),
  ],
};
