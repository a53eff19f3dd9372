/**
 * Defaults of custom fields, notes that are changed and removed with what they were before, and the history of checks. Columns that are
 * added to tables with rows are null there, or have a default.
 */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { required, requiredTo } from './columns.ts';

const tables: Migration['up'] = ({ schema }, { integer, blob, heap, keyed }) => [
  schema.alterTable('custom_fields').addColumn('defaults_json', 'text'),

  schema.alterTable('notes').addColumn('version', 'integer', (column) => column.notNull().defaultTo(1)),
  schema.alterTable('notes').addColumn('changed_by', 'text'),
  schema.alterTable('notes').addColumn('changed_at', integer),
  schema.alterTable('notes').addColumn('removed_at', integer),
  // What a note said before it was changed, found by the note alone.
  heap(
    schema
      .createTable('note_versions')
      .addColumn('note_number', 'integer', requiredTo('notes.number'))
      .addColumn('version', 'integer', required)
      .addColumn('author', 'text', required)
      .addColumn('text', 'text', required)
      .addColumn('written_at', integer, required)
      .addPrimaryKeyConstraint('note_versions_pk', ['note_number', 'version']),
  ),

  // Rows lie beside those of the same authorization, whose ids are in the order of time.
  keyed(
    schema
      .createTable('check_records')
      .addColumn('authorization_id', blob, required)
      .addColumn('challenge', 'integer', required)
      .addColumn('fingerprint', blob, required)
      .addColumn('check_json', 'text', required)
      .addColumn('node', 'text', required)
      .addColumn('count', 'integer', required)
      .addColumn('first_at', integer, required)
      .addColumn('last_at', integer, required)
      .addColumn('usable_until', integer)
      .addPrimaryKeyConstraint('check_records_pk', ['authorization_id', 'challenge', 'fingerprint']),
  ),
  // "Which failures are old enough to be forgotten?"
  schema
    .createIndex('check_records_failed')
    .on('check_records')
    .column('last_at')
    .where(sql.ref('usable_until'), 'is', sql.lit(null)),
  // "Which proofs can no certificate rely on any more?"
  schema
    .createIndex('check_records_proved')
    .on('check_records')
    .column('usable_until')
    .where(sql.ref('usable_until'), 'is not', sql.lit(null)),
];

/** Thumbprints of either kind are looked up from now on: the projection is made again from the audit log, beside everything else. */
const listings: Migration['up'] = (db, { hasListings }) => (hasListings ? [db.deleteFrom('listing_progress')] : []);

export const migration0004: Migration = {
  name: '0004-doors',
  up: (db, dialect) => [...tables(db, dialect), ...listings(db, dialect)],
};
