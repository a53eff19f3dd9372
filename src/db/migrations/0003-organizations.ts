/** The parts of an account, its organizations and who verified them, and the fields that it adds to its orders. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const id = (column: ColumnDefinitionBuilder) => column.notNull().unique();
const primary = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();
const to = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) => column.references(reference);
const requiredTo = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference);

export const migration0003: Migration = {
  name: '0003-organizations',
  up({ schema }, { integer, heap, keyed }) {
    return [
      heap(
        schema
          .createTable('containers')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('parent_id', 'text', to('containers.id'))
          .addColumn('name', 'text', required)
          .addColumn('description', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('allowed_names_json', 'text')
          .addColumn('created_at', integer, required),
      ),
      // "The containers of this account, its root first."
      schema.createIndex('containers_of_account').on('containers').columns(['account_id', 'number']),

      heap(
        schema
          .createTable('organizations')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('container_id', 'text', to('containers.id'))
          .addColumn('name', 'text', required)
          .addColumn('details_json', 'text', required)
          // A hash of the details: the same details, the same hash.
          .addColumn('details_key', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('created_at', integer, required),
      ),
      // "My organizations, newest first."
      schema.createIndex('organizations_of_account').on('organizations').columns(['account_id', 'number']),
      // "The orders that name this organization." Most orders name none and cost nothing here.
      schema
        .createIndex('orders_of_organization')
        .on('orders')
        .column('organization_id')
        .where(sql.ref('organization_id'), 'is not', sql.lit(null)),
      // "Does this account have one with these details?"
      schema.createIndex('organizations_by_details').on('organizations').columns(['account_id', 'details_key']),

      keyed(
        schema
          .createTable('organization_validations')
          .addColumn('organization_id', 'text', requiredTo('organizations.id'))
          .addColumn('level', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('asked_at', integer, required)
          .addColumn('decided_at', integer)
          .addColumn('decided_by', 'text')
          .addColumn('note', 'text', required)
          .addColumn('valid_until', integer)
          // What was found while verifying for EV.
          .addColumn('registration_number', 'text')
          .addColumn('incorporated_on', 'text')
          .addPrimaryKeyConstraint('organization_validations_pk', ['organization_id', 'level']),
      ),
      // "Which organizations wait for the operator?"
      schema
        .createIndex('organization_validations_pending')
        .on('organization_validations')
        .column('organization_id')
        .where(sql.ref('state'), '=', sql.lit('pending')),

      heap(
        schema
          .createTable('organization_contacts')
          // Of the sequence that users and credentials have theirs from.
          .addColumn('number', 'integer', required)
          .addColumn('organization_id', 'text', requiredTo('organizations.id'))
          .addColumn('role', 'text', required)
          .addColumn('user_id', 'text', to('users.id'))
          .addColumn('person_json', 'text', required)
          .addPrimaryKeyConstraint('organization_contacts_pk', ['number', 'role', 'organization_id']),
      ),
      // "Who speaks for this organization?"
      schema.createIndex('contacts_of_organization').on('organization_contacts').column('organization_id'),

      heap(
        schema
          .createTable('custom_fields')
          .addColumn('number', 'integer', primary)
          .addColumn('id', 'text', id)
          .addColumn('account_id', 'text', requiredTo('accounts.id'))
          .addColumn('label', 'text', required)
          .addColumn('description', 'text', required)
          .addColumn('is_required', 'integer', required)
          .addColumn('is_active', 'integer', required)
          .addColumn('kind', 'text', required)
          .addColumn('created_at', integer, required)
          .addUniqueConstraint('custom_fields_by_label', ['account_id', 'label']),
      ),
      // "The fields of this account."
      schema.createIndex('custom_fields_of_account').on('custom_fields').columns(['account_id', 'number']),
    ];
  },
};
