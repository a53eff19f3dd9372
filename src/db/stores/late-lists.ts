/**
 * Lists that are filled in batches. An index of the events of an account, or of orders that are open, would be written for each
 * order and, of open orders, undone a moment later. Instead, a list goes up to some number; who reads it looks through the
 * few rows behind that number too, so that it shows all that is committed. The engine moves the number on, many rows at a time.
 */
import { type RawBuilder, sql } from 'kysely';
import { statement } from '../prepared.ts';

export type LateList = 'events' | 'orders';

/** The number up to which the list goes. */
export function endOf(list: LateList): RawBuilder<number> {
  return sql`(select coalesce(max(up_to), 0) from late_lists where list = ${sql.lit(list)})`;
}

interface Range {
  readonly after: number;
  readonly upTo: number;
}

export const lateListStatements = {
  ends: statement((db, _: object) => db.selectFrom('late_lists').select(['list', 'up_to'])),
  newestEvent: statement((db, _: object) =>
    db.selectFrom('events').select((row) => row.fn.max('sequence').as('number')),
  ),
  newestOrder: statement((db, _: object) => db.selectFrom('orders').select((row) => row.fn.max('number').as('number'))),
  // Sorted, so that each list is walked through once.
  listAccountEvents: statement((db, p: Range) =>
    db
      .insertInto('account_events')
      .columns(['account_id', 'sequence'])
      .expression((from) =>
        from
          .selectFrom('events')
          .select((row) => [row.ref('account_id').$notNull().as('account_id'), 'sequence'])
          .where('account_id', 'is not', null)
          .where('sequence', '>', p.after)
          .where('sequence', '<=', p.upTo)
          .orderBy('account_id')
          .orderBy('sequence'),
      ),
  ),
  listSubjectEvents: statement((db, p: Range) =>
    db
      .insertInto('subject_events')
      .columns(['subject', 'sequence'])
      .expression((from) =>
        from
          .selectFrom('events')
          .select(['subject', 'sequence'])
          .where('sequence', '>', p.after)
          .where('sequence', '<=', p.upTo)
          .orderBy('subject')
          .orderBy('sequence'),
      ),
  ),
  listOpenOrders: statement((db, p: Range) =>
    db
      .updateTable('orders')
      .set({ is_listed: 1 })
      .where('number', '>', p.after)
      .where('number', '<=', p.upTo)
      .where('state', '=', 'open')
      .where('is_listed', '=', 0),
  ),
  put: statement((db, p: { list: LateList; upTo: number }) =>
    db
      .insertInto('late_lists')
      .values({ list: p.list, up_to: p.upTo })
      .onConflict((conflict) => conflict.column('list').doUpdateSet({ up_to: p.upTo })),
  ),
};
