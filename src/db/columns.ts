/** Form of the domain's values in columns: dates as milliseconds, structures as JSON text. */
import { type RawBuilder, sql } from 'kysely';

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
  return sql<string>`coalesce(${sql.ref(column)}, '')`;
}
