/** Lists of this vendor, page by page (contract 1, pagination). */
import { numberFromWire } from '../../kit/lenient.ts';
import { type Loose, looseObject } from '../../kit/loose.ts';

/**
 * Reports whether nothing follows. A list without `page` is over at its first page that is not full: to take it for whole would hide
 * whatever is behind the first thousand.
 * @param offset of the next page
 * @param count of the items of this one
 */
export function isLastPage(
  reply: Loose,
  { offset, count, pageSize }: { readonly offset: number; readonly count: number; readonly pageSize: number },
): boolean {
  const total = numberFromWire(looseObject(reply.page).total);
  return count === 0 || (total === null ? count < pageSize : offset >= total);
}
