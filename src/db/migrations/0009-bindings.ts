/** Bindings of evidence, and values that clients send as things of their account. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * What was proved before says nothing of a binding, and from now on serves nothing, since some front doors took values that
 * anybody could compute from a CSR. Two kinds are known for certain: domains that were kept had 128 bits of ours (DigiCert's
 * random value, the only front door that has domains), and the secrets of mails 256.
 */
export const migration0009: Migration = {
  name: '0009-bindings',
  up(db, _dialect) {
    const { schema } = db;
    return [
      schema.alterTable('authorizations').addColumn('binding', 'text'),
      schema.alterTable('authorizations').addColumn('serves_key', 'text'),
      db
        .updateTable('authorizations')
        .set({ binding: 'server', serves_key: '' })
        .where('proved_at', 'is not', null)
        .where((row) => row.or([row('issuance_id', 'is', null), row('proved_by', '=', 'email')])),
      // Every challenge is written with its method first, and inside a JSON text a quotation mark has a backslash before it.
      db
        .updateTable('authorizations')
        .set({
          challenges_json: sql<string>`replace(challenges_json, '{"method":', '{"binding":"server","method":')`,
        })
        .where('issuance_id', 'is', null),
      schema.dropIndex('authorizations_usable'),
      // "Does this account hold a proof of this name, for any key or for this one?"
      schema
        .createIndex('authorizations_usable')
        .on('authorizations')
        .columns(['account_id', 'identifier', 'serves_key', 'valid_until desc'])
        .where(sql.ref('state'), '=', sql.lit('valid')),
      // "What was asked for of this domain?" Proofs of orders, of which there are many more, are never in here.
      schema
        .createIndex('authorizations_of_domain')
        .on('authorizations')
        .columns(['account_id', 'identifier'])
        .where(sql.ref('issuance_id'), 'is', sql.lit(null)),
      // A reference is unique in its account: two accounts may send the same value.
      db
        .updateTable('external_ids')
        .set({
          kind: sql<string>`kind || ' ' || (select account_id from issuances where issuances.id = external_ids.object_id)`,
        })
        .where('kind', 'like', '%.proof'),
    ];
  },
};
