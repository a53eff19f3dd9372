/** Orders, their issuances, and the requests that somebody approves. */
import { type SqlBool, sql } from 'kysely';
import { id, primary, required, requiredTo, type Schema } from '../columns.ts';

export const ordersSchema: Schema = ({ schema }, { integer, blob, heap, keyed, byNumber }) => [
  heap(
    schema
      .createTable('orders')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, required)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('credential_id', blob)
      .addColumn('dialect', 'text', required)
      .addColumn('product_id', blob, requiredTo('products.id'))
      .addColumn('state', 'text', required)
      // 1: it is in the indexes of orders that are not active.
      .addColumn('is_listed', 'integer', required)
      .addColumn('coverage_unit', 'text', required)
      .addColumn('coverage_count', 'integer', required)
      .addColumn('coverage_from', integer)
      .addColumn('coverage_until', integer)
      // The end of the certificate that counts: the newest, duplicates aside. Null until there is one.
      .addColumn('certificate_until', integer)
      .addColumn('total_minor', integer, (column) => column.notNull().check(sql`total_minor >= 0`))
      .addColumn('currency', 'text', required)
      .addColumn('renewal_of', blob)
      .addColumn('renewed_by', blob)
      .addColumn('renewal_mark', 'text')
      .addColumn('is_auto_renewed', 'integer', required)
      .addColumn('reminders_json', 'text')
      .addColumn('organization_json', 'text')
      .addColumn('organization_id', blob)
      .addColumn('container_id', blob)
      .addColumn('custom_values_json', 'text')
      .addColumn('alternative_reference', 'text')
      .addColumn('contact_json', 'text')
      // The issuance refers to its order and is inserted after it, so that this one way has no foreign key.
      .addColumn('issuance_id', blob, required)
      .addColumn('issuance_number', 'integer', required)
      .addColumn('first_issuance_number', 'integer', required)
      .addColumn('dialect_data_json', 'text', required)
      .addColumn('notify_url', 'text')
      .addColumn('created_at', integer, required),
  ),
  // "My orders, newest first." The dialect lets those of one be counted from the index alone.
  schema.createIndex('orders_of_account').on('orders').columns(['account_id', 'number', 'dialect']),
  // "What is open, what failed?", asked by an account and by the operator. Most orders are active: those are found by
  // the index above and the primary key, and are not in here. One that becomes active within a moment never is: the newest
  // open orders are found by their numbers, and come in here later (`late-lists.ts`).
  schema
    .createIndex('orders_of_account_not_active')
    .on('orders')
    .columns(['account_id', 'state', ...byNumber])
    .where(sql.ref('is_listed'), '=', sql.lit(1)),
  schema
    .createIndex('orders_not_active')
    .on('orders')
    .columns(['state', ...byNumber])
    .where(sql.ref('is_listed'), '=', sql.lit(1)),
  // "Whose coverage is over?"
  schema
    .createIndex('orders_ending')
    .on('orders')
    .column('coverage_until')
    .where(sql.ref('state'), '=', sql.lit('active')),
  // "Which orders of this account have a certificate that ends then?", and all of them in that order. Dialect and state let those of
  // one be counted from the index alone.
  schema
    .createIndex('orders_by_certificate_end')
    .on('orders')
    .columns(['account_id', 'certificate_until', 'dialect', 'state'])
    .where(sql.ref('certificate_until'), 'is not', sql.lit(null)),
  // "The orders that name this organization." Most orders name none and cost nothing here.
  schema
    .createIndex('orders_of_organization')
    .on('orders')
    .column('organization_id')
    .where(sql.ref('organization_id'), 'is not', sql.lit(null)),

  // "The orders of this container", "those that renew one", "those whose reminders are off". Most are none of it and cost nothing
  // here; all the others are counted by the index of the account without them.
  schema
    .createIndex('orders_of_container')
    .on('orders')
    .columns(['container_id', ...byNumber])
    .where(sql.ref('container_id'), 'is not', sql.lit(null)),
  schema
    .createIndex('orders_that_renew')
    .on('orders')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('renewal_of'), 'is not', sql.lit(null)),
  schema
    .createIndex('orders_with_reminder_settings')
    .on('orders')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('reminders_json'), 'is not', sql.lit(null)),

  // "Those that were renewed", "those with a custom field": most are and have none, and cost nothing here.
  schema
    .createIndex('orders_renewed')
    .on('orders')
    .columns(['account_id', ...byNumber])
    .where(sql<SqlBool>`(renewed_by is not null or renewal_mark is not null)`),
  schema
    .createIndex('orders_with_custom_values')
    .on('orders')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('custom_values_json'), 'is not', sql.lit(null)),

  keyed(
    schema
      .createTable('order_names')
      .addColumn('name', 'text', required)
      .addColumn('order_number', 'integer', required)
      .addPrimaryKeyConstraint('order_names_pk', ['name', 'order_number']),
  ),

  // "Which orders of this account have this number of the customer's?" Each part of those that have several.
  keyed(
    schema
      .createTable('order_references')
      .addColumn('account_id', blob, required)
      .addColumn('reference', 'text', required)
      .addColumn('order_number', 'integer', required)
      .addPrimaryKeyConstraint('order_references_pk', ['account_id', 'reference', 'order_number']),
  ),

  heap(
    schema
      .createTable('issuances')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, required)
      .addColumn('order_id', blob, required)
      .addColumn('order_number', 'integer', requiredTo('orders.number'))
      .addColumn('account_id', blob, required)
      .addColumn('kind', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('names_text', 'text', required)
      .addColumn('name_count', 'integer', required)
      // The authorization of each of the names.
      .addColumn('proofs', blob, required)
      .addColumn('csr', blob)
      .addColumn('proof_reference', 'text', required)
      .addColumn('sealed_key', blob)
      .addColumn('profile_id', 'text', required)
      .addColumn('issuer_id', 'text', required)
      .addColumn('validity_json', 'text')
      .addColumn('plan_json', 'text')
      .addColumn('is_checked_on_request', 'integer', required)
      .addColumn('acting_client_id', 'text')
      .addColumn('charged_minor', integer, (column) => column.notNull().check(sql`charged_minor >= 0`))
      .addColumn('validating_since', integer)
      .addColumn('certificate_id', blob)
      .addColumn('certificate_number', 'integer')
      .addColumn('failure_json', 'text')
      .addColumn('rest_json', 'text')
      .addColumn('created_at', integer, required),
  ),
  // "The issuances of this order." The order itself names its first, so that most orders have nothing in here.
  schema
    .createIndex('issuances_later_of_order')
    .on('issuances')
    .columns(['order_number', ...byNumber])
    .where(sql.ref('kind'), '<>', sql.lit('new')),
  // "Which active orders have an issuance under way?" First issuances are never in here.
  schema
    .createIndex('issuances_later_under_way')
    .on('issuances')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('kind'), '<>', sql.lit('new'))
    .where(sql.ref('state'), 'not in', sql`('issued', 'failed', 'cancelled')`),
  // "Who waits for this name?", and how much of this account waits. Orders whose names are proved already are never in here.
  schema
    .createIndex('issuances_awaiting')
    .on('issuances')
    .columns(['account_id', 'number', 'name_count'])
    .where(sql.ref('state'), '=', sql.lit('awaitingValidation')),
  // "What of this account waits for somebody?" Few ever do.
  schema
    .createIndex('issuances_resting')
    .on('issuances')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('rest_json'), 'is not', sql.lit(null)),

  heap(
    schema
      .createTable('approvals')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, required)
      .addColumn('order_id', blob, required)
      .addColumn('order_number', 'integer', requiredTo('orders.number'))
      .addColumn('issuance_id', blob, required)
      .addColumn('asks', 'text', required)
      .addColumn('revocation_json', 'text')
      .addColumn('state', 'text', required)
      .addColumn('version', 'integer', required)
      .addColumn('requested_by', 'text')
      .addColumn('requested_from', 'text')
      .addColumn('comments', 'text', required)
      .addColumn('decisions_json', 'text', required)
      .addColumn('created_at', integer, required),
  ),
  // "The newest request of this order."
  schema
    .createIndex('approvals_of_order')
    .on('approvals')
    .columns(['order_number', ...byNumber]),
  // "The requests of this account, newest first", and "what waits in it?" without all the others.
  schema
    .createIndex('approvals_of_account')
    .on('approvals')
    .columns(['account_id', ...byNumber]),
  schema
    .createIndex('approvals_waiting_of_account')
    .on('approvals')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('state'), 'in', [sql.lit('submitted'), sql.lit('pending')]),
  schema
    .createIndex('approvals_waiting')
    .on('approvals')
    .column('number')
    .where(sql.ref('state'), 'in', [sql.lit('submitted'), sql.lit('pending')]),

  heap(
    schema
      .createTable('notes')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('order_id', blob, required)
      .addColumn('order_number', 'integer', requiredTo('orders.number'))
      .addColumn('author', 'text', required)
      .addColumn('text', 'text', required)
      .addColumn('created_at', integer, required),
  ),
  // "What was written to this order, newest first?"
  schema
    .createIndex('notes_of_order')
    .on('notes')
    .columns(['order_number', ...byNumber]),

  keyed(
    schema
      .createTable('external_ids')
      .addColumn('kind', 'text', required)
      .addColumn('value', 'text', required)
      .addColumn('object_id', blob, required)
      .addPrimaryKeyConstraint('external_ids_pk', ['kind', 'value']),
  ),

  keyed(
    schema
      .createTable('idempotency')
      .addColumn('account_id', blob, required)
      .addColumn('key', blob, required)
      .addColumn('fingerprint', blob)
      .addColumn('object_id', blob, required)
      .addColumn('expires_at', integer, required)
      .addPrimaryKeyConstraint('idempotency_pk', ['account_id', 'key']),
  ),
  // "Which keys are over?"
  schema.createIndex('idempotency_ending').on('idempotency').column('expires_at'),
];
