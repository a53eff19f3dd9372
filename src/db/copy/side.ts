/** One end of a copy: a database that is read table by table, and one that is filled so. One of each per engine. */
import type { SqlValue } from '../fields.ts';
import type { Sequence } from '../options.ts';

export interface CopiedColumn {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'blob';
}

export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly CopiedColumn[];
  /** Columns of its primary key: rows are read in their order, which is the same on both engines. */
  readonly key: readonly string[];
}

/** Values in the order of the table's columns. */
export type CopiedRow = readonly SqlValue[];

/** Part of a table that fits into memory, and into one statement. */
export type Piece = readonly CopiedRow[];

/** The number that each sequence draws next. */
export type NextNumbers = Readonly<Record<Sequence, number>>;

export interface CopySide {
  /** The path of the file, or the address without its password: for messages. */
  readonly title: string;
  /** True if open orders are listed late (`stores/late-lists.ts`). */
  readonly listsOrdersLate: boolean;
  /** True if the next number is one more than the highest of the table, and not kept apart from it. */
  readonly numbersFollowRows: boolean;
  /** The names of the migrations that were carried out; none where there are no tables. */
  migrations(): Promise<readonly string[]>;
  /** The columns of each table that keeps something, without what only this engine has. */
  columns(): Promise<ReadonlyMap<string, readonly CopiedColumn[]>>;
  /** The rows of a table in the order of its key, as they are at the moment of the first read. */
  pieces(table: CopiedTable): AsyncIterable<Piece>;
  count(table: CopiedTable): Promise<number>;
  /** Above every number that a row has. */
  nextNumbers(): Promise<NextNumbers>;
  /** Gives the database back to servers; of a target that was not finished nothing is left. */
  close(): Promise<void>;
}

/** Nothing of it is seen by anybody else before `finish`. */
export interface CopyTarget extends CopySide {
  /** The first of its tables that has rows, or is not one of certmux's. Undefined: it is empty. */
  occupied(): Promise<string | undefined>;
  /** Makes the tables, empty and without what makes inserting slow. */
  begin(): Promise<void>;
  insert(table: CopiedTable, piece: Piece): Promise<void>;
  /** Makes indexes, checks references, and lets the sequences go on at these numbers. */
  complete(next: NextNumbers): Promise<void>;
  /** From here on it is a database like any other. */
  finish(): Promise<void>;
}

/** The most rows of a piece. */
export const pieceRows = 1000;

/** A piece ends with the row that reaches this size: lists of revoked certificates have megabytes. */
export const pieceBytes = 4 << 20;

export function sizeOf(row: CopiedRow): number {
  let bytes = 0;
  for (const value of row) bytes += typeof value === 'object' || typeof value === 'string' ? (value?.length ?? 0) : 8;
  return bytes;
}
