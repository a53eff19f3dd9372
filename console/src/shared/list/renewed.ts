/** A list that is brought up to date without its rows moving: they change where they stand, and what has come waits for somebody to look. */
import type { ListPage } from '../../api/list.ts';
import type { ListRow } from './definition.ts';

/** The pages as they are kept, with the cursor of each; that of the first is empty. */
export interface KeptPages<Row> {
  readonly pages: readonly ListPage<Row>[];
  readonly pageParams: readonly string[];
}

export interface FreshPage<Row> {
  readonly cursor: string;
  readonly page: ListPage<Row>;
}

/** The same rows in the same places, as the fresh pages have them. */
export function inPlace<Row extends ListRow>(kept: KeptPages<Row>, fresh: readonly FreshPage<Row>[]): KeptPages<Row> {
  const now = new Map(fresh.flatMap(({ page }) => page.items).map((row) => [row.id, row]));
  return {
    ...kept,
    pages: kept.pages.map((page) => ({ ...page, items: page.items.map((row) => now.get(row.id) ?? row) })),
  };
}

/** Rows of the first page that nobody here has seen yet. */
export function newIn<Row extends ListRow>(first: ListPage<Row>, known: ReadonlySet<string>): readonly string[] {
  return first.items.map(({ id }) => id).filter((id) => !known.has(id));
}

/**
 * Rows that are not there any more, as far as the fresh pages say: those that should stand before one that is still there. What was pushed off the
 * end of a page is on the next.
 */
export function goneFrom<Row extends ListRow>(
  kept: KeptPages<Row>,
  fresh: readonly FreshPage<Row>[],
): readonly string[] {
  return fresh.flatMap(({ cursor, page }) => {
    const before = kept.pages[kept.pageParams.indexOf(cursor)]?.items ?? [];
    const there = new Set(page.items.map(({ id }) => id));
    const isAll = page.nextCursor === null;
    const last = isAll ? before.length : before.findLastIndex(({ id }) => there.has(id));
    return before.slice(0, Math.max(last, 0)).flatMap(({ id }) => (there.has(id) ? [] : [id]));
  });
}
