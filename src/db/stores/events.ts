/**
 * The audit log. Rows are only ever added. On the embedded engine the rowid is the number of the sealer (decision 0019): one
 * connection writes, so that rowids are in the order of the commits; a number that an undone transaction had was seen by nobody.
 */
import type { Event, NewEvent } from '../../domain/event.ts';
import type { EventStore } from '../../domain/ports/stores/events.ts';
import { fromJson, fromMs, toJson, unindexed } from '../columns.ts';
import { type Builder, pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { EventRow } from '../tables.ts';

const columns = [
  'kind',
  'account_id',
  'actor',
  'acted_for',
  'subject',
  'data_json',
  'request_id',
  'at',
] as const satisfies readonly (keyof EventRow)[];

export const eventStatements = {
  append: statement((db, p: EventRow) => db.insertInto('events').values(pick(p, columns))),
};

export function createEventStore(session: Session): EventStore {
  return {
    async append(event) {
      await session.run(eventStatements.append, toRow(event));
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(fromRow);
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

function toRow(event: NewEvent): EventRow {
  return {
    kind: event.kind,
    account_id: event.accountId,
    actor: event.actor,
    acted_for: event.actedFor ?? null,
    subject: event.subject,
    data_json: toJson(event.data),
    request_id: event.requestId,
    at: event.at.getTime(),
  };
}

function fromRow(row: EventRow & { readonly sequence: number }): Event {
  return {
    sequence: row.sequence,
    kind: row.kind,
    accountId: row.account_id,
    actor: row.actor,
    ...(row.acted_for === null ? {} : { actedFor: row.acted_for }),
    subject: row.subject,
    data: fromJson(row.data_json),
    requestId: row.request_id,
    at: fromMs(row.at),
  };
}
