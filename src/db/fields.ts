/** What a column holds, and the kinds of fields that a codec is declared of: which column keeps a property, how it is written and read. */

import { type RawBuilder, sql } from 'kysely';
import { type Id, type Noun, type NumberedNoun, numberOf } from '../domain/ids.ts';
import { type KeptText, keptReason } from '../domain/kept-reason.ts';
import { anyIdForm, hexForm, idForm, type TextForm } from './id-bytes.ts';

/** Values that a column can hold in every engine. */
export type SqlValue = string | number | null | Uint8Array;

/** 0 or 1: SQLite has no booleans. */
export type Flag = 0 | 1;

export function fromMs(ms: number): Date {
  return new Date(ms);
}

export function fromMsOrNull(ms: number | null): Date | null {
  return ms === null ? null : fromMs(ms);
}

export function toMsOrNull(date: Date | null | undefined): number | null {
  return date === null || date === undefined ? null : date.getTime();
}

export function toFlagOrNull(flag: boolean | null | undefined): Flag | null {
  if (flag === null || flag === undefined) return null;
  return flag ? 1 : 0;
}

export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

export function toJsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** Hashes are hex in the domain and half as long in a column. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex);
}

export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** Reads JSON that this server wrote itself into the column of that type. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text);
}

/**
 * The column where a condition on it must not choose the index. Two indexes that fit equally well leave the choice to
 * the planner, which knows nothing of a table's contents: an account has a million events, an order has five.
 */
export function unindexed(column: string): RawBuilder<string> {
  return sql<string>`coalesce(${sql.ref(column)}, ${sql.ref(column)})`;
}

/** `int32` for numbers that clients show, `integer` for milliseconds and money (whole numbers up to 2^53). */
export type ColumnType = 'text' | 'int32' | 'integer' | 'blob';

declare const unchanged: unique symbol;
/** Stands for a stored type: that of the property itself. */
export type Unchanged = typeof unchanged;

/**
 * A column that keeps one property. Nulls never reach `write` and `read`.
 * @typeParam A values of the domain that fit into it
 * @typeParam S what is stored, or `Unchanged`
 */
export interface Column<N extends string, A, S, Nullable extends boolean> {
  readonly kind: 'column';
  readonly name: N;
  readonly type: ColumnType;
  readonly isNullable: Nullable;
  /** Read when somebody looks at it. */
  readonly isLazy: boolean;
  /** The row has a text, and the engine keeps it in this form. Undefined: as the row has it. */
  readonly form?: TextForm;
  readonly write: (value: A) => S;
  readonly read: (stored: never) => unknown;
}

/** Several columns that keep one property, a structure: `coverage` in `coverage_unit` and `coverage_count`. */
export interface Group<F, Nullable extends boolean> {
  readonly kind: 'group';
  readonly columns: F;
  /** Null is null in each column, and is read where any of them is null. */
  readonly isNullable: Nullable;
}

/** A column whose value depends on more than one property, or that has a way of its own to keep a null or a default. */
export interface Mapped<N extends string, T, V, S> {
  readonly kind: 'mapped';
  readonly name: N;
  readonly type: StoredTypeName;
  readonly isLazy: boolean;
  readonly write: (whole: T) => S;
  /** @param row for what other columns of it hold */
  readonly read: (stored: S, row: StoredRow) => V;
}

export type StoredRow = Readonly<Record<string, unknown>>;

/** The column that the engine numbers by itself, in order of insertion. */
export interface Sequence<N extends string> {
  readonly kind: 'sequence';
  readonly name: N;
}

/** The stored form of a `mapped` column. */
interface StoredTypes {
  text: string;
  'text or null': string | null;
  int32: number;
  'int32 or null': number | null;
  integer: number;
  'integer or null': number | null;
  blob: Uint8Array;
}
export type StoredTypeName = keyof StoredTypes;

/** Does nothing; the compiled codec leaves it out. */
export function same<T>(value: T): T {
  return value;
}

/** Stored as it is, so that it comes back as what it was: a state as a state, an id as an id. */
function plain<N extends string, A>(name: N, type: ColumnType): Column<N, A, Unchanged, false> {
  return { kind: 'column', name, type, isNullable: false, isLazy: false, write: same as never, read: same };
}

export function converted<N extends string, A, S extends SqlValue>(
  name: N,
  type: ColumnType,
  form: { readonly write: (value: A) => S; readonly read: (stored: S) => unknown },
): Column<N, A, S, false> {
  return { kind: 'column', name, type, isNullable: false, isLazy: false, ...form };
}

export function text<N extends string>(name: N): Column<N, string, Unchanged, false> {
  return plain(name, 'text');
}

/** An id of the noun: text in the row, so that every statement takes it as the domain has it, and 16 bytes in the file. */
export function id<N extends string>(name: N, noun: Noun): Column<N, string, Unchanged, false> {
  return { ...plain(name, 'blob'), form: idForm(noun) };
}

