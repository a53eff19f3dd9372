/** Pages on the wire. The cursor is opaque so that what it holds may change; today it is the core's number. */

import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { CountedPage, OffsetQuery, Page } from '../../domain/page.ts';

export interface WirePage<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** The query of the core for a page. @throws {CertError} invalidField for a cursor that is not ours */
export function pageQueryOf(input: { readonly limit: number; readonly cursor?: string | undefined }): {
  limit: number;
  before?: number;
} {
  if (input.cursor === undefined) return { limit: input.limit };
  return { limit: input.limit, before: readCursor(input.cursor, 'before') };
}

/** The query of the core for a page of a list that is counted. @throws {CertError} invalidField for a cursor that is not ours */
export function offsetQueryOf(input: { readonly limit: number; readonly cursor?: string | undefined }): OffsetQuery {
  return { limit: input.limit, offset: input.cursor === undefined ? 0 : readCursor(input.cursor, 'offset') };
}

function readCursor(cursor: string, kind: 'before' | 'offset'): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const number = text.startsWith(`${kind}:`) ? text.slice(kind.length + 1) : '';
  if (/^[0-9]{1,15}$/.test(number)) return Number(number);
  throw refuse('fieldInvalid', {
    field: 'cursor',
    value: quoted(cursor),
    expected: expected.nextCursor,
  });
}

export function countedToWire<T, W>(
  { items, total }: CountedPage<T>,
  { offset }: OffsetQuery,
  toWire: (item: T) => W,
): WirePage<W> {
  const end = offset + items.length;
  const hasMore = items.length > 0 && end < total;
  return { items: items.map(toWire), nextCursor: hasMore ? Buffer.from(`offset:${end}`).toString('base64url') : null };
}

export function pageToWire<T, W>(page: Page<T>, toWire: (item: T) => W): WirePage<W> {
  const nextCursor = page.next === null ? null : Buffer.from(`before:${page.next}`).toString('base64url');
  return { items: page.items.map(toWire), nextCursor };
}

/** A list that has no pages yet, in the form of one, so that it may get them without breaking a client. */
export function wholeToWire<T, W>(items: readonly T[], toWire: (item: T) => W): WirePage<W> {
  return { items: items.map(toWire), nextCursor: null };
}
