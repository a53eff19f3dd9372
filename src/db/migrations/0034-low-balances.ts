/** Below which balance an account is low and since when it is; and which mails somebody does not want. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0034: Migration = {
  name: '0034-low-balances',
  up: ({ schema }, { integer }) => [
    schema.alterTable('accounts').addColumn('low_balance_minor', integer),
    schema.alterTable('accounts').addColumn('low_since', integer),
    // "Whose balance is low?"
    schema
      .createIndex('accounts_low')
      .on('accounts')
      .column('number')
      .where(sql.ref('low_since'), 'is not', sql.lit(null)),

    schema.alterTable('user_preferences').addColumn('muted_mails_json', 'text'),
  ],
};