/** An id of whatever noun, or another text in the place of one. */
export function anyId<N extends string>(name: N): Column<N, string, Unchanged, false> {
  return { ...plain(name, 'blob'), form: anyIdForm };
}

/** A text that is hex as a rule, which clients may send otherwise; a hash of our own is `hex`. */
export function hexText<N extends string>(name: N): Column<N, string, Unchanged, false> {
  return { ...plain(name, 'blob'), form: hexForm };
}

export function int32<N extends string>(name: N): Column<N, number, Unchanged, false> {
  return plain(name, 'int32');
}

export function integer<N extends string>(name: N): Column<N, number, Unchanged, false> {
  return plain(name, 'integer');
}

export function blob<N extends string>(name: N): Column<N, Uint8Array, Unchanged, false> {
  return plain(name, 'blob');
}

export function date<N extends string>(name: N): Column<N, Date, number, false> {
  return converted(name, 'integer', { write: (value: Date) => value.getTime(), read: fromMs });
}

export function flag<N extends string>(name: N): Column<N, boolean, Flag, false> {
  const form = { write: (value: boolean): Flag => (value ? 1 : 0), read: (stored: Flag) => stored === 1 };
  return converted(name, 'int32', form);
}

/** A structure of what JSON has; dates or bytes in it need `jsonOf`. */
export function json<N extends string>(name: N): Column<N, unknown, string, false> {
  return converted(name, 'text', { write: toJson, read: (stored: string) => fromJson(stored) });
}

/** A structure that JSON does not have as it is. */
export function jsonOf<N extends string, A>(
  name: N,
  form: { readonly write: (value: A) => string; readonly read: (stored: string) => A },
): Column<N, A, string, false> {
  return converted(name, 'text', form);
}

/** A reason as JSON, or a text as it is; a reason that this version does not know stays the text that was stored. */
export const keptTextForm = {
  write: (kept: KeptText): string => (typeof kept === 'string' ? kept : toJson(kept)),
  read(stored: string): KeptText {
    if (!stored.startsWith('{"key":')) return stored;
    try {
      return keptReason(fromJson(stored)) ?? stored;
    } catch {
      // The words of a program that look like one.
      return stored;
    }
  },
};

export function keptText<N extends string>(name: N): Column<N, KeptText, string, false> {
  return converted(name, 'text', keptTextForm);
}

/** A hash, which is hex in the domain and half as long in the column. */
export function hex<N extends string>(name: N): Column<N, string, Uint8Array, false> {
  return converted(name, 'blob', { write: fromHex, read: toHex });
}

export function nullable<N extends string, A, S>(of: Column<N, A, S, false>): Column<N, A, S, true> {
  return { ...of, isNullable: true };
}

/** For a column that most readers of the row never look at, and that costs something to read. */
export function lazy<F extends { readonly isLazy: boolean }>(field: F): F {
  return { ...field, isLazy: true };
}

export function group<const F>(columns: F): Group<F, false> {
  return { kind: 'group', columns, isNullable: false };
}

export function nullableGroup<const F>(columns: F): Group<F, true> {
  return { kind: 'group', columns, isNullable: true };
}

export function sequence<N extends string>(name: N): Sequence<N> {
  return { kind: 'sequence', name };
}

export function mapped<N extends string, Y extends StoredTypeName, T, V, S extends StoredTypes[Y]>(
  name: N,
  type: Y,
  form: { readonly write: (whole: T) => S; readonly read: (stored: S, row: StoredRow) => V },
): Mapped<N, T, V, S> {
  return { kind: 'mapped', name, type, isLazy: false, ...form };
}

/** A column that is only written: queries look at it, nobody reads it back. */
export function derived<N extends string, Y extends StoredTypeName, T>(
  name: N,
  type: Y,
  write: (whole: T) => StoredTypes[Y],
): Mapped<N, T, never, StoredTypes[Y]> {
  return mapped(name, type, { write, read: unread });
}

type IdIn<K extends string> = { readonly [P in K]: Id<NumberedNoun> };
type IdOrNullIn<K extends string> = { readonly [P in K]: Id<NumberedNoun> | null };

/** The number in the id of another object, `key`: foreign keys, joins and indexes go by it, since ids have no index. */
export function reference<N extends string, K extends string>(name: N, key: K) {
  return derived(name, 'int32', (whole: IdIn<K>) => numberOf(whole[key]));
}

export function nullableReference<N extends string, K extends string>(name: N, key: K) {
  return derived(name, 'int32 or null', (whole: IdOrNullIn<K>) => {
    const id = whole[key];
    return id === null ? null : numberOf(id);
  });
}

function unread(): never {
  throw new Error('a derived column is never read');
}
