/** Authorizations, confirmations by mail, domains that accounts keep, and orders of ACME clients. */
import { sql } from 'kysely';
import { id, primary, required, requiredTo, type Schema, to } from '../columns.ts';

export const provingSchema: Schema = ({ schema }, { integer, blob, heap, byNumber }) => [
  heap(
    schema
      .createTable('authorizations')
      .addColumn('id', blob, primary)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('issuance_id', blob)
      .addColumn('identifier_kind', 'text', required)
      .addColumn('identifier', 'text', required)
      // The issuer whose upstream checks it; null: we do.
      .addColumn('checked_by', 'text')
      .addColumn('state', 'text', required)
      .addColumn('challenges_json', 'text', required)
      .addColumn('preferred_method', 'text', required)
      .addColumn('checks_json', 'text', required)
      .addColumn('proved_by', 'text')
      .addColumn('proved_at', integer)
      .addColumn('binding', 'text')
      // Of a proof for one key only: its hash; empty for any.
      .addColumn('serves_key', 'text')
      .addColumn('valid_until', integer)
      .addColumn('covers_below', 'integer')
      .addColumn('is_checked_on_request', 'integer', required)
      .addColumn('attempt_json', 'text')
      .addColumn('owner_id', blob)
      .addColumn('profile_id', 'text')
      .addColumn('pending_until', integer)
      // Clients of the account that have given it up.
      .addColumn('renounced_by_json', 'text')
      .addColumn('created_at', integer, required),
  ),
  // "Which of those made for themselves were never proved?" Those of orders cost nothing here, nor in the next one.
  schema
    .createIndex('authorizations_pending')
    .on('authorizations')
    .column('pending_until')
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .where(sql.ref('pending_until'), 'is not', sql.lit(null)),
  // "How many names have clients of this account begun to prove?"
  schema
    .createIndex('authorizations_pending_of_account')
    .on('authorizations')
    .columns(['account_id', 'pending_until'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .where(sql.ref('pending_until'), 'is not', sql.lit(null)),
  // "Those that this client asked for, newest first."
  schema
    .createIndex('authorizations_of_owner')
    .on('authorizations')
    .columns(['owner_id', 'id'])
    .where(sql.ref('owner_id'), 'is not', sql.lit(null)),
  // "Which proofs are over?"
  schema
    .createIndex('authorizations_ending')
    .on('authorizations')
    .column('valid_until')
    .where(sql.ref('state'), '=', sql.lit('valid')),
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
    .where(sql.ref('issuance_id'), 'is', sql.lit(null))
    .where(sql.ref('owner_id'), 'is', sql.lit(null)),

  heap(
    schema
      .createTable('confirmations')
      .addColumn('id', blob, primary)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('order_id', blob)
      .addColumn('order_number', 'integer', to('orders.number'))
      .addColumn('issuance_id', blob)
      .addColumn('issuance_number', 'integer', to('issuances.number'))
      .addColumn('authorization_id', blob, requiredTo('authorizations.id'))
      .addColumn('mail_id', 'text', required)
      .addColumn('address', 'text', required)
      // "Whose link is this?"
      .addColumn('token_hash', blob, (column) => column.unique())
      .addColumn('state', 'text', required)
      .addColumn('requested_by', 'text', required)
      .addColumn('requested_from', 'text', required)
      .addColumn('requested_at', integer, required)
      .addColumn('sent_at', integer)
      .addColumn('expires_at', integer, required)
      .addColumn('decided_from', 'text')
      .addColumn('decided_at', integer),
  ),
  // "Which mails were sent for this name?"
  schema.createIndex('confirmations_of_authorization').on('confirmations').columns(['authorization_id', 'id']),
  // "Which names does this mail ask about?"
  schema.createIndex('confirmations_of_mail').on('confirmations').columns(['mail_id', 'id']),
  // "Which mails went to this mailbox for this order?"
  schema
    .createIndex('confirmations_of_issuance')
    .on('confirmations')
    .columns(['issuance_id', 'address', 'id'])
    .where(sql.ref('issuance_id'), 'is not', sql.lit(null)),

  heap(
    schema
      .createTable('managed_domains')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('name', 'text', required)
      .addColumn('organization_id', blob)
      .addColumn('container_id', blob)
      .addColumn('state', 'text', required)
      .addColumn('proof_reference', 'text', required)
      .addColumn('authorization_id', blob, requiredTo('authorizations.id'))
      .addColumn('requested_levels_json', 'text', required)
      .addColumn('created_at', integer, required)
      // "Does this account keep this domain?"
      .addUniqueConstraint('managed_domains_by_name', ['account_id', 'name']),
  ),
  // "My domains, newest first."
  schema
    .createIndex('managed_domains_of_account')
    .on('managed_domains')
    .columns(['account_id', ...byNumber]),
  // "Whose proof is this?" A mail is answered knowing only that.
  schema.createIndex('managed_domains_of_authorization').on('managed_domains').column('authorization_id'),
  schema
    .createIndex('managed_domains_of_organization')
    .on('managed_domains')
    .column('organization_id')
    .where(sql.ref('organization_id'), 'is not', sql.lit(null)),

  heap(
    schema
      .createTable('acme_orders')
      .addColumn('id', blob, primary)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('credential_id', blob, requiredTo('credentials.id'))
      .addColumn('product_id', blob, requiredTo('products.id'))
      .addColumn('profile', 'text')
      .addColumn('names_json', 'text', required)
      .addColumn('validity_json', 'text')
      .addColumn('replaces', blob)
      .addColumn('action_json', 'text')
      .addColumn('terms_hash', blob, required)
      .addColumn('state', 'text', required)
      .addColumn('issuance_id', blob)
      .addColumn('csr_hash', blob)
      .addColumn('approval_id', blob)
      .addColumn('approval_days', 'integer', required)
      .addColumn('csr', blob)
      .addColumn('problem_json', 'text')
      .addColumn('expires_at', integer, required)
      .addColumn('dialect_data_json', 'text', required)
      .addColumn('created_at', integer, required),
  ),
  // "My orders, newest first."
  schema.createIndex('acme_orders_of_credential').on('acme_orders').columns(['credential_id', 'id']),
  // "Whose client got this certificate?"
  schema
    .createIndex('acme_orders_of_issuance')
    .on('acme_orders')
    .column('issuance_id')
    .where(sql.ref('issuance_id'), 'is not', sql.lit(null)),
  // "What was placed before for the same names under the same key?"
  schema
    .createIndex('acme_orders_of_terms')
    .on('acme_orders')
    .columns(['terms_hash', 'id'])
    .where(sql.ref('state'), '=', sql.lit('placed')),
  // "Which orders were placed to replace this certificate?"
  schema
    .createIndex('acme_orders_replacing')
    .on('acme_orders')
    .column('replaces')
    .where(sql.ref('state'), '=', sql.lit('placed')),
  // "Which of those that were never placed are over?"
  schema
    .createIndex('acme_orders_abandoned')
    .on('acme_orders')
    .column('expires_at')
    .where(sql.ref('issuance_id'), 'is', sql.lit(null)),
];
