/**
 * The audit log. Rows are only ever added. On the embedded engine the rowid is the number of the sealer (decision 0019): one
 * connection writes, so that rowids are in the order of the commits; a number that an undone transaction had was seen by nobody.
 */
import { type SqlBool, sql } from 'kysely';
import type { Event } from '../../domain/event.ts';
import type { EventStore } from '../../domain/ports/stores/events.ts';
import type { RowOf } from '../codec.ts';
import { insertStatement } from '../numbered.ts';
import type { Builder } from '../prepared.ts';
import { events } from '../rows/events.ts';
import type { Session } from '../session.ts';
import { endOf } from './late-lists.ts';

export const eventStatements = {
  append: insertStatement(events),
};

export function createEventStore(session: Session): EventStore {
  return {
    async append(event) {
      await session.run(eventStatements.append, events.toRow({ ...event, actedFor: event.actedFor ?? null }));
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(eventFromRow);
    },
  };
}

type EventList = Parameters<EventStore['list']>[0];

export function listQuery(db: Builder, query: EventList) {
  const { accountId, subject, before, limit } = query;
  const isOfAll = accountId === null && subject === undefined;
  return db
    .selectFrom('events')
    .selectAll()
    .$if(isOfAll && before !== undefined, (some) => some.where('sequence', '<', before ?? 0))
    .$if(!isOfAll, (some) => some.where('sequence', 'in', sequencesOf(db, query)))
    .orderBy('sequence', 'desc')
    .limit(limit);
}

/** The newest of an account or of a subject: from the list, and those behind it. */
function sequencesOf(db: Builder, query: EventList) {
  const { before, limit } = query;
  const tail = filtered(db, query).where('sequence', '>', endOf('events'));
  const listed = query.subject === undefined ? ofAccount(db, query) : ofSubject(db, query);
  return db
    .selectFrom(tail.orderBy('sequence', 'desc').limit(limit).as('tail'))
    .select('sequence')
    .unionAll(
      db
        .selectFrom(
          listed
            .$if(before !== undefined, (some) => some.where('listed.sequence', '<', before ?? 0))
            .orderBy('listed.sequence', 'desc')
            .limit(limit)
            .as('listed'),
        )
        .select('sequence'),
    );
}

function filtered(db: Builder, { accountId, subject, before }: EventList) {
  return db
    .selectFrom('events')
    .select('sequence')
    .$if(before !== undefined, (some) => some.where('sequence', '<', before ?? 0))
    .$if(accountId !== null, (some) => some.where('account_id', '=', accountId))
    .$if(subject !== undefined, (some) => some.where('subject', '=', subject ?? ''));
}

function ofAccount(db: Builder, { accountId }: EventList) {
  return db
    .selectFrom('account_events as listed')
    .select('listed.sequence')
    .where(sql<SqlBool>`listed.account_id = ${accountId}`);
}

function ofSubject(db: Builder, { accountId, subject }: EventList) {
  return db
    .selectFrom('subject_events as listed')
    .select('listed.sequence')
    .where('listed.subject', '=', subject ?? '')
    .$if(accountId !== null, (some) =>
      some.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('events')
            .select('events.sequence')
            .whereRef('events.sequence', '=', 'listed.sequence')
            .where('events.account_id', '=', accountId),
        ),
      ),
    );
}

function eventFromRow(row: RowOf<typeof events>): Event {
  const { actedFor, ...event } = events.fromRow(row);
  return actedFor === null ? event : { ...event, actedFor };
}
