/**
 * The audit log. Rows are only ever added. On the embedded engine the rowid is the number of the sealer (decision 0019): one
 * connection writes, so that rowids are in the order of the commits; a number that an undone transaction had was seen by nobody.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Event, EventKind } from '../../domain/event.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { EventStore } from '../../domain/ports/stores/events.ts';
import type { RowOf } from '../codec.ts';
import { asId, inForm } from '../forms.ts';
import { anyIdForm } from '../id-bytes.ts';
import { insertStatement } from '../numbered.ts';
import { type Builder, inPieces, statement } from '../prepared.ts';
import { events } from '../rows/events.ts';
import type { Session } from '../session.ts';
import { endOf } from './late-lists.ts';

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
};

export function createEventStore(session: Session): EventStore {
  return {
    async append(event) {
      session.write(eventStatements.append, events.toRow({ ...event, actedFor: event.actedFor ?? null }));
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

export function listQuery(db: Builder, { accountId, subject, before, limit }: Parameters<EventStore['list']>[0]) {
  const query = db.selectFrom('events').selectAll().orderBy('sequence', 'desc').limit(limit);
  if (accountId === null && subject === undefined) {
    return query.$if(before !== undefined, (some) => some.where('sequence', '<', before ?? 0));
  }
  return query.where('sequence', 'in', sequencesOf({ accountId, subject, before, limit, order: 'desc' }));
}

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

interface Sequences {
  /** Null: of all; then there is a subject. */
  readonly accountId: AccountId | null;
  readonly subject?: string | undefined;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

/**
 * The sequences of events of an account or of a subject: those in the list, and those behind its end (`late-lists.ts`). Of each as
 * many as the limit, so that the query which takes them has it too.
 */
export function sequencesOf({ accountId, subject, before, after, order, limit }: Sequences): RawBuilder<number> {
  const bounds = [
    ...(before === undefined ? [] : [sql`sequence < ${before}`]),
    ...(after === undefined ? [] : [sql`sequence > ${after}`]),
  ];
  const ofAccount = accountId === null ? [] : [sql`account_id = ${asId('account', accountId)}`];
  const ofSubject = subject === undefined ? [] : [sql`subject = ${inForm(anyIdForm, subject)}`];
  const first = (from: RawBuilder<unknown>, conditions: readonly RawBuilder<unknown>[]) =>
    sql`select sequence from (select sequence from ${from} where ${sql.join([...conditions, ...bounds], sql` and `)}
      order by sequence ${sql.raw(order)} limit ${limit} + 0) as found`;
  // A subject is of one account, so that nothing is looked through in vain.
  const isOfAccount = sql`exists (select 1 from events where events.sequence = subject_events.sequence and account_id = ${asId('account', accountId)})`;
  const listed =
    subject === undefined
      ? first(sql`account_events`, ofAccount)
      : first(sql`subject_events`, accountId === null ? ofSubject : [...ofSubject, isOfAccount]);
  const behind = first(sql`events`, [sql`sequence > ${endOf('events')}`, ...ofAccount, ...ofSubject]);
  return sql`(${listed} union all ${behind})`;
}

/** The sequences of events of some subjects from `start` on: in the list, and behind its end. */
export function sequencesOfSubjects(subjects: readonly string[], start: number): RawBuilder<number> {
  const isOfThem = sql`subject in (${sql.join(subjects.map((subject) => inForm(anyIdForm, subject)))}) and sequence >= ${start}`;
  return sql`(
    select sequence from subject_events where ${isOfThem}
    union all select sequence from events where sequence > ${endOf('events')} and ${isOfThem})`;
}

function eventFromRow(row: RowOf<typeof events>): Event {
  const { actedFor, ...event } = events.fromRow(row);
  return actedFor === null ? event : { ...event, actedFor };
}
