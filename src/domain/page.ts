/** Pages of lists. */

/** A page and the cursor of the next; null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: number | null;
}

/** A page of a list that counts: newest first unless sorted otherwise. */
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
