/** The balance of an account is a row of its own: the one thing of an account that every paid order changes. */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0019: Migration = {
  name: '0019-balances',
  up(db, { integer, keyed }) {
    return [
      keyed(
        db.schema
          .createTable('balances')
          .addColumn('account_id', 'text', (column) => column.notNull().primaryKey().references('accounts.id'))
          .addColumn('amount_minor', integer, (column) => column.notNull().check(sql`amount_minor >= 0`)),
      ),
      db
        .insertInto('balances')
        .columns(['account_id', 'amount_minor'])
        .expression(db.selectFrom('accounts').select(['id', sql.ref<number>('balance_minor').as('amount_minor')])),
      db.schema.alterTable('accounts').dropColumn('balance_minor'),
    ];
  },
};
