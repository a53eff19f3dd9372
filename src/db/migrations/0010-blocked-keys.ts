/** Keys that must not be certified, keys that were made here, and certificates by their key. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const requiredTo = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference);

export const migration0010: Migration = {
  name: '0010-blocked-keys',
  up({ schema }, { integer, blob, heap, keyed }) {
    return [
      heap(
        schema
          .createTable('blocked_keys')
          .addColumn('number', 'integer', (column) => column.notNull().primaryKey())
          .addColumn('fingerprint', 'text', required)
          // An account, or empty: everywhere. Not null, so that one key is blocked once in one place.
          .addColumn('scope', 'text', required)
          .addColumn('source', 'text', required)
          .addColumn('actor', 'text', required)
          .addColumn('note', 'text', required)
          .addColumn('certificate_id', 'text')
          .addColumn('created_at', integer, required)
          // "Is this key blocked?", asked for every order.
          .addUniqueConstraint('blocked_keys_by_fingerprint', ['fingerprint', 'scope']),
      ),
      // "The keys blocked in this account, newest first."
      schema.createIndex('blocked_keys_of_scope').on('blocked_keys').columns(['scope', 'number']),
      // "Was this key made here?", asked for every CSR that is sent.
      keyed(
        schema
          .createTable('made_keys')
          .addColumn('key_hash', blob, (column) => column.notNull().primaryKey())
          .addColumn('issuance_id', 'text', requiredTo('issuances.id')),
      ),
      // Null until `app/revoking/fill-key-hashes.ts` has read the key of an older certificate; the index finds what is left.
      schema.alterTable('certificates').addColumn('key_hash', blob),
      schema
        .createIndex('certificates_of_key')
        .on('certificates')
        .columns(['key_hash', 'number'])
        .where(sql.ref('key_hash'), 'is not', sql.lit(null)),
      schema
        .createIndex('certificates_without_key')
        .on('certificates')
        .column('number')
        .where(sql.ref('key_hash'), 'is', sql.lit(null)),
    ];
  },
};
