/**
 * What an EV subject says of the registration of its organization, beside the number. Certificates said the same of all
 * until now: a private organization, registered in its country. That is written down where EV was asked for, so that
 * the next certificate of an order says what the last one did; the next verification may say otherwise.
 */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const columns = [
  'business_category',
  'jurisdiction_country',
  'jurisdiction_state',
  'jurisdiction_locality',
  'organization_identifier',
] as const;

export const migration0027: Migration = {
  name: '0027-registrations',
  up: (db) => [
    ...columns.map((column) => db.schema.alterTable('organization_validations').addColumn(column, 'text')),
    db
      .updateTable('organization_validations')
      .set({
        business_category: sql.lit('Private Organization'),
        jurisdiction_country: sql<string>`(select json_extract(organizations.details_json, '$.country')
          from organizations where organizations.id = organization_validations.organization_id)`,
      })
      .where('level', '=', sql.lit('ev')),
  ],
};
