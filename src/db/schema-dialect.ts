/** Differences between the engines in the statements that make tables. */
import type { ColumnDefinitionBuilder, Compilable, CreateTableBuilder } from 'kysely';
import type { Builder } from './prepared.ts';

export interface SchemaDialect {
  /** Type of whole numbers up to 2^53: milliseconds, money. */
  readonly integer: 'integer' | 'bigint';
  readonly blob: 'blob' | 'bytea';
  /** The projection of orders is part of the database; otherwise it has a file of its own. */
  readonly hasListings: boolean;
  /** What the engine needs before the first table: sequences, functions that queries call. */
  before(db: Builder): readonly Compilable<unknown>[];
  /** What an index ends with that is read in the order of the primary key, a number: nothing where every index has that already. */
  readonly byNumber: readonly 'number'[];
  /** Makes the column a primary key that grows by itself in order of insertion. */
  identity(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** A column `sequence` that has the number of the sealer (decision 0019), with what the sealer needs to draw it. */
  sealed<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C | 'sequence'>;
  /** Rows kept in order of insertion, found through indexes. */
  heap<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
  /** Small rows kept in order of their primary key, which is all they are found by. */
  keyed<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
  /** The index of parts of names of requests, where the projection is part of the database. */
  approvalParts(db: Builder): readonly Compilable<unknown>[];
  /** What the engine needs once all tables are there. */
  after(db: Builder): readonly Compilable<unknown>[];
}
