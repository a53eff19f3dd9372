/** The modulus of blocked RSA keys: another exponent makes no other private key. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0016: Migration = {
  name: '0016-blocked-moduli',
  up({ schema }) {
    return [
      // Null where only a hash of the key was given, and for keys of other kinds.
      schema.alterTable('blocked_keys').addColumn('modulus_hash', 'text'),
      // "Is a key of this modulus blocked?", asked for every order.
      schema
        .createIndex('blocked_keys_of_modulus')
        .on('blocked_keys')
        .column('modulus_hash')
        .where(sql.ref('modulus_hash'), 'is not', sql.lit(null)),
    ];
  },
};
