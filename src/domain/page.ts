/** Pages of lists. A list is read page by page: nothing that grows is answered as a whole. */

/** The most items of one page: more would hold up everybody else. */
export const largestPage = 1000;

/** A page and the cursor of the next; null at the end. */
export interface Page<T, Cursor = number> {
  readonly items: readonly T[];
  readonly next: Cursor | null;
  /** Where the query wants it. */
  readonly total?: Total;
}

/** How many items a list has, those before the cursor included. */
export interface Total {
  /** At most `largestTotal`. */
  readonly count: number;
  /** There are more than that. */
  readonly isMore: boolean;
}

/** Lists are counted so far: to count further takes as long as the list is. */
export const largestTotal = 10_000;

/** The total of a list that was counted. */
export function totalOf(counted: number): Total {
  return { count: Math.min(counted, largestTotal), isMore: counted > largestTotal };
}

/** Part of a query for a page. */
export interface Counting {
  readonly withTotal?: true;
}

/**
 * A page of a list that counts: newest first unless sorted otherwise. Where items are added meanwhile, the pages behind them
 * move by an offset; a cursor does not.
 */
export interface CountedPage<T> {
  readonly items: readonly T[];
  /** The total number of items. */
  readonly total: number;
}

export interface OffsetQuery {
  readonly limit: number;
  readonly offset: number;
}

/** A page of a list, newest first. `before` is the cursor: the last item's number (or sequence) of the page before. */
export interface PageQuery {
  readonly limit: number;
  readonly before?: number;
}

/** The same from either end: with `after`, which is a cursor as well, a page begins with the oldest; 0 is before all of them. */
export type EitherWayQuery = PageQuery | { readonly limit: number; readonly after: number };
