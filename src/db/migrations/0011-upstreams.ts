/**
 * Public CAs as upstreams: what was spent of each budget, exchanges that went wrong, our accounts and orders at ACME CAs, what we publish for
 * them to find, and how a pool came to its choice. Budgets are counted by the rows of what was spent, no longer in the row of the account.
 */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { primary, required } from './columns.ts';

export const migration0011: Migration = {
  name: '0011-upstreams',
  up: ({ schema }, { integer, blob, heap, keyed }) => [
    schema.alterTable('upstream_orders').addColumn('route_json', 'text'),
    // An order that its pool gives to the next issuer is under way as well.
    schema.dropIndex('upstream_orders_noted'),
    schema
      .createIndex('upstream_orders_noted')
      .on('upstream_orders')
      .column('begun_at')
      .where(
        sql.ref('state'),
        'in',
        ['preparing', 'proving', 'issuing', 'choosing', 'cancelling', 'unfit', 'lost'].map((state) => sql.lit(state)),
      ),
    schema.alterTable('upstream_accounts').dropColumn('budget_from'),
    schema.alterTable('upstream_accounts').dropColumn('orders_in_period'),

    // "How much of this budget is spent since then?"
    keyed(
      schema
        .createTable('upstream_spendings')
        .addColumn('account', 'text', required)
        .addColumn('budget', 'text', required)
        .addColumn('subject', 'text', required)
        .addColumn('spent_at', integer, required)
        .addColumn('issuance_id', blob, required)
        .addPrimaryKeyConstraint('upstream_spendings_pk', ['account', 'budget', 'subject', 'spent_at', 'issuance_id']),
    ),
    // "What was spent for this issuance?"
    schema.createIndex('upstream_spendings_of_issuance').on('upstream_spendings').column('issuance_id'),
    schema.createIndex('upstream_spendings_by_time').on('upstream_spendings').column('spent_at'),

    keyed(
      schema
        .createTable('upstream_exchanges')
        .addColumn('account', 'text', required)
        .addColumn('id', blob, required)
        .addColumn('issuance_id', blob)
        .addColumn('at', integer, required)
        .addColumn('method', 'text', required)
        .addColumn('url', 'text', required)
        .addColumn('asked', 'text', required)
        .addColumn('status', 'integer')
        .addColumn('answer', 'text', required)
        .addPrimaryKeyConstraint('upstream_exchanges_pk', ['account', 'id']),
    ),
    schema
      .createIndex('upstream_exchanges_of_issuance')
      .on('upstream_exchanges')
      .columns(['issuance_id', 'id'])
      .where(sql.ref('issuance_id'), 'is not', sql.lit(null)),

    heap(
      schema
        .createTable('acme_upstream_accounts')
        // Directory and account in one, by which sealed values are looked through.
        .addColumn('id', 'text', primary)
        .addColumn('account', 'text', required)
        .addColumn('directory', 'text', required)
        .addColumn('sealed_key', blob, required)
        .addColumn('next_sealed_key', blob)
        .addColumn('url', 'text')
        .addColumn('contacts_json', 'text', required)
        .addColumn('external_key_id', 'text')
        .addColumn('sealed_external_key', blob)
        .addColumn('registered_at', integer),
    ),
    heap(
      schema
        .createTable('acme_upstream_orders')
        .addColumn('issuance_id', blob, primary)
        .addColumn('account', 'text', required)
        .addColumn('directory', 'text', required)
        .addColumn('step', 'text', required)
        .addColumn('order_url', 'text')
        .addColumn('finalize_url', 'text')
        .addColumn('authorization_urls_json', 'text', required)
        .addColumn('certificate_url', 'text')
        .addColumn('replaces', 'text')
        .addColumn('profile', 'text')
        .addColumn('responded_json', 'text', required)
        .addColumn('finalized_at', integer)
        .addColumn('finalize_refusals', 'integer', required)
        .addColumn('expires_at', integer)
        .addColumn('ended_orders', 'integer', required)
        .addColumn('last_problem', 'text'),
    ),

    // "What is at this place?" The labels of a name stand in reverse, so that what is below it follows it.
    keyed(
      schema
        .createTable('published_proofs')
        .addColumn('kind', 'text', required)
        .addColumn('reversed_place', 'text', required)
        .addColumn('value', 'text', required)
        .addColumn('issuance_id', blob, required)
        .addColumn('until', integer, required)
        .addPrimaryKeyConstraint('published_proofs_pk', ['kind', 'reversed_place', 'value', 'issuance_id']),
    ),
    schema.createIndex('published_proofs_of_issuance').on('published_proofs').column('issuance_id'),
    schema.createIndex('published_proofs_by_end').on('published_proofs').column('until'),
  ],
};
