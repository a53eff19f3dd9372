/** What an order is still charged, prices that an account has for itself, and what each month came to. */
import { sql } from 'kysely';
import { raw } from '../../raw.ts';
import { required, requiredTo, type Schema } from '../columns.ts';

const millisOfDay = 86_400_000;

/**
 * The month of a moment in UTC as a number, such as 202611, by whole numbers alone, which both engines divide alike (the civil calendar
 * counted from 1 March of the year 0, so that a leap day is the last of its year).
 */
function monthOf(column: string): string {
  const day = `(${column} / ${millisOfDay} + 719468)`;
  const ofEra = `(${day} % 146097)`;
  const yearOfEra = `((${ofEra} - ${ofEra} / 1460 + ${ofEra} / 36524 - ${ofEra} / 146096) / 365)`;
  const dayOfYear = `(${ofEra} - (365 * ${yearOfEra} + ${yearOfEra} / 4 - ${yearOfEra} / 100))`;
  const month = `((5 * ${dayOfYear} + 2) / 153)`;
  const year = `(${yearOfEra} + ${day} / 146097 * 400)`;
  return `case when ${month} < 10 then ${year} * 100 + ${month} + 3 else (${year} + 1) * 100 + ${month} - 9 end`;
}

export const moneySchema: Schema = (db, { integer, blob, identity, heap, keyed }) => [
  // What was charged for the order and not given back: what a refund may give at most.
  db.schema
    .alterTable('orders')
    .addColumn('paid_minor', integer, (column) => column.notNull().defaultTo(0).check(sql`paid_minor >= 0`)),
  raw(
    db,
    `update orders set paid_minor = paid.minor
      from (select order_id, -sum(amount_minor) as minor from ledger where order_id is not null group by order_id) as paid
      where paid.order_id = orders.id and paid.minor > 0`,
  ),

  // Prices by the id of the product, where they are not those of the product: read with every order, with the account.
  db.schema.alterTable('accounts').addColumn('prices_json', 'text'),
  // Each change of them, in its order. Null: the product's own again.
  heap(
    db.schema
      .createTable('account_prices')
      .addColumn('sequence', integer, identity)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('product_id', blob, requiredTo('products.id'))
      .addColumn('currency', 'text', required)
      .addColumn('prices_json', 'text')
      .addColumn('note', 'text', required)
      .addColumn('actor', 'text', required)
      .addColumn('at', integer, required),
  ),
  // "How did the prices of this account change?"
  db.schema.createIndex('account_prices_of_account').on('account_prices').columns(['account_id', 'sequence']),

  // "What did this month come to?" The sum of its lines in the ledger, by kind, as positive amounts.
  keyed(
    db.schema
      .createTable('account_months')
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('month', 'integer', required)
      .addColumn('charged_minor', integer, required)
      .addColumn('refunded_minor', integer, required)
      .addColumn('credited_minor', integer, required)
      .addPrimaryKeyConstraint('account_months_pk', ['account_id', 'month']),
  ),
  raw(
    db,
    `insert into account_months (account_id, month, charged_minor, refunded_minor, credited_minor)
      select account_id, ${monthOf('at')} as month,
        -sum(case when kind = 'charge' then amount_minor else 0 end),
        sum(case when kind = 'refund' then amount_minor else 0 end),
        sum(case when kind = 'credit' then amount_minor else 0 end)
      from ledger group by account_id, ${monthOf('at')}`,
  ),
];
