/** Filling the lists of `late-lists.ts`: at the end of a group, in the commit that it shares with what it lists. */
import { type LateList, lateListStatements } from '../../stores/late-lists.ts';
import type { Connection } from './connection.ts';

/** Rows behind a list, apart from those of one group: each reader looks through them. */
const longestTail = { events: 256, orders: 512 } as const satisfies Record<LateList, number>;
/** The newest orders stay behind: nearly all are active when their turn comes, and are never in the list. */
const newestOrders = 256;

/** Runs in the transaction of a group, after its work. */
export function fillLists(connection: Connection): void {
  const q = lateListStatements;
  const ends = connection.all(q.ends, {});
  const endOf = (list: LateList) => ends.find((one) => one.list === list)?.up_to ?? 0;
  const put = (list: LateList, upTo: number) => connection.run(q.put, { list, upTo });

  const events = { after: endOf('events'), upTo: connection.first(q.newestEvent, {})?.number ?? 0 };
  if (events.upTo - events.after >= longestTail.events) {
    connection.run(q.listAccountEvents, events);
    connection.run(q.listSubjectEvents, events);
    put('events', events.upTo);
  }
  const newestOrder = connection.first(q.newestOrder, {})?.number ?? 0;
  const after = endOf('orders');
  // Where the numbers begin at ten million, the first order is no long tail.
  if (newestOrder - after < longestTail.orders) return;
  const upTo = newestOrder - newestOrders;
  connection.run(q.listOpenOrders, { after, upTo });
  put('orders', upTo);
}
