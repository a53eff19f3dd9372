/** Pages on the wire. The cursor is opaque so that what it holds may change; today it is the core's number. */
import { quoted, refuse } from '../../domain/errors.ts';
import type { Page } from '../../domain/platform.ts';

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
  const match = /^before:([0-9]{1,16})$/.exec(Buffer.from(input.cursor, 'base64url').toString('latin1'));
  if (match === null) {
    throw refuse('fieldInvalid', {
      field: 'cursor',
      value: quoted(input.cursor),
      expected: { en: 'a nextCursor', zh: '上一页返回的 nextCursor' },
    });
  }
  return { limit: input.limit, before: Number(match[1]) };
}

export function pageToWire<T, W>(page: Page<T>, toWire: (item: T) => W): WirePage<W> {
  const nextCursor = page.next === null ? null : Buffer.from(`before:${page.next}`).toString('base64url');
  return { items: page.items.map(toWire), nextCursor };
}

/** A list that has no pages yet, in the form of one, so that it may get them without breaking a client. */
export function wholeToWire<T, W>(items: readonly T[], toWire: (item: T) => W): WirePage<W> {
  return { items: items.map(toWire), nextCursor: null };
}
