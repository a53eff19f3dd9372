/**
 * Lists that are filled in batches. An index of the events of an account, or of orders that are open, would be written for each
 * order and, of open orders, undone a moment later. Instead, a list goes up to some number; who reads it looks through the
 * few rows behind that number too, so that it shows all that is committed. The engine moves the number on, many rows at a time.
 */
import { type RawBuilder, sql } from 'kysely';
import { statement } from '../prepared.ts';
import type { Session } from '../session.ts';

type LateList = 'events' | 'orders';

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
  listKindEvents: statement((db, p: Range) =>
    db
      .insertInto('kind_events')
      .columns(['kind', 'sequence'])
      .expression((from) =>
        from
          .selectFrom('events')
          .select(['kind', 'sequence'])
          .where('sequence', '>', p.after)
          .where('sequence', '<=', p.upTo)
          .orderBy('kind')
          .orderBy('sequence'),
      ),
  ),
  listActorEvents: statement((db, p: Range) =>
    db
      .insertInto('actor_events')
      .columns(['actor', 'sequence'])
      .expression((from) =>
        from
          .selectFrom('events')
          .select(['actor', 'sequence'])
          .where('sequence', '>', p.after)
          .where('sequence', '<=', p.upTo)
          .orderBy('actor')
          .orderBy('sequence'),
      ),
  ),
  listRequestEvents: statement((db, p: Range) =>
    db
      .insertInto('request_events')
      .columns(['request_id', 'sequence'])
      .expression((from) =>
        from
          .selectFrom('events')
          .select((row) => [row.ref('request_id').$notNull().as('request_id'), 'sequence'])
          .where('request_id', 'is not', null)
          .where('sequence', '>', p.after)
          .where('sequence', '<=', p.upTo)
          .orderBy('request_id')
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

/** Rows behind a list, apart from those of one commit: each reader looks through them. */
const longestTail = { events: 256, orders: 512 } as const satisfies Record<LateList, number>;
/** The newest orders stay behind: nearly all are active when their turn comes, and are never in the list. */
const newestOrders = 256;

/** Moves the lists on where they are far behind. The engine calls it now and then, in a transaction whose commit shows it. */
export async function fillLists(session: Session): Promise<void> {
  const ends = await endsOf(session);
  await fillEvents(session, ends);
  await fillOrders(session, ends);
}

/** The same where orders are not listed late: each is when it is inserted. */
export async function fillEventLists(session: Session): Promise<void> {
  await fillEvents(session, await endsOf(session));
}

type Ends = (list: LateList) => number;

async function endsOf(session: Session): Promise<Ends> {
  const ends = await session.all(lateListStatements.ends, {});
  return (list) => ends.find((one) => one.list === list)?.up_to ?? 0;
}

async function fillEvents(session: Session, end: Ends): Promise<void> {
  const q = lateListStatements;
  const events = { after: end('events'), upTo: (await session.first(q.newestEvent, {}))?.number ?? 0 };
  if (events.upTo - events.after < longestTail.events) return;
  session.write(q.listAccountEvents, events);
  session.write(q.listSubjectEvents, events);
  session.write(q.listKindEvents, events);
  session.write(q.listActorEvents, events);
  session.write(q.listRequestEvents, events);
  session.write(q.put, { list: 'events', upTo: events.upTo });
}

async function fillOrders(session: Session, end: Ends): Promise<void> {
  const q = lateListStatements;
  const newest = (await session.first(q.newestOrder, {}))?.number ?? 0;
  const orders = { after: end('orders'), upTo: newest - newestOrders };
  if (newest - orders.after < longestTail.orders) return;
  session.write(q.listOpenOrders, orders);
  session.write(q.put, { list: 'orders', upTo: orders.upTo });
}
