/** What is counted of the audit log (decision 0043), and ends of certificates by the projection of orders or, where there are few, by the orders. */
import { sql } from 'kysely';
import { type AccountId, isId, numberOf } from '../../domain/ids.ts';
import { largestTotal } from '../../domain/page.ts';
import type { DaySpan, StatisticStore } from '../../domain/ports/stores/statistics.ts';
import { type CountedEvent, kindsWithData, type StatisticSeries, statisticSeries } from '../../domain/statistics.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { fromJson, fromMs } from '../fields.ts';
import { idForm } from '../id-bytes.ts';
import { type Builder, each, pick, sized, statement } from '../prepared.ts';
import { type StatisticCountRow, statisticCounts, statisticProgress } from '../rows/statistics.ts';
import { allOf, type Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { failingQuery, failingReason, termNumber } from './filtered-orders.ts';
import { hasManyOrders, manyOrders, selectAmong } from './large-accounts.ts';

const dayMs = 86_400_000;

/** Reasons that one page of counters has at most: a series has a few dozen a day. */
const mostCounts = 100_000;

/** The progress while counts are removed: no event has it, so no node adds to them meanwhile. */
const clearing = -1;

export const statisticStatements = {
  progress: statement((db, _: object) =>
    db.selectFrom('statistic_progress').selectAll().where('name', '=', sql.lit('events')),
  ),
  begin: statement((db, p: { sequence: number; at: number }) =>
    db
      .insertInto('statistic_progress')
      .values({ name: 'events', sequence: p.sequence, at: p.at })
      .onConflict((conflict) => conflict.column('name').doNothing()),
  ),
  goOn: statement((db, p: { after: number; sequence: number; at: number }) =>
    db
      .updateTable('statistic_progress')
      .set({ sequence: p.sequence, at: p.at })
      .where('name', '=', sql.lit('events'))
      .where('sequence', '=', p.after),
  ),
  startOver: statement((db, _: object) =>
    db
      .updateTable('statistic_progress')
      .set({ sequence: sql.lit(clearing), at: sql.lit(0) })
      .where('name', '=', sql.lit('events')),
  ),
  clear: statement((db, p: { series: StatisticSeries; limit: number }) =>
    db
      .deleteFrom('statistic_counts')
      .where((row) =>
        row(
          row.refTuple('series', 'scope', 'day', 'key'),
          'in',
          row
            .selectFrom('statistic_counts as old')
            .select(['old.series', 'old.scope', 'old.day', 'old.key'])
            .where('old.series', '=', p.series)
            .orderBy('old.scope')
            .orderBy('old.day')
            .orderBy('old.key')
            .limit(p.limit)
            .$asTuple('series', 'scope', 'day', 'key'),
        ),
      ),
  ),
  listEvents: statement((db, p: { after: number; limit: number }) =>
    db
      .selectFrom('events')
      .select(['sequence', 'kind', 'account_id', 'at'])
      .select(
        sql<
          string | null
        >`case when kind in (${sql.join(kindsWithData.map((kind) => sql.lit(kind)))}) then data_json end`.as(
          'counted_json',
        ),
      )
      .where('sequence', '>', p.after)
      .orderBy('sequence')
      .limit(p.limit),
  ),
  listIssuers: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('certificates')
        .select(['id', 'issuer_id', 'authority_id'])
        .where('number', 'in', each(p.ids, size)),
    ),
  ),
  add: statement((db, p: StatisticCountRow) =>
    db
      .insertInto('statistic_counts')
      .values(pick(p, statisticCounts.columns))
      .onConflict((conflict) =>
        conflict.columns(['series', 'scope', 'day', 'key']).doUpdateSet((row) => ({
          total: row('statistic_counts.total', '+', row.ref('excluded.total')),
          // They are counted in their order.
          last_at: row.ref('excluded.last_at'),
        })),
      ),
  ),
  list: statement((db, p: { series: StatisticSeries; scope: StatisticCountRow['scope'] } & DaySpan) =>
    db
      .selectFrom('statistic_counts')
      .selectAll()
      .where('series', '=', p.series)
      .where('scope', '=', p.scope)
      .where('day', '>=', p.from)
      .where('day', '<=', p.until)
      .orderBy('day')
      .orderBy('key')
      .limit(sql.lit(mostCounts)),
  ),
};

