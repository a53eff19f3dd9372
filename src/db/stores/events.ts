/**
 * The audit log. Rows are only ever added. On the embedded engine the rowid is the number of the sealer (decision 0019): one
 * connection writes, so that rowids are in the order of the commits; a number that an undone transaction had was seen by nobody.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Event, EventKind } from '../../domain/event.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { EventStore, StoredEventFilter } from '../../domain/ports/stores/events.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { RowOf } from '../codec.ts';
import { asId, inForm } from '../forms.ts';
import { anyIdForm } from '../id-bytes.ts';
import { insertStatement } from '../numbered.ts';
import { type Builder, inPieces, statement } from '../prepared.ts';
import { events } from '../rows/events.ts';
import type { Session } from '../session.ts';
import { bound } from './conditions.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';
import { endOf } from './late-lists.ts';
import { sequencesWithin } from './sequence-at.ts';

interface Span {
  readonly after: number;
  readonly limit: number;
}

export const eventStatements = {
  append: insertStatement(events),
  listAfter: statement((db, p: Span) =>
    db.selectFrom('events').selectAll().where('sequence', '>', p.after).orderBy('sequence').limit(p.limit),
  ),
  listOfAccountAfter: statement((db, { accountId, after, limit }: Span & { accountId: AccountId }) =>
    db
      .selectFrom('events')
      .selectAll()
      .where('sequence', 'in', sequencesOf({ accountId, after, limit, order: 'asc' }))
      .orderBy('sequence')
      .limit(limit),
  ),
  newest: statement((db, _: object) => db.selectFrom('events').select((row) => row.fn.max('sequence').as('newest'))),
  first: statement((db, p: { from: number }) =>
    db.selectFrom('events').select(['sequence', 'at']).where('sequence', '>=', p.from).orderBy('sequence').limit(1),
  ),
};

export function createEventStore(session: Session): EventStore {
  return {
    async append(event) {
      const { actedFor = null, sessionId = null, address = null } = event;
      session.write(eventStatements.append, events.toRow({ ...event, actedFor, sessionId, address }));
    },
    async list({ limit, before, ...filter }) {
      const query = { ...(await numbered(session, filter)), ...withDefined({ before }), limit };
      const rows = isLookedThrough(filter)
        ? await session.beside((db) => listQuery(db, query))
        : await session.select((db) => listQuery(db, query));
      return rows.map(eventFromRow);
    },
    async count(filter) {
      const query = { ...(await numbered(session, filter)), limit: countedLimit };
      return totalOfList(session, (db) => listQuery(db, query).clearOrderBy(), isLookedThrough(filter));
    },
    async listAfter({ accountId, ...span }) {
      const rows = await (accountId === null
        ? session.all(eventStatements.listAfter, span)
        : session.all(eventStatements.listOfAccountAfter, { accountId, ...span }));
      return rows.map(eventFromRow);
    },
    async listOfSubjects({ subjects, kinds }) {
      const found: Event[] = [];
      for (const piece of inPieces(subjects)) {
        const newestFirst = await session.select((db) => ofSubjectsQuery(db, piece, kinds));
        found.push(...newestFirst.toReversed().map(eventFromRow));
      }
      return found;
    },
    async listNewestOfSubjects({ subjects, before, limit }) {
      const found: Event[] = [];
      for (const piece of inPieces(subjects)) {
        found.push(
          ...(await session.select((db) => newestOfSubjectsQuery(db, piece, { before, limit }))).map(eventFromRow),
        );
      }
      return found.toSorted((a, b) => b.sequence - a.sequence).slice(0, limit);
    },
    async newest() {
      return Number((await session.first(eventStatements.newest, {}))?.newest ?? 0);
    },
  };
}

/** A filter with its times as numbers. */
type NumberedFilter = StoredEventFilter & { readonly after?: number; readonly upTo?: number };

async function numbered(session: Session, filter: StoredEventFilter): Promise<NumberedFilter> {
  return { ...filter, ...(await sequencesWithin(session, eventStatements, filter)) };
}

/** Whether events of the account, or of the actor, are looked at one by one. */
function isLookedThrough({ subject, requestId, accountId, actor, kinds, from, until }: StoredEventFilter): boolean {
  if (subject !== undefined || requestId !== undefined) return false;
  const conditions = [accountId ?? undefined, actor, kinds, from ?? until];
  return conditions.filter((one) => one !== undefined).length > 1;
}

export function listQuery(db: Builder, query: NumberedFilter & { readonly before?: number; readonly limit: number }) {
  const { accountId, before, limit, after, upTo } = query;
  const events = db.selectFrom('events').selectAll().orderBy('sequence', 'desc').limit(limit);
  const isOfAll = accountId === null && driverOf(query) === undefined;
  if (isOfAll)
    return (
      events
        .$if(before !== undefined, (some) => some.where('sequence', '<', before ?? 0))
        // Also on PostgreSQL, where an event has no number for a moment, and none would come first.
        .where('sequence', '>', after ?? 0)
        .$if(upTo !== undefined, (some) => some.where('sequence', '<=', upTo ?? 0))
        .where((row) => row.and(timesOf('events', query)))
    );
  return events.where('sequence', 'in', sequencesOf({ ...query, order: 'desc' }));
}

