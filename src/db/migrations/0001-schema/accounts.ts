/** Accounts, what belongs to them, who signs in for them, and their money. */
import { sql } from 'kysely';
import { id, primary, required, requiredTo, type Schema, to } from '../columns.ts';

export const accountsSchema: Schema = ({ schema }, { integer, blob, identity, heap, keyed, byNumber }) => [
  heap(
    schema
      .createTable('accounts')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('name', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('currency', 'text', required)
      .addColumn('approval', 'text', required)
      .addColumn('separates_duties', 'integer', required)
      .addColumn('product_codes_json', 'text')
      .addColumn('allowed_names_json', 'text')
      .addColumn('contact_email', 'text', required)
      .addColumn('created_at', integer, required)
      // The network of somebody who made it for themselves.
      .addColumn('registered_from', 'text'),
  ),
  // "How many were made in the last hour, in all and from one network?" Most accounts are made by an operator.
  schema
    .createIndex('accounts_registered')
    .on('accounts')
    .column('created_at')
    .where(sql.ref('registered_from'), 'is not', sql.lit(null)),
  schema
    .createIndex('accounts_registered_from')
    .on('accounts')
    .columns(['registered_from', 'created_at'])
    .where(sql.ref('registered_from'), 'is not', sql.lit(null)),

  keyed(
    schema
      .createTable('balances')
      .addColumn('account_id', blob, (column) => primary(column).references('accounts.id'))
      .addColumn('amount_minor', integer, (column) => column.notNull().check(sql`amount_minor >= 0`)),
  ),

  // One sequence for users, credentials and the contacts of organizations.
  heap(schema.createTable('actor_numbers').addColumn('number', 'integer', primary).addColumn('id', 'text', required)),

  heap(
    schema
      .createTable('users')
      .addColumn('id', blob, primary)
      .addColumn('number', 'integer', id)
      .addColumn('account_id', blob, to('accounts.id'))
      .addColumn('kind', 'text', required)
      .addColumn('username', 'text', required)
      .addColumn('password_hash', 'text')
      .addColumn('person_json', 'text', required)
      .addColumn('container_id', blob)
      .addColumn('last_sign_in_at', integer)
      .addColumn('roles_json', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('created_by', 'text')
      .addColumn('created_at', integer, required),
  ),
  // "The user of this name." That of somebody who was removed is free.
  schema
    .createIndex('users_by_name')
    .unique()
    .on('users')
    .column('username')
    .where(sql.ref('state'), '!=', sql.lit('removed')),
  schema.createIndex('users_of_account').on('users').columns(['account_id', 'username']),
  // "The newest users of this account", and the newest keys: each sign-in makes one.
  schema.createIndex('users_of_account_by_number').on('users').columns(['account_id', 'number']),

  keyed(
    schema
      .createTable('user_networks')
      .addColumn('user_id', blob, requiredTo('users.id'))
      .addColumn('network', 'text', required)
      .addColumn('last_at', integer, required)
      .addPrimaryKeyConstraint('user_networks_of_user', ['user_id', 'network']),
  ),

  heap(
    schema
      .createTable('user_sessions')
      .addColumn('id', blob, primary)
      .addColumn('user_id', blob, requiredTo('users.id'))
      .addColumn('account_id', blob, to('accounts.id'))
      .addColumn('dialect', 'text', required)
      .addColumn('secret_hash', blob, id)
      .addColumn('address', 'text', required)
      .addColumn('created_at', integer, required)
      .addColumn('last_used_at', integer, required)
      .addColumn('idle_ends_at', integer, required)
      .addColumn('expires_at', integer, required),
  ),
  // "The sessions of this person", few of each.
  schema.createIndex('user_sessions_of_user').on('user_sessions').columns(['user_id', 'id']),
  // "Which are over?", for one reason or the other.
  schema.createIndex('user_sessions_idle').on('user_sessions').column('idle_ends_at'),
  schema.createIndex('user_sessions_ending').on('user_sessions').column('expires_at'),

  heap(
    schema
      .createTable('credentials')
      .addColumn('id', blob, primary)
      .addColumn('number', 'integer', id)
      .addColumn('account_id', blob, to('accounts.id'))
      .addColumn('user_id', blob, to('users.id'))
      .addColumn('dialect', 'text', required)
      .addColumn('public_id', 'text', required)
      .addColumn('secret_hash', blob)
      .addColumn('public_key', blob)
      .addColumn('key_hash', blob)
      .addColumn('key_realm', 'text')
      .addColumn('external_account_key_id', blob)
      .addColumn('dialect_data_json', 'text', required)
      .addColumn('label', 'text', required)
      .addColumn('roles_json', 'text', required)
      .addColumn('allowed_addresses_json', 'text')
      .addColumn('created_by', 'text')
      .addColumn('created_at', integer, required)
      .addColumn('last_used_at', integer)
      .addColumn('expires_at', integer)
      .addColumn('revoked_at', integer)
      .addUniqueConstraint('credentials_by_public_id', ['dialect', 'public_id']),
  ),
  // "Whose key is this?" Never two credentials' of one realm. The hash stands before the realm: "is it anybody's at all?"
  schema
    .createIndex('credentials_by_key')
    .unique()
    .on('credentials')
    .columns(['dialect', 'key_hash', 'key_realm'])
    .where(sql.ref('key_hash'), 'is not', sql.lit(null)),
  // "How many has this external account key bound?"
  schema
    .createIndex('credentials_of_external_account_key')
    .on('credentials')
    .column('external_account_key_id')
    .where(sql.ref('external_account_key_id'), 'is not', sql.lit(null)),
  schema.createIndex('credentials_of_account').on('credentials').columns(['account_id', 'id']),
  // "Which keys does this person hold?"
  schema
    .createIndex('credentials_of_user')
    .on('credentials')
    .column('user_id')
    .where(sql.ref('revoked_at'), 'is', sql.lit(null)),
  schema.createIndex('credentials_of_account_by_number').on('credentials').columns(['account_id', 'number']),

  heap(
    schema
      .createTable('role_grants')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('subject', 'text', required)
      .addColumn('roles_json', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('proposed_by', 'text', required)
      .addColumn('decided_by', 'text')
      .addColumn('created_at', integer, required)
      .addColumn('decided_at', integer),
  ),
  schema
    .createIndex('role_grants_of_account')
    .on('role_grants')
    .columns(['account_id', ...byNumber]),
  // "Does one wait for this user or key?" Never two.
  schema
    .createIndex('role_grants_pending')
    .unique()
    .on('role_grants')
    .column('subject')
    .where(sql.ref('state'), '=', sql.lit('pending')),

  heap(
    schema
      .createTable('containers')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('parent_id', blob, to('containers.id'))
      .addColumn('name', 'text', required)
      .addColumn('description', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('allowed_names_json', 'text')
      .addColumn('created_at', integer, required),
  ),
  // "The containers of this account, its root first."
  schema
    .createIndex('containers_of_account')
    .on('containers')
    .columns(['account_id', ...byNumber]),

  heap(
    schema
      .createTable('custom_fields')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('label', 'text', required)
      .addColumn('description', 'text', required)
      .addColumn('is_required', 'integer', required)
      .addColumn('is_active', 'integer', required)
      .addColumn('kind', 'text', required)
      .addColumn('created_at', integer, required)
      .addUniqueConstraint('custom_fields_by_label', ['account_id', 'label']),
  ),
  // "The fields of this account."
  schema
    .createIndex('custom_fields_of_account')
    .on('custom_fields')
    .columns(['account_id', ...byNumber]),

  heap(
    schema
      .createTable('ledger')
      .addColumn('sequence', integer, identity)
      .addColumn('id', blob, required)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('kind', 'text', required)
      .addColumn('amount_minor', integer, required)
      .addColumn('balance_after_minor', integer, (column) => column.notNull().check(sql`balance_after_minor >= 0`))
      .addColumn('currency', 'text', required)
      .addColumn('order_id', blob)
      .addColumn('note', 'text', required)
      .addColumn('at', integer, required),
  ),
  // "The newest lines of this account." The amount lets the sum be read from the index alone.
  schema.createIndex('ledger_of_account').on('ledger').columns(['account_id', 'sequence', 'amount_minor']),
];
