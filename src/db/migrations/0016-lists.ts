/** What lists are narrowed by: events by kind, actor and request; keys by API; the ledger by order and kind; orders by what they renew. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { raw } from '../raw.ts';
import { required } from './columns.ts';

export const migration0016: Migration = {
  name: '0016-lists',
  up: (db, { integer, blob, keyed }) => [
    // "What of this kind happened?", "What did they do?", "What came of this request?" Filled in batches, as the other lists of events.
    keyed(
      db.schema
        .createTable('kind_events')
        .addColumn('kind', 'text', required)
        .addColumn('sequence', integer, required)
        .addPrimaryKeyConstraint('kind_events_pk', ['kind', 'sequence']),
    ),
    keyed(
      db.schema
        .createTable('actor_events')
        .addColumn('actor', blob, required)
        .addColumn('sequence', integer, required)
        .addPrimaryKeyConstraint('actor_events_pk', ['actor', 'sequence']),
    ),
    keyed(
      db.schema
        .createTable('request_events')
        .addColumn('request_id', 'text', required)
        .addColumn('sequence', integer, required)
        .addPrimaryKeyConstraint('request_events_pk', ['request_id', 'sequence']),
    ),
    ...['kind', 'actor', 'request_id'].map((column) =>
      raw(
        db,
        `insert into ${column.replace('_id', '')}_events (${column}, sequence)
          select ${column}, sequence from events where ${column} is not null and sequence > 0
            and sequence <= (select coalesce(max(up_to), 0) from late_lists where list = 'events')
          order by ${column}, sequence`,
      ),
    ),

    // "The keys to this API", of one account and of all: accounts of ACME clients are keys as well, and very many.
    db.schema.createIndex('credentials_by_dialect').on('credentials').columns(['dialect', 'number']),
    db.schema
      .createIndex('credentials_of_account_by_dialect')
      .on('credentials')
      .columns(['account_id', 'dialect', 'number']),
    // "The keys of this user", also the revoked ones.
    db.schema
      .createIndex('credentials_held')
      .on('credentials')
      .columns(['user_id', 'number'])
      .where(sql.ref('user_id'), 'is not', sql.lit(null)),

    // "What was charged and given back for this order?"
    db.schema
      .createIndex('ledger_of_order')
      .on('ledger')
      .columns(['order_id', 'sequence'])
      .where(sql.ref('order_id'), 'is not', sql.lit(null)),
    // "What was credited, what was given back?" Nearly all lines are charges, and are not in here.
    db.schema
      .createIndex('ledger_of_account_not_charged')
      .on('ledger')
      .columns(['account_id', 'kind', 'sequence'])
      .where(sql.ref('kind'), '!=', sql.lit('charge')),

    // "Which order renews this one?"
    db.schema
      .createIndex('orders_by_renewed')
      .on('orders')
      .column('renewal_of')
      .where(sql.ref('renewal_of'), 'is not', sql.lit(null)),

    // "What did they request?"
    db.schema
      .createIndex('approvals_requested')
      .on('approvals')
      .columns(['requested_by', 'number'])
      .where(sql.ref('requested_by'), 'is not', sql.lit(null)),

    // "What was sent to this webhook?"
    db.schema
      .createIndex('deliveries_of_webhook')
      .on('deliveries')
      .columns(['webhook_id', 'id'])
      .where(sql.ref('webhook_id'), 'is not', sql.lit(null)),
  ],
};
