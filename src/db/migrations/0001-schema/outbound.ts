/** Messages to customers: webhooks and mails. */
import { sql } from 'kysely';
import { id, primary, required, requiredTo, type Schema, to } from '../columns.ts';

export const outboundSchema: Schema = ({ schema }, { integer, blob, heap, keyed, byNumber }) => [
  heap(
    schema
      .createTable('webhooks')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('dialect', 'text', required)
      .addColumn('url', 'text', required)
      .addColumn('events_json', 'text', required)
      .addColumn('sealed_secret', blob)
      .addColumn('state', 'text', required)
      .addColumn('settings_json', 'text', required)
      .addColumn('created_at', integer, required)
      // The row stays, so that its number is never given again.
      .addColumn('removed_at', integer),
  ),
  // "Who is told of what happens in this account?"
  schema
    .createIndex('webhooks_of_account')
    .on('webhooks')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('removed_at'), 'is', sql.lit(null)),

  heap(
    schema
      .createTable('deliveries')
      .addColumn('id', blob, primary)
      .addColumn('account_id', blob, required)
      .addColumn('event', 'text', required)
      .addColumn('order_id', blob)
      .addColumn('order_number', 'integer', to('orders.number'))
      .addColumn('issuance_id', blob)
      .addColumn('issuance_number', 'integer', to('issuances.number'))
      .addColumn('domain_id', blob)
      .addColumn('organization_id', blob)
      .addColumn('webhook_id', blob)
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
  // "What was not delivered?", asked of one account and of all. Most deliveries succeed, and are not in here.
  schema
    .createIndex('deliveries_of_account_not_delivered')
    .on('deliveries')
    .columns(['account_id', 'id'])
    .where(sql.ref('state'), '!=', sql.lit('delivered')),
  schema
    .createIndex('deliveries_not_delivered')
    .on('deliveries')
    .column('id')
    .where(sql.ref('state'), '!=', sql.lit('delivered')),

  heap(
    schema
      .createTable('expiry_reminders')
      .addColumn('id', blob, primary)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('order_id', blob, required)
      .addColumn('order_number', 'integer', requiredTo('orders.number'))
      .addColumn('issuance_id', blob, required)
      .addColumn('issuance_number', 'integer', requiredTo('issuances.number'))
      .addColumn('event', 'text', required)
      .addColumn('ends_at', integer, required)
      .addColumn('address', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('last_answer', 'text')
      .addColumn('created_at', integer, required)
      .addColumn('ended_at', integer),
  ),
  // "How often was this certificate sent lately?"
  schema.createIndex('expiry_reminders_of_issuance').on('expiry_reminders').columns(['issuance_id', 'created_at']),

  keyed(
    schema
      .createTable('mailboxes')
      .addColumn('address', 'text', primary)
      .addColumn('token_hash', blob, required)
      .addColumn('created_at', integer, required)
      .addColumn('stopped_at', integer)
      .addColumn('stopped_by', 'text')
      .addColumn('stopped_from', 'text'),
  ),
  // "Whose link is this?"
  schema.createIndex('mailboxes_by_token').on('mailboxes').column('token_hash').unique(),
  // "Which mailboxes want no mail?"
  schema
    .createIndex('mailboxes_stopped')
    .on('mailboxes')
    .columns(['stopped_at', 'address'])
    .where(sql.ref('stopped_at'), 'is not', sql.lit(null)),

  heap(
    schema
      .createTable('outgoing_mails')
      .addColumn('id', 'text', primary)
      .addColumn('address', 'text', required)
      .addColumn('domain', 'text', required)
      .addColumn('at', integer, required),
  ),
  // "When did it get its tenth mail, counted from now?"
  schema.createIndex('outgoing_mails_to_address').on('outgoing_mails').columns(['address', 'at']),
  schema.createIndex('outgoing_mails_to_domain').on('outgoing_mails').columns(['domain', 'at']),
  schema.createIndex('outgoing_mails_by_time').on('outgoing_mails').column('at'),
];
