/**
 * The first schema. Each index costs every order a few microseconds, so each says which question it answers. Indexes on
 * `id` come with UNIQUE; ids are time-ordered, so that new rows land at the end.
 */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const id = (column: ColumnDefinitionBuilder) => column.notNull().unique();
const primary = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();
const to = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) => column.references(reference);
const requiredTo = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference);

export const migration0001: Migration = {
  name: '0001-core',
  up({ schema }, { integer, blob, identity, heap, keyed }) {
    return [
      heap(
        schema
          .createTable('accounts')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('name', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('currency', 'text', required)
          .addColumn('balance_minor', integer, (column) => column.notNull().check(sql`balance_minor >= 0`))
          .addColumn('approval', 'text', required)
          .addColumn('separates_duties', 'integer', required)
          .addColumn('product_codes_json', 'text')
          .addColumn('allowed_names_json', 'text')
          .addColumn('contact_email', 'text', required)
          .addColumn('created_at', integer, required),
      ),

      // One sequence for users, credentials and the contacts of organizations.
      heap(
        schema.createTable('actor_numbers').addColumn('number', 'integer', primary).addColumn('id', 'text', required),
      ),

      heap(
        schema
          .createTable('users')
          .addColumn('id', 'text', primary)
          .addColumn('number', 'integer', (column) => column.notNull().unique())
          .addColumn('account_id', 'text', to('accounts.id'))
          .addColumn('kind', 'text', required)
          .addColumn('username', 'text', (column) => column.notNull().unique())
          .addColumn('password_hash', 'text')
          .addColumn('person_json', 'text', required)
          .addColumn('container_id', 'text')
          .addColumn('last_sign_in_at', integer)
          .addColumn('roles_json', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('created_at', integer, required),
      ),
      schema.createIndex('users_of_account').on('users').columns(['account_id', 'username']),

      heap(
        schema
          .createTable('credentials')
          .addColumn('id', 'text', primary)
          .addColumn('number', 'integer', (column) => column.notNull().unique())
          .addColumn('account_id', 'text', to('accounts.id'))
          .addColumn('user_id', 'text', to('users.id'))
          .addColumn('dialect', 'text', required)
          .addColumn('public_id', 'text', required)
          .addColumn('secret_hash', blob, required)
          .addColumn('label', 'text', required)
          .addColumn('roles_json', 'text', required)
          .addColumn('allowed_addresses_json', 'text')
          .addColumn('created_at', integer, required)
          .addColumn('last_used_at', integer)
          .addColumn('revoked_at', integer)
          .addUniqueConstraint('credentials_by_public_id', ['dialect', 'public_id']),
      ),
      schema.createIndex('credentials_of_account').on('credentials').columns(['account_id', 'id']),
      // "Which keys does this person hold?"
      schema
        .createIndex('credentials_of_user')
        .on('credentials')
        .column('user_id')
        .where(sql.ref('revoked_at'), 'is', sql.lit(null)),

      heap(
        schema
          .createTable('products')
          .addColumn('id', 'text', primary)
          .addColumn('dialect', 'text', required)
          .addColumn('code', 'text', required)
          .addColumn('name', 'text', required)
          .addColumn('level', 'text', required)
          .addColumn('profile_id', 'text', required)
          .addColumn('issuer_id', 'text', required)
          .addColumn('coverage_unit', 'text', required)
          .addColumn('coverage_count', 'integer', required)
          .addColumn('max_periods', 'integer', required)
          .addColumn('csr_may_follow', 'integer', required)
          .addColumn('currency', 'text', required)
          .addColumn('prices_json', 'text', required)
          .addColumn('list_prices_json', 'text', required)
          .addColumn('max_names', 'integer', required)
          .addColumn('allows_wildcard', 'integer', required)
          .addColumn('allows_ipv4', 'integer', required)
          .addColumn('allows_ipv6', 'integer', required)
          .addColumn('is_for_sale', 'integer', required)
          .addColumn('display_json', 'text', required)
          .addUniqueConstraint('products_by_code', ['dialect', 'code']),
      ),

      heap(
        schema
          .createTable('orders')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('credential_id', 'text')
          .addColumn('dialect', 'text', required)
          .addColumn('product_id', 'text', requiredTo('products.id'))
          .addColumn('state', 'text', required)
          .addColumn('coverage_unit', 'text', required)
          .addColumn('coverage_count', 'integer', required)
          .addColumn('coverage_from', integer)
          .addColumn('coverage_until', integer)
          .addColumn('total_minor', integer, (column) => column.notNull().check(sql`total_minor >= 0`))
          .addColumn('currency', 'text', required)
          .addColumn('renewal_of', 'text')
          .addColumn('renewed_by', 'text')
          .addColumn('renewal_mark', 'text')
          .addColumn('is_auto_renewed', 'integer', required)
          .addColumn('reminders_json', 'text')
          .addColumn('organization_json', 'text')
          .addColumn('organization_id', 'text')
          .addColumn('container_id', 'text')
          .addColumn('custom_values_json', 'text')
          .addColumn('alternative_reference', 'text')
          .addColumn('contact_json', 'text')
          // The issuance refers to its order and is inserted after it, so that this one way has no foreign key.
          .addColumn('issuance_id', 'text', required)
          .addColumn('dialect_data_json', 'text', required)
          .addColumn('notify_url', 'text')
          .addColumn('created_at', integer, required),
      ),
      // "My orders, newest first." The dialect lets those of one be counted from the index alone.
      schema.createIndex('orders_of_account').on('orders').columns(['account_id', 'number', 'dialect']),
      // "What is open, what failed?", asked by an account and by the operator. Most orders are active: those are found by
      // the index above and the primary key, and are not in here.
      schema
        .createIndex('orders_of_account_not_active')
        .on('orders')
        .columns(['account_id', 'state', 'number'])
        .where(sql.ref('state'), '!=', sql.lit('active')),
      schema
        .createIndex('orders_not_active')
        .on('orders')
        .columns(['state', 'number'])
        .where(sql.ref('state'), '!=', sql.lit('active')),
      // "Whose coverage is over?"
      schema
        .createIndex('orders_ending')
        .on('orders')
        .column('coverage_until')
        .where(sql.ref('state'), '=', sql.lit('active')),

      keyed(
        schema
          .createTable('order_names')
          .addColumn('name', 'text', required)
          .addColumn('order_number', 'integer', required)
          .addPrimaryKeyConstraint('order_names_pk', ['name', 'order_number']),
      ),

      heap(
        schema
          .createTable('issuances')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('order_id', 'text', requiredTo('orders.id'))
          .addColumn('account_id', 'text', required)
          .addColumn('kind', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('names_json', 'text', required)
          .addColumn('names_text', 'text', required)
          .addColumn('csr', blob)
          .addColumn('proof_reference', 'text', required)
          .addColumn('sealed_key', blob)
          .addColumn('profile_id', 'text', required)
          .addColumn('issuer_id', 'text', required)
          .addColumn('validity_json', 'text')
          .addColumn('plan_json', 'text')
          .addColumn('charged_minor', integer, (column) => column.notNull().check(sql`charged_minor >= 0`))
          .addColumn('validating_since', integer)
          .addColumn('certificate_id', 'text')
          .addColumn('failure_json', 'text')
          .addColumn('created_at', integer, required),
      ),
      // "The issuances of this order."
      schema.createIndex('issuances_of_order').on('issuances').columns(['order_id', 'number']),

      heap(
        schema
          .createTable('approvals')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('account_id', 'text', required)
          .addColumn('order_id', 'text', requiredTo('orders.id'))
          .addColumn('issuance_id', 'text', required)
          .addColumn('asks', 'text', required)
          .addColumn('revocation_json', 'text')
          .addColumn('state', 'text', required)
          .addColumn('requested_by', 'text')
          .addColumn('comments', 'text', required)
          .addColumn('decisions_json', 'text', required)
          .addColumn('created_at', integer, required),
      ),
      // "The newest request of this order."
      schema.createIndex('approvals_of_order').on('approvals').columns(['order_id', 'number']),
      // "The requests of this account, newest first", and "what waits in it?" without all the others.
      schema.createIndex('approvals_of_account').on('approvals').columns(['account_id', 'number']),
      schema
        .createIndex('approvals_waiting_of_account')
        .on('approvals')
        .columns(['account_id', 'number'])
        .where(sql.ref('state'), 'in', [sql.lit('submitted'), sql.lit('pending')]),
      schema
        .createIndex('approvals_waiting')
        .on('approvals')
        .column('number')
        .where(sql.ref('state'), 'in', [sql.lit('submitted'), sql.lit('pending')]),

      heap(
        schema
          .createTable('ledger')
          .addColumn('sequence', integer, identity)
          .addColumn('id', 'text', required)
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('kind', 'text', required)
          .addColumn('amount_minor', integer, required)
          .addColumn('balance_after_minor', integer, (column) => column.notNull().check(sql`balance_after_minor >= 0`))
          .addColumn('currency', 'text', required)
          .addColumn('order_id', 'text')
          .addColumn('note', 'text', required)
          .addColumn('at', integer, required),
      ),
      // "The newest lines of this account." The amount lets the sum be read from the index alone.
      schema.createIndex('ledger_of_account').on('ledger').columns(['account_id', 'sequence', 'amount_minor']),

      heap(
        schema
          .createTable('authorizations')
          .addColumn('id', 'text', primary)
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('issuance_id', 'text')
          .addColumn('identifier_kind', 'text', required)
          .addColumn('identifier', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('challenges_json', 'text', required)
          .addColumn('preferred_method', 'text', required)
          .addColumn('checks_json', 'text', required)
          .addColumn('proved_by', 'text')
          .addColumn('proved_at', integer)
          .addColumn('valid_until', integer)
          .addColumn('created_at', integer, required),
      ),
      // "Does this account hold a proof of this name?"
      schema
        .createIndex('authorizations_usable')
        .on('authorizations')
        .columns(['account_id', 'identifier', 'valid_until'])
        .where(sql.ref('state'), '=', sql.lit('valid')),
      // "Which proofs are over?"
      schema
        .createIndex('authorizations_ending')
        .on('authorizations')
        .column('valid_until')
        .where(sql.ref('state'), '=', sql.lit('valid')),

      heap(
        schema
          .createTable('authorities')
          .addColumn('id', 'text', primary)
          .addColumn('issuer_id', 'text', required)
          .addColumn('role', 'text', required)
          .addColumn('key_kind', 'text', required)
          .addColumn('parent_id', 'text', to('authorities.id'))
          .addColumn('subject', 'text', required)
          .addColumn('certificate', blob, required)
          .addColumn('not_after', integer, required)
          .addColumn('created_at', integer, required),
      ),

      heap(
        schema
          .createTable('crls')
          .addColumn('authority_id', 'text', (column) => column.notNull().primaryKey().references('authorities.id'))
          .addColumn('number', integer, required)
          .addColumn('der', blob, required)
          .addColumn('this_update', integer, required)
          .addColumn('next_update', integer, required),
      ),

      heap(
        schema
          .createTable('certificates')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('account_id', 'text', required)
          .addColumn('order_id', 'text', required)
          .addColumn('issuance_id', 'text', requiredTo('issuances.id'))
          .addColumn('issuer_id', 'text', required)
          .addColumn('authority_id', 'text', to('authorities.id'))
          .addColumn('serial', 'text', required)
          .addColumn('names_json', 'text', required)
          .addColumn('der', blob, required)
          .addColumn('upstream_chain_json', 'text')
          .addColumn('sha256', 'text', required)
          .addColumn('not_before', integer, required)
          .addColumn('not_after', integer, required)
          .addColumn('state', 'text', required)
          .addColumn('revoked_at', integer)
          .addColumn('revocation_reason', 'text')
          .addColumn('created_at', integer, required)
          // RFC 5280 §4.1.2.2: a serial is unique within its issuer. Also "the certificate with this serial".
          .addUniqueConstraint('certificates_by_serial', ['serial', 'authority_id']),
      ),
      // "My certificates, newest first."
      schema.createIndex('certificates_of_account').on('certificates').columns(['account_id', 'number']),
      // "The certificates of this order."
      schema.createIndex('certificates_of_order').on('certificates').columns(['order_id', 'number']),
      // "What does this CRL list?" Holds revoked certificates only, so that valid ones cost nothing.
      schema
        .createIndex('certificates_revoked')
        .on('certificates')
        .columns(['authority_id', 'not_after'])
        .where(sql.ref('state'), '=', sql.lit('revoked')),

      heap(
        schema
          .createTable('events')
          .addColumn('sequence', integer, identity)
          .addColumn('kind', 'text', required)
          .addColumn('account_id', 'text')
          .addColumn('actor', 'text', required)
          .addColumn('subject', 'text', required)
          .addColumn('data_json', 'text', required)
          .addColumn('request_id', 'text')
          .addColumn('at', integer, required),
      ),
      // "What happened in this account, to this object?"
      schema.createIndex('events_of_account').on('events').columns(['account_id', 'sequence']),
      schema.createIndex('events_of_subject').on('events').columns(['subject', 'sequence']),

      keyed(
        schema
          .createTable('jobs')
          .addColumn('kind', 'text', required)
          .addColumn('subject', 'text', required)
          .addColumn('id', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('run_at', integer, required)
          .addColumn('again_at', integer)
          .addColumn('lease_until', integer)
          .addColumn('attempts', 'integer', required)
          .addColumn('last_error', 'text')
          .addColumn('created_at', integer, required)
          .addPrimaryKeyConstraint('jobs_pk', ['kind', 'subject']),
      ),
      // "What is due?"
      schema.createIndex('jobs_due').on('jobs').column('run_at').where(sql.ref('state'), '=', sql.lit('waiting')),
      // "What failed?"
      schema.createIndex('jobs_failed').on('jobs').column('run_at').where(sql.ref('state'), '=', sql.lit('failed')),

      heap(
        schema
          .createTable('deliveries')
          .addColumn('id', 'text', primary)
          .addColumn('account_id', 'text', required)
          .addColumn('event', 'text', required)
          .addColumn('order_id', 'text', to('orders.id'))
          .addColumn('issuance_id', 'text', to('issuances.id'))
          .addColumn('domain_id', 'text')
          .addColumn('organization_id', 'text')
          .addColumn('webhook_id', 'text')
          .addColumn('dialect', 'text', required)
          .addColumn('url', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('content_type', 'text')
          .addColumn('sealed_body', blob)
          .addColumn('attempts', 'integer', required)
          .addColumn('last_answer', 'text')
          .addColumn('created_at', integer, required)
          .addColumn('ended_at', integer),
      ),
      // "What was told to this account's servers, newest first?"
      schema.createIndex('deliveries_of_account').on('deliveries').columns(['account_id', 'id']),

      keyed(
        schema
          .createTable('external_ids')
          .addColumn('kind', 'text', required)
          .addColumn('value', 'text', required)
          .addColumn('object_id', 'text', required)
          .addPrimaryKeyConstraint('external_ids_pk', ['kind', 'value']),
      ),

      keyed(
        schema
          .createTable('idempotency')
          .addColumn('account_id', 'text', required)
          .addColumn('key', 'text', required)
          .addColumn('fingerprint', 'text', required)
          .addColumn('object_id', 'text', required)
          .addColumn('expires_at', integer, required)
          .addPrimaryKeyConstraint('idempotency_pk', ['account_id', 'key']),
      ),
      // "Which keys are over?"
      schema.createIndex('idempotency_ending').on('idempotency').column('expires_at'),

      keyed(schema.createTable('settings').addColumn('key', 'text', primary).addColumn('value_json', 'text', required)),
    ];
  },
};
