/** Sorts of the orders of the projection (decision 0032): those that have an index, which is walked, and others. */
import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { OrderSort } from '../../domain/ports/orders.ts';
import type { OrderListingRow } from '../rows/listings.ts';
import type { Tables } from '../tables.ts';

export const columns = {
  number: 'number',
  createdAt: 'created_at',
  commonName: 'common_name',
  certificateUntil: 'certificate_until',
  coverageUntil: 'coverage_until',
} as const;

export type Shown = (typeof columns)[keyof typeof columns];
export type ListQuery = SelectQueryBuilder<Tables, 'order_listings', Pick<OrderListingRow, Shown>>;

export interface ColumnOrder {
  readonly by: keyof typeof columns;
  readonly descending: boolean;
}

/** Whether the end is known by which the list is sorted. */
export interface End {
  readonly by: 'certificateUntil' | 'coverageUntil';
  readonly isThere: boolean;
}

/** After a sort by something that has an index, equal ones are sorted by what stands beside it and is always there. */
export function isWalkable(sort: readonly OrderSort[]): boolean {
  const first = sort.findIndex(isColumnSort);
  return first === -1 || sort.slice(first + 1).every((one) => isColumnSort(one) && !isEnd(one.by));
}

export function isEnd(by: OrderSort['by']): by is End['by'] {
  return by === 'certificateUntil' || by === 'coverageUntil';
}

export function inDirection<T>(values: readonly T[], { descending }: OrderSort): readonly T[] {
  return descending ? values.toReversed() : values;
}

export function isThere({ by, isThere: isPresent }: End): RawBuilder<SqlBool> {
  return sql`${sql.ref(columns[by])} is ${sql.raw(isPresent ? 'not null' : 'null')}`;
}

export function isColumnSort(sort: OrderSort): sort is ColumnOrder {
  return Object.hasOwn(columns, sort.by);
}

/** Equal ones by their numbers, in the direction of the index. Newest first by default. */
export function columnSorts(sort: readonly OrderSort[]): readonly ColumnOrder[] {
  const sorts = sort.filter(isColumnSort);
  const descending = sorts.at(-1)?.descending ?? true;
  return sorts.some(({ by }) => by === 'number') ? sorts : [...sorts, { by: 'number', descending }];
}
