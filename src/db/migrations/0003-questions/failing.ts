/** What the last check of an issuance found wrong. */
import { sql } from 'kysely';
import type { Schema } from '../columns.ts';

export const failingSchema: Schema = ({ schema }, { byNumber }) => [
  // The first name that the last check could not prove, and why; null: none was checked, or every check proved its name.
  schema.alterTable('issuances').addColumn('finding_json', 'text'),
  // "Whose validation fails?", of one account and of all. Those that are proved are never in here.
  schema
    .createIndex('issuances_failing_of_account')
    .on('issuances')
    .columns(['account_id', ...byNumber])
    .where(sql.ref('state'), '=', sql.lit('awaitingValidation'))
    .where(sql.ref('finding_json'), 'is not', sql.lit(null)),
  schema
    .createIndex('issuances_failing')
    .on('issuances')
    .column('number')
    .where(sql.ref('state'), '=', sql.lit('awaitingValidation'))
    .where(sql.ref('finding_json'), 'is not', sql.lit(null)),
];
