/** Pages of lists: `offset` and `limit` of the query, `page` of the answer. */
import type { CountedPage, OffsetQuery, Page } from '../../../domain/page.ts';
import { withDefined } from '../../../domain/with-defined.ts';

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

/** Beyond these nothing is shown: most lists of users and keys of this API have no pages. */
const gatheredAtMost = 10_000;

/** The whole of a list that the core gives in pages, newest first. */
export async function gather<T>(
  read: (page: { readonly limit: number; readonly before?: number }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let next: number | null | undefined;
  while (next !== null && found.length < gatheredAtMost) {
    const page: Page<T> = await read({ limit: pageLimit, ...withDefined({ before: next }) });
    found.push(...page.items);
    next = page.next;
  }
  return found;
}

/** A page of a list that the core gives as a whole. */
export function cut<T>(items: readonly T[], { limit, offset }: OffsetQuery): CountedPage<T> {
  return { items: items.slice(offset, offset + limit), total: items.length };
}