function timesOf(
  table: string,
  { from, until }: Pick<StoredEventFilter, 'from' | 'until'>,
): readonly RawBuilder<SqlBool>[] {
  const at = sql.ref(`${table}.at`);
  return [
    ...(from === undefined ? [] : [sql<SqlBool>`${at} >= ${from.getTime()}`]),
    ...(until === undefined ? [] : [sql<SqlBool>`${at} < ${until.getTime()}`]),
  ];
}

/** The list by which such events are found: that which has the fewest of others. */
function driverOf({ accountId, subject, kinds, actor, requestId }: Partial<StoredEventFilter>): Driver | undefined {
  if (requestId !== undefined) return 'request';
  if (subject !== undefined) return 'subject';
  if (actor !== undefined) return 'actor';
  if (accountId != null) return 'account';
  return kinds === undefined ? undefined : 'kind';
}

type Driver = 'request' | 'subject' | 'actor' | 'account' | 'kind';

/** The newest of a piece of subjects; who did what before is not asked for. */
const mostOfSubjects = 1000;

export function ofSubjectsQuery(db: Builder, subjects: readonly string[], kinds: readonly EventKind[]) {
  return db
    .selectFrom('events')
    .selectAll()
    .where('sequence', 'in', sequencesOfSubjects(subjects, 0))
    .where('kind', 'in', kinds)
    .orderBy('sequence', 'desc')
    .limit(mostOfSubjects);
}

export function newestOfSubjectsQuery(
  db: Builder,
  subjects: readonly string[],
  { before, limit }: { readonly before: number; readonly limit: number },
) {
  return db
    .selectFrom('events')
    .selectAll()
    .where('sequence', 'in', sequencesOfSubjects(subjects, 0))
    .where('sequence', '<', before)
    .orderBy('sequence', 'desc')
    .limit(limit);
}

interface Sequences extends StoredEventFilter {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly upTo?: number | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

/**
 * The sequences of events that fit: those in the list that finds them, and those behind its end (`late-lists.ts`). Of each as many as the
 * limit, so that the query which takes them has it too.
 */
export function sequencesOf(query: Sequences): RawBuilder<number> {
  const { accountId, subject, kinds, actor, requestId, before, after, upTo, order, limit } = query;
  const bounds = [
    ...(before === undefined ? [] : [sql<SqlBool>`sequence < ${before}`]),
    ...(after === undefined ? [] : [sql<SqlBool>`sequence > ${after}`]),
    ...(upTo === undefined ? [] : [sql<SqlBool>`sequence <= ${upTo}`]),
  ];
  const conditions = {
    request: requestId === undefined ? [] : [sql<SqlBool>`request_id = ${requestId}`],
    subject: subject === undefined ? [] : [sql<SqlBool>`subject = ${inForm(anyIdForm, subject)}`],
    actor: actor === undefined ? [] : [sql<SqlBool>`actor = ${inForm(anyIdForm, actor)}`],
    account: accountId === null ? [] : [sql<SqlBool>`account_id = ${asId('account', accountId)}`],
    kind: kinds === undefined ? [] : [sql<SqlBool>`kind in (${bound(kinds)})`],
  } as const satisfies Record<Driver, readonly RawBuilder<SqlBool>[]>;
  const driver = driverOf(query) ?? 'account';
  const others = drivers.filter((one) => one !== driver).flatMap((one) => conditions[one]);
  const looked = [...others, ...timesOf('events', query)];
  const list = sql.ref(`${driver}_events`);
  const fits =
    looked.length === 0
      ? []
      : [
          sql`exists (select 1 from events where events.sequence = ${list}.sequence and ${sql.join(looked, sql` and `)})`,
        ];
  const first = (from: RawBuilder<unknown>, wanted: readonly RawBuilder<unknown>[]) =>
    sql`select sequence from (select sequence from ${from} where ${sql.join([...wanted, ...bounds], sql` and `)}
      order by sequence ${sql.raw(order)} limit ${limit} + 0) as found`;
  // Of several kinds each is walked by itself: together they would have to be sorted.
  const walks = driver === 'kind' ? (kinds ?? []).map((kind) => [sql<SqlBool>`kind = ${kind}`]) : [conditions[driver]];
  const listed = walks.map((walk) => first(list, [...walk, ...fits]));
  const behind = first(sql`events`, [sql`sequence > ${endOf('events')}`, ...conditions[driver], ...looked]);
  return sql`(${sql.join([...listed, behind], sql` union all `)})`;
}

const drivers = ['request', 'subject', 'actor', 'account', 'kind'] as const satisfies readonly Driver[];

/** The sequences of events of some subjects from `start` on: in the list, and behind its end. */
export function sequencesOfSubjects(subjects: readonly string[], start: number): RawBuilder<number> {
  const isOfThem = sql`subject in (${sql.join(subjects.map((subject) => inForm(anyIdForm, subject)))}) and sequence >= ${start}`;
  return sql`(
    select sequence from subject_events where ${isOfThem}
    union all select sequence from events where sequence > ${endOf('events')} and ${isOfThem})`;
}

function eventFromRow(row: RowOf<typeof events>): Event {
  const { actedFor, sessionId, address, ...event } = events.fromRow(row);
  return {
    ...event,
    ...(actedFor === null ? {} : { actedFor }),
    ...(sessionId === null ? {} : { sessionId }),
    ...(address === null ? {} : { address }),
  };
}
