/**
 * The audit log. Rows are only ever added. On the embedded engine the rowid is the number of the sealer (decision 0019): one
 * connection writes, so that rowids are in the order of the commits; a number that an undone transaction had was seen by nobody.
 */
import type { Event } from '../../domain/event.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { EventStore } from '../../domain/ports/stores/events.ts';
import type { RowOf } from '../codec.ts';
import { unindexed } from '../columns.ts';
import { insertStatement } from '../numbered.ts';
import { type Builder, statement } from '../prepared.ts';
import { events } from '../rows/events.ts';
import type { Session } from '../session.ts';

interface Span {
  readonly after: number;
  readonly limit: number;
}

function after(db: Builder, p: Span) {
  return db.selectFrom('events').selectAll().where('sequence', '>', p.after).orderBy('sequence').limit(p.limit);
}

export const eventStatements = {
  append: insertStatement(events),
  listAfter: statement((db, p: Span) => after(db, p)),
  listOfAccountAfter: statement((db, p: Span & { accountId: AccountId }) =>
    after(db, p).where('account_id', '=', p.accountId),
  ),
  newest: statement((db, _: object) => db.selectFrom('events').select((row) => row.fn.max('sequence').as('newest'))),
};

export function createEventStore(session: Session): EventStore {
  return {
    async append(event) {
      await session.run(eventStatements.append, events.toRow({ ...event, actedFor: event.actedFor ?? null }));
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(eventFromRow);
    },
    async listAfter({ accountId, ...span }) {
      const rows = await (accountId === null
        ? session.all(eventStatements.listAfter, span)
        : session.all(eventStatements.listOfAccountAfter, { accountId, ...span }));
      return rows.map(eventFromRow);
    },
    async newest() {
      return Number((await session.first(eventStatements.newest, {}))?.newest ?? 0);
    },
  };
}

export function listQuery(db: Builder, { accountId, subject, before, limit }: Parameters<EventStore['list']>[0]) {
  return db
    .selectFrom('events')
    .selectAll()
    .$if(before !== undefined, (query) => query.where('sequence', '<', before ?? 0))
    .$if(accountId !== null && subject === undefined, (query) => query.where('account_id', '=', accountId))
    .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
    .$if(accountId !== null && subject !== undefined, (query) => query.where(unindexed('account_id'), '=', accountId))
    .orderBy('sequence', 'desc')
    .limit(limit);
}

function eventFromRow(row: RowOf<typeof events>): Event {
  const { actedFor, ...event } = events.fromRow(row);
  return actedFor === null ? event : { ...event, actedFor };
}
