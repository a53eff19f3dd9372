/** Pages of lists: `offset` and `limit` of the query, `page` of the answer. */
import type { CountedPage, OffsetQuery } from '../../../domain/page.ts';
import { itemsOf, type ReadPage } from '../../kit/pages.ts';

/** The vendor's default and its most. */
export const pageLimit = 1000;

interface PageRequest {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/** More than the most is read as the most. */
export function offsetQueryOf({ limit = pageLimit, offset = 0 }: PageRequest): OffsetQuery {
  return { limit: Math.min(limit, pageLimit), offset };
}

export interface WirePage {
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

export function pageToWire({ total }: Pick<CountedPage<unknown>, 'total'>, query: OffsetQuery): WirePage {
  return { total, limit: query.limit, offset: query.offset };
}

/** The most items of a reply of those calls of this API that have no pages. */
export const withoutPagesAtMost = 10_000;

/**
 * A page of those items of a list that fit, and their number. Reads the list page by page and keeps no more than one; where they are
 * sorted, no more than twice what stands before the end of the page.
 */
export async function pageOfFitting<T, Cursor>(
  read: ReadPage<T, Cursor>,
  fits: (item: T) => boolean,
  { limit, offset }: OffsetQuery,
  compare?: (a: T, b: T) => number,
): Promise<CountedPage<T>> {
  let items: T[] = [];
  let total = 0;
  for await (const item of itemsOf(read)) {
    if (!fits(item)) continue;
    if (compare !== undefined) {
      items.push(item);
      if (items.length >= 2 * (offset + limit)) items = items.toSorted(compare).slice(0, offset + limit);
    } else if (total >= offset && items.length < limit) items.push(item);
    total++;
  }
  if (compare !== undefined) items = items.toSorted(compare).slice(offset, offset + limit);
  return { items, total };
}

/** A list that has offsets, read page by page. */
export function pagesByOffset<T>(list: (page: OffsetQuery) => Promise<CountedPage<T>>): ReadPage<T, number> {
  return async (offset = 0) => {
    const { items, total } = await list({ limit: pageLimit, offset });
    return { items, next: offset + pageLimit < total ? offset + pageLimit : null };
  };
}

/** A page of a list that the core gives as a whole. */
export function cut<T>(items: readonly T[], { limit, offset }: OffsetQuery): CountedPage<T> {
  return { items: items.slice(offset, offset + limit), total: items.length };
}
