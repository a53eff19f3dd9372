/** Pages on the wire. The cursor is opaque so that what it holds may change; today it is the core's number. */
import { type CertError, quoted, refuse } from '../../domain/errors.ts';
import { type Id, isId, type Noun } from '../../domain/ids.ts';
import { expected } from '../../domain/messages/expectations.ts';
import { type CountedPage, type Counting, largestPage, largestTotal, type Page, totalOf } from '../../domain/page.ts';
import { withDefined } from '../../domain/with-defined.ts';

export interface WirePage<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
  readonly total?: { readonly count: number; readonly isMore: boolean };
}

interface PageInput {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly total?: 'true' | undefined;
}

/** The query of the core for a page. @throws {CertError} invalidField for a cursor that is not ours */
export function pageQueryOf(input: PageInput): Counting & { readonly limit: number; readonly before?: number } {
  const { limit, cursor } = input;
  return { limit, ...(cursor === undefined ? {} : { before: readNumber(cursor) }), ...countingOf(input) };
}

/** Whether the request wants a total. */
export function countingOf({ total }: Pick<PageInput, 'total'>): Counting {
  return total === undefined ? {} : { withTotal: true };
}

/** The query for a page of a list that the core counts: one item more than is shown, which says whether there is another page. */
export function countedQueryOf({ limit, cursor }: PageInput) {
  return { ...pageQueryOf({ limit, cursor }), limit: limit + 1, offset: 0 };
}

function readNumber(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, number] = /^before:([0-9]{1,15})$/.exec(text) ?? [];
  if (number !== undefined) return Number(number);
  throw notACursor(cursor);
}

/** The place in a list that goes by position. @throws {CertError} invalidField for a cursor that is not ours */
export function readPosition(cursor: string): number {
  const [, position] = /^after:([0-9]{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (position !== undefined) return Number(position);
  throw notACursor(cursor);
}

/** The place in a list that goes by time, then by a key. */
export interface TimedCursor {
  readonly at: Date;
  readonly key: string;
}

/** @throws {CertError} invalidField for a cursor that is not ours */
export function readTimedCursor(cursor: string): TimedCursor {
  const [, ms, key] = /^at:([0-9]{1,15}):(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (ms === undefined || key === undefined) throw notACursor(cursor);
  return { at: new Date(Number(ms)), key };
}

export function timedCursor({ at, key }: TimedCursor): string {
  return `at:${at.getTime()}:${key}`;
}

/** @throws {CertError} invalidField for a cursor that is not ours */
export function readIdCursor<N extends Noun>(kind: N, cursor: string): Id<N> {
  if (isId(kind, cursor)) return cursor;
  throw notACursor(cursor);
}

export function notACursor(cursor: string): CertError {
  return refuse('fieldInvalid', { field: 'cursor', value: quoted(cursor), expected: expected.nextCursor });
}

/** The page of such a query, with its total where that is wanted. */
export function countedPage<T>(
  { items, total }: CountedPage<T>,
  { limit, total: wanted }: PageInput,
  numberOf: (item: T) => number,
): Page<T> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const next = items.length > limit && last !== undefined ? numberOf(last) : null;
  return { items: page, next, ...(wanted === undefined ? {} : { total: totalOf(total) }) };
}

/** @param textOf the cursor as text; of lists that go by a number by default */
export function pageToWire<T, W, Cursor = number>(
  page: Page<T, Cursor>,
  toWire: (item: T) => W,
  textOf: (cursor: Cursor) => string = (number) => `before:${number}`,
): WirePage<W> {
  const nextCursor = page.next === null ? null : Buffer.from(textOf(page.next)).toString('base64url');
  return { items: page.items.map(toWire), nextCursor, ...withDefined({ total: page.total }) };
}

/** A list that is short by nature, in the form of a page; `withTotals` counts it. */
export function wholeToWire<T, W>(items: readonly T[], toWire: (item: T) => W): WirePage<W> {
  return { items: items.map(toWire), nextCursor: null };
}

interface Reading<T, Cursor> {
  /** The place from the cursor; undefined: the beginning. */
  readonly from: Cursor | undefined;
  readonly read: (limit: number, from: Cursor | undefined) => Promise<Page<T, Cursor>>;
}

/**
 * A page of a list of one object, such as the timeline of an order: these are short, so that they are counted by reading them, as far
 * as totals go.
 */
export async function pageWithTotal<T, Cursor>(
  { limit, total }: PageInput,
  { from, read }: Reading<T, Cursor>,
): Promise<Page<T, Cursor>> {
  const page = await read(limit, from);
  if (total === undefined) return page;
  if (from === undefined && page.next === null) return { ...page, total: totalOf(page.items.length) };
  let counted = 0;
  for (let next: Cursor | null | undefined; next !== null && counted <= largestTotal; ) {
    const piece: Page<T, Cursor> = await read(largestPage, next);
    counted += piece.items.length;
    next = piece.next;
  }
  return { ...page, total: totalOf(counted) };
}
