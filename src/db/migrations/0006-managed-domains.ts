/** Domains that accounts keep, and who waits for them. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

export const migration0006: Migration = {
  name: '0006-managed-domains',
  up({ schema }, { integer, heap }) {
    return [
      heap(
        schema
          .createTable('managed_domains')
          .addColumn('number', 'integer', (column) => column.notNull().primaryKey())
          .addColumn('id', 'text', (column) => column.notNull().unique())
          .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
          .addColumn('name', 'text', required)
          .addColumn('organization_id', 'text')
          .addColumn('container_id', 'text')
          .addColumn('state', 'text', required)
          .addColumn('proof_reference', 'text', required)
          .addColumn('authorization_id', 'text', (column) => column.notNull().references('authorizations.id'))
          .addColumn('requested_levels_json', 'text', required)
          .addColumn('created_at', integer, required)
          // "Does this account keep this domain?"
          .addUniqueConstraint('managed_domains_by_name', ['account_id', 'name']),
      ),
      // "My domains, newest first."
      schema.createIndex('managed_domains_of_account').on('managed_domains').columns(['account_id', 'number']),
      // "Whose proof is this?" A mail is answered knowing only that.
      schema.createIndex('managed_domains_of_authorization').on('managed_domains').column('authorization_id'),
      schema
        .createIndex('managed_domains_of_organization')
        .on('managed_domains')
        .column('organization_id')
        .where(sql.ref('organization_id'), 'is not', sql.lit(null)),
      // "Which active orders have an issuance under way?" First issuances are never in here.
      schema
        .createIndex('issuances_later_under_way')
        .on('issuances')
        .columns(['account_id', 'id'])
        .where(sql.ref('kind'), '<>', sql.lit('new'))
        .where(sql.ref('state'), 'not in', sql`('issued', 'failed', 'cancelled')`),
      // "Who waits for this name?" Orders whose names are proved already are never in here.
      schema
        .createIndex('issuances_awaiting')
        .on('issuances')
        .columns(['account_id', 'number'])
        .where(sql.ref('state'), '=', sql.lit('awaitingValidation')),
    ];
  },
};
