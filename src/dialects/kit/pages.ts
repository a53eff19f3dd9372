/** Lists of the core, read page by page. */
import { setImmediate } from 'node:timers';
import type { Caller } from '../../domain/caller.ts';
import type { Page } from '../../domain/page.ts';
import type { Issuances } from '../../domain/ports/issuances.ts';
import type { IssuanceView, OrderReference } from '../../domain/ports/orders.ts';
import { withDefined } from '../../domain/with-defined.ts';

/** Reads one page; `cursor` undefined: the first. */
export type ReadPage<T, Cursor> = (cursor: Cursor | undefined) => Promise<Page<T, Cursor>>;

/** The items of all pages, each page read when the one before it is used up. */
export async function* itemsOf<T, Cursor>(read: ReadPage<T, Cursor>): AsyncGenerator<T, void, undefined> {
  let cursor: Cursor | undefined;
  for (;;) {
    const page: Page<T, Cursor> = await read(cursor);
    yield* page.items;
    if (page.next === null) return;
    cursor = page.next;
  }
}

/** The first items of a list, for replies that have no pages. */
export async function gather<T, Cursor>(read: ReadPage<T, Cursor>, atMost: number): Promise<readonly T[]> {
  const found: T[] = [];
  if (atMost === 0) return found;
  for await (const item of itemsOf(read)) if (found.push(item) >= atMost) break;
  return found;
}

/** The first item that fits; reads no further than to it. */
export async function findItem<T, Cursor>(
  read: ReadPage<T, Cursor>,
  fits: (item: T) => boolean,
): Promise<T | undefined> {
  for await (const item of itemsOf(read)) if (fits(item)) return item;
  return undefined;
}

/** The most of one order that a reply shows: hundreds of years of reissues, or somebody's runaway script. */
export const issuancesAtMost = 1000;

/** With a thousand names each, a page of these is megabytes. */
const issuancesAtOnce = 100;

/** The issuances of an order, newest first. */
export function pagesOfIssuances(
  reference: OrderReference,
  issuances: Pick<Issuances, 'list'>,
  caller: Caller,
): ReadPage<IssuanceView, number> {
  return (before) => issuances.list(caller, reference, { limit: issuancesAtOnce, ...withDefined({ before }) });
}

/** A few milliseconds of work. */
const itemsAtOnce = 50;

/** What `make` makes of each item of a long page, in their order: some of them at a time, between which everybody else gets their turn. */
export async function eachInTurn<T, R>(items: readonly T[], make: (item: T) => R | Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (let from = 0; from < items.length; from += itemsAtOnce) {
    if (from > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    made.push(...(await Promise.all(items.slice(from, from + itemsAtOnce).map(make))));
  }
  return made;
}