export function createStatisticStore(session: Session): StatisticStore {
  const q = statisticStatements;
  return {
    async progress() {
      const row = await session.first(q.progress, {});
      if (row === undefined) return { sequence: 0, at: null, isClearing: false };
      const { sequence, at } = statisticProgress.fromRow(row);
      return { sequence: Math.max(0, sequence), at: sequence > 0 ? at : null, isClearing: sequence === clearing };
    },

    async listEvents(after, limit) {
      const rows = await session.all(q.listEvents, { after, limit });
      return rows.map(({ sequence, kind, account_id: accountId, at, counted_json: data }) => ({
        sequence,
        kind,
        accountId,
        at: fromMs(at),
        data: data === null ? null : fromJson<NonNullable<CountedEvent['data']>>(data),
      }));
    },

    async issuersOf(certificateIds) {
      const numbers = certificateIds.flatMap((id) => (isId('certificate', id) ? [numberOf(id)] : []));
      const rows = await allOf(session, q.listIssuers, numbers);
      return new Map(
        rows.map(({ id, issuer_id: issuerId, authority_id: authorityId }) => [id, { issuerId, authorityId }] as const),
      );
    },

    async add(counts, { after, last }) {
      const at = last.at.getTime();
      // The first of all inserts the row; of two nodes at it, one finds it there.
      const isFirst = after === 0 && (await session.run(q.begin, { sequence: last.sequence, at })) === 1;
      if (!isFirst && (await session.run(q.goOn, { after, sequence: last.sequence, at })) === 0) return false;
      for (const count of counts) session.write(q.add, statisticCounts.toRow(count));
      return true;
    },

    async startOver() {
      await session.run(q.startOver, {});
    },

    async clear(limit) {
      // Holds the row, so that nobody begins to count while this transaction removes.
      if ((await session.run(q.goOn, { after: clearing, sequence: clearing, at: 0 })) === 0) return false;
      let isMore = false;
      for (const series of statisticSeries) if ((await session.run(q.clear, { series, limit })) >= limit) isMore = true;
      if (!isMore) session.write(q.goOn, { after: clearing, sequence: 0, at: 0 });
      return isMore;
    },

    async list(series, scope, span) {
      return (await session.all(q.list, { series, scope, ...span })).map(statisticCounts.fromRow);
    },

    async countFindings(accountId, dialect) {
      const rows = await selectAmong(session, accountId, (db) => findingsQuery(db, accountId, dialect));
      return new Map(rows.map(({ reason, total }) => [reason, Number(total)]));
    },

    countEnds: (accountId, span) => countEnds(session, accountId, span),
  };
}

function findingsQuery(db: Builder, accountId: AccountId | null, dialect: string | undefined) {
  const now = new Date(0);
  const failing = failingQuery(db, { accountId, now, limit: largestTotal, ...withDefined({ dialect }) });
  const found = failing.select(failingReason.as('reason')).as('found');
  return db
    .selectFrom(found)
    .select('found.reason')
    .select((row) => row.fn.countAll<number | string>().as('total'))
    .groupBy('found.reason')
    .limit(largestTotal);
}

async function countEnds(
  session: Session,
  accountId: AccountId | null,
  span: DaySpan,
): Promise<ReadonlyMap<number, number> | undefined> {
  const listed = await byListings(session, accountId, () => listedEnds(session, accountId, span));
  if (listed !== undefined) return listed;
  return (await hasManyOrders(session, accountId)) ? undefined : endsOfFew(session, accountId, span);
}

async function listedEnds(
  session: Session,
  accountId: AccountId | null,
  span: DaySpan,
): Promise<ReadonlyMap<number, number>> {
  const account = accountId === null ? undefined : await termNumber(session, idForm('account').toBytes(accountId));
  // Nothing that is listed has such an account.
  if (account === null) return new Map();
  const rows = await (account === undefined
    ? session.beside((db) => endsOfAllQuery(db, span))
    : session.beside((db) => endsOfAccountQuery(db, account, span)));
  return new Map(rows.map(({ day, orders }) => [day, orders]));
}

function endsOfAllQuery(db: Builder, { from, until }: DaySpan) {
  return db
    .selectFrom('certificate_end_counts')
    .select(['day', 'orders'])
    .where('day', '>=', from)
    .where('day', '<=', until)
    .where('orders', '>', 0)
    .limit(until - from + 1);
}

function endsOfAccountQuery(db: Builder, account: number, { from, until }: DaySpan) {
  return db
    .selectFrom('account_end_counts')
    .select(['day', 'orders'])
    .where('account', '=', account)
    .where('day', '>=', from)
    .where('day', '<=', until)
    .where('orders', '>', 0)
    .limit(until - from + 1);
}

async function endsOfFew(
  session: Session,
  accountId: AccountId | null,
  span: DaySpan,
): Promise<ReadonlyMap<number, number>> {
  const rows = await session.select((db) => endsOfFewQuery(db, accountId, span));
  const found = new Map<number, number>();
  for (const { certificate_until: endsAt } of rows) {
    if (endsAt === null) continue;
    const day = Math.floor(endsAt / dayMs);
    found.set(day, (found.get(day) ?? 0) + 1);
  }
  return found;
}

function endsOfFewQuery(db: Builder, accountId: AccountId | null, { from, until }: DaySpan) {
  return db
    .selectFrom('orders')
    .select('certificate_until')
    .$if(accountId !== null, (some) => some.where('account_id', '=', accountId))
    .where('state', '=', 'active')
    .where('certificate_until', '>=', from * dayMs)
    .where('certificate_until', '<', (until + 1) * dayMs)
    .limit(manyOrders);
}
