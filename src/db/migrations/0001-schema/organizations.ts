/** The organizations of accounts, and who verified them. */
import { sql } from 'kysely';
import { id, primary, required, requiredTo, type Schema, to } from '../columns.ts';

export const organizationsSchema: Schema = ({ schema }, { integer, blob, heap, keyed, byNumber }) => [
  heap(
    schema
      .createTable('organizations')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('container_id', blob, to('containers.id'))
      .addColumn('name', 'text', required)
      .addColumn('details_json', 'text', required)
      // A hash of the details: the same details, the same hash.
      .addColumn('details_key', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('created_at', integer, required),
  ),
  // "My organizations, newest first."
  schema
    .createIndex('organizations_of_account')
    .on('organizations')
    .columns(['account_id', ...byNumber]),
  // "Does this account have one with these details?"
  schema.createIndex('organizations_by_details').on('organizations').columns(['account_id', 'details_key']),

  keyed(
    schema
      .createTable('organization_validations')
      .addColumn('organization_id', blob, requiredTo('organizations.id'))
      .addColumn('level', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('asked_at', integer, required)
      .addColumn('decided_at', integer)
      .addColumn('decided_by', 'text')
      .addColumn('note', 'text', required)
      .addColumn('valid_until', integer)
      // Findings of a verification for EV.
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
  schema
    .createIndex('organization_validations_ending')
    .on('organization_validations')
    .column('valid_until')
    .where(sql.ref('state'), '=', sql.lit('valid')),

  heap(
    schema
      .createTable('organization_contacts')
      // From the same sequence as users and credentials.
      .addColumn('number', 'integer', required)
      .addColumn('organization_id', blob, requiredTo('organizations.id'))
      .addColumn('role', 'text', required)
      .addColumn('user_id', blob, to('users.id'))
      .addColumn('person_json', 'text', required)
      .addPrimaryKeyConstraint('organization_contacts_pk', ['number', 'role', 'organization_id']),
  ),
  // "Who speaks for this organization?"
  schema.createIndex('contacts_of_organization').on('organization_contacts').column('organization_id'),
];
