/** The order in which a list by filters is walked, its ranges and its cursor: by age or by end, from either side. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type FilteredPageQuery, type OrderFilter, sortOf } from '../../domain/ports/list-filters.ts';

type Filter = Pick<OrderFilter, 'createdFrom' | 'createdBefore' | 'endsFrom' | 'endsBefore' | 'sort'>;

/** Includes its first moment, and excludes its last. */
interface Range {
  readonly from: Date | undefined;
  readonly before: Date | undefined;
}

interface Columns {
  readonly created: string;
  readonly ends: string;
  readonly number: string;
}

/** What a query must have to be paged. */
interface Pageable<Query> {
  orderBy(column: RawBuilder<unknown>, direction: 'asc' | 'desc'): Query;
  limit(limit: number): Query;
}

export interface Walk {
  /** What it is sorted by, before the number. */
  readonly column: string;
  readonly conditions: readonly RawBuilder<SqlBool>[];
  page<Query extends Pageable<Query>>(query: Query, limit: number): Query;
}

export function rangesOf({ createdFrom, createdBefore, endsFrom, endsBefore }: Filter) {
  return { created: { from: createdFrom, before: createdBefore }, ends: { from: endsFrom, before: endsBefore } };
}

export function inRange(column: string, range: Range): readonly RawBuilder<SqlBool>[] {
  return within(sql.ref(column), range);
}

export function walkOf(query: Filter & Pick<FilteredPageQuery, 'before'>, columns: Columns): Walk {
  const { by, descending } = sortOf(query);
  const byEnd = by === 'ends';
  const { created, ends } = rangesOf(query);
  const column = byEnd ? columns.ends : columns.created;
  const direction = descending ? 'desc' : 'asc';
  const [sorted, number] = [sql.ref(column), sql.ref(columns.number)];
  const { before } = query;
  const behind = descending ? sql`<` : sql`>`;
  const cursor =
    before === undefined
      ? []
      : [sql<SqlBool>`(${sorted}, ${number}) ${behind} (${before.at.getTime()}, ${before.number})`];
  // A plus keeps the index by the other from being what finds the rows: they would have to be sorted.
  const others = byEnd
    ? within(sql`+${sql.ref(columns.created)}`, created)
    : within(sql`+${sql.ref(columns.ends)}`, ends);
  const hasEnd = byEnd ? [sql<SqlBool>`${sorted} is not null`] : [];
  return {
    column,
    conditions: [...hasEnd, ...within(sorted, byEnd ? ends : created), ...others, ...cursor],
    page: (some, limit) => some.orderBy(sorted, direction).orderBy(number, direction).limit(limit),
  };
}

function within(column: RawBuilder<unknown>, { from, before }: Range): readonly RawBuilder<SqlBool>[] {
  return [
    ...(from === undefined ? [] : [sql<SqlBool>`${column} >= ${from.getTime()}`]),
    ...(before === undefined ? [] : [sql<SqlBool>`${column} < ${before.getTime()}`]),
  ];
}
