/** Authorities, certificates, keys that must not be certified, and orders at upstreams. */
import { sql } from 'kysely';
import { primary, required, requiredTo, type Schema, to } from '../columns.ts';

export const certificatesSchema: Schema = ({ schema }, { integer, blob, heap, keyed, byNumber }) => [
  heap(
    schema
      .createTable('authorities')
      .addColumn('id', blob, primary)
      .addColumn('issuer_id', 'text', required)
      .addColumn('role', 'text', required)
      .addColumn('key_kind', 'text', required)
      .addColumn('parent_id', blob, to('authorities.id'))
      .addColumn('subject', 'text', required)
      .addColumn('certificate', blob, required)
      .addColumn('not_after', integer, required)
      .addColumn('created_at', integer, required),
  ),

  heap(
    schema
      .createTable('authority_keys')
      // Of an authority that is there, or that was being made when its process ended.
      .addColumn('id', 'text', primary)
      .addColumn('sealed_key', blob, required)
      .addColumn('created_at', integer, required),
  ),

  heap(
    schema
      .createTable('crls')
      .addColumn('authority_id', blob, (column) => primary(column).references('authorities.id'))
      .addColumn('number', integer, required)
      .addColumn('revision', integer, required)
      .addColumn('head', blob, required)
      .addColumn('tail', blob, required)
      .addColumn('size_bytes', integer, required)
      .addColumn('this_update', integer, required)
      .addColumn('next_update', integer, required),
  ),

  // The entries of the lists. Those of the newest list and of the one before it are here, and what is staged for the next.
  heap(
    schema
      .createTable('crl_pieces')
      .addColumn('authority_id', blob, requiredTo('authorities.id'))
      .addColumn('piece', 'integer', required)
      .addColumn('from_number', integer, required)
      .addColumn('until_number', integer)
      .addColumn('ends_at', integer, required)
      .addColumn('entries', 'integer', required)
      .addColumn('der', blob, required)
      .addPrimaryKeyConstraint('crl_pieces_pk', ['authority_id', 'piece', 'from_number']),
  ),
  // "Which piece takes another entry?", and "which are over?"
  schema
    .createIndex('crl_pieces_ending')
    .on('crl_pieces')
    .columns(['authority_id', 'ends_at', 'piece'])
    .where(sql.ref('until_number'), 'is', sql.lit(null)),
  // "Which versions does no list have any more?"
  schema
    .createIndex('crl_pieces_replaced')
    .on('crl_pieces')
    .columns(['authority_id', 'until_number'])
    .where(sql.ref('until_number'), 'is not', sql.lit(null)),

  heap(
    schema
      .createTable('certificates')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, required)
      .addColumn('account_id', blob, required)
      .addColumn('order_id', blob, required)
      .addColumn('order_number', 'integer', required)
      .addColumn('issuance_id', blob, required)
      .addColumn('issuance_number', 'integer', requiredTo('issuances.number'))
      .addColumn('issuer_id', 'text', required)
      .addColumn('authority_id', blob, to('authorities.id'))
      .addColumn('serial', blob, required)
      // The issuer's name in the certificate; null for our own authorities.
      .addColumn('issuer_hash', blob)
      .addColumn('names_json', 'text', required)
      .addColumn('der', blob, required)
      .addColumn('upstream_chain_json', 'text')
      // Null where an upstream's certificate holds a key that cannot be read.
      .addColumn('key_hash', blob)
      .addColumn('is_withheld', 'integer', required)
      .addColumn('not_before', integer, required)
      .addColumn('not_after', integer, required)
      .addColumn('state', 'text', required)
      .addColumn('revoked_at', integer)
      .addColumn('revocation_reason', 'text')
      .addColumn('crl_piece', 'integer', required)
      .addColumn('created_at', integer, required)
      // RFC 5280 §4.1.2.2: a serial is unique within its issuer. Also "the certificate with this serial".
      .addUniqueConstraint('certificates_by_serial', ['serial', 'authority_id']),
  ),
  // "My certificates, newest first."
  schema
    .createIndex('certificates_of_account')
    .on('certificates')
    .columns(['account_id', ...byNumber]),
  // "The certificates of this order that no issuance names." The others are found by the issuances.
  schema
    .createIndex('certificates_withheld_of_order')
    .on('certificates')
    .columns(['order_number', ...byNumber])
    .where(sql.ref('is_withheld'), '=', sql.lit(1)),
  // "What does the CRL not list yet?" Holds revoked certificates for a moment each, so that all others cost nothing.
  schema
    .createIndex('certificates_unlisted')
    .on('certificates')
    .columns(['authority_id', 'not_after', ...byNumber])
    .where(sql.ref('state'), '=', sql.lit('revoked'))
    .where(sql.ref('crl_piece'), '<=', sql.lit(0)),
  // "Which certificates end between these moments?", and which verifications.
  schema
    .createIndex('certificates_ending')
    .on('certificates')
    .columns(['not_after', ...byNumber])
    .where(sql.ref('state'), '=', sql.lit('valid')),
  schema
    .createIndex('certificates_of_key')
    .on('certificates')
    .columns(['key_hash', ...byNumber])
    .where(sql.ref('key_hash'), 'is not', sql.lit(null)),
  schema
    .createIndex('certificates_of_upstreams')
    .unique()
    .on('certificates')
    .columns(['serial', 'issuer_hash'])
    .where(sql.ref('issuer_hash'), 'is not', sql.lit(null)),

  heap(
    schema
      .createTable('blocked_keys')
      .addColumn('number', 'integer', primary)
      .addColumn('fingerprint', 'text', required)
      // Null where only a hash of the key was given, and for keys of other kinds.
      .addColumn('modulus_hash', 'text')
      // An account, or empty: everywhere. Not null, so that one key is blocked once in one place.
      .addColumn('scope', 'text', required)
      .addColumn('source', 'text', required)
      .addColumn('actor', 'text', required)
      .addColumn('note', 'text', required)
      .addColumn('certificate_id', blob)
      .addColumn('created_at', integer, required)
      // "Is this key blocked?", asked for every order.
      .addUniqueConstraint('blocked_keys_by_fingerprint', ['fingerprint', 'scope']),
  ),
  // "The keys blocked in this account, newest first."
  schema
    .createIndex('blocked_keys_of_scope')
    .on('blocked_keys')
    .columns(['scope', ...byNumber]),
  // "Is a key of this modulus blocked?", asked for every order.
  schema
    .createIndex('blocked_keys_of_modulus')
    .on('blocked_keys')
    .column('modulus_hash')
    .where(sql.ref('modulus_hash'), 'is not', sql.lit(null)),

  // "Was this key made here?", asked for every CSR that is sent.
  keyed(
    schema
      .createTable('made_keys')
      .addColumn('key_hash', blob, primary)
      .addColumn('issuance_id', blob, required)
      .addColumn('issuance_number', 'integer', requiredTo('issuances.number')),
  ),

  heap(
    schema
      .createTable('upstream_orders')
      .addColumn('issuance_id', blob, primary)
      .addColumn('issuance_number', 'integer', requiredTo('issuances.number'))
      .addColumn('issuer_id', 'text', required)
      .addColumn('account', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('reference', 'text')
      .addColumn('begun_at', integer, required)
      .addColumn('deadline', integer, required)
      // Of those whose names the upstream checks.
      .addColumn('relay_json', 'text')
      .addColumn('faults', 'integer', required)
      .addColumn('last_fault', 'text')
      .addColumn('evidence_json', 'text')
      .addColumn('ended_at', integer),
  ),
  // "What is under way at upstreams, or went wrong there?"
  schema
    .createIndex('upstream_orders_noted')
    .on('upstream_orders')
    .column('begun_at')
    .where(
      sql.ref('state'),
      'in',
      ['preparing', 'proving', 'issuing', 'cancelling', 'unfit', 'lost'].map((state) => sql.lit(state)),
    ),

  heap(
    schema
      .createTable('upstream_accounts')
      .addColumn('account', 'text', primary)
      .addColumn('faults', 'integer', required)
      .addColumn('last_fault', 'text')
      .addColumn('open_until', integer)
      .addColumn('budget_from', integer, required)
      .addColumn('orders_in_period', 'integer', required),
  ),
];
