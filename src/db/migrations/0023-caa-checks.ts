/** What look-ups of CAA records found: the newest decides whether a certificate may be signed, and the others say why those before were. */
import type { Migration } from '../migrate.ts';
import { required } from './columns.ts';

export const migration0023: Migration = {
  name: '0023-caa-checks',
  up: ({ schema }, { integer, keyed }) => [
    keyed(
      schema
        .createTable('caa_checks')
        .addColumn('name', 'text', required)
        .addColumn('first_at', integer, required)
        .addColumn('checked_at', integer, required)
        .addColumn('outcome_json', 'text', required)
        .addColumn('count', 'integer', required)
        .addPrimaryKeyConstraint('caa_checks_pk', ['name', 'first_at']),
    ),
    schema.alterTable('authorizations').addColumn('pending_issuer_id', 'text'),
    // "Which are old enough to be forgotten?"
    schema.createIndex('caa_checks_by_age').on('caa_checks').column('checked_at'),
  ],
};
