/** Pages of lists, read with one item more than is shown, which says whether there is another page. */
import type { Page } from '../domain/page.ts';

/** @param items at most `limit + 1` */
export function pageOf<T, Cursor>(items: readonly T[], limit: number, cursorOf: (item: T) => Cursor): Page<T, Cursor> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last !== undefined ? cursorOf(last) : null };
}
