/** Differences between the engines in the statements that make tables. */
import type { ColumnDefinitionBuilder, CreateTableBuilder } from 'kysely';

export interface SchemaDialect {
  /** Type of whole numbers up to 2^53: milliseconds, money. */
  readonly integer: 'integer' | 'bigint';
  readonly blob: 'blob' | 'bytea';
  /** What an index ends with that is read in the order of the primary key, a number: nothing where every index has that already. */
  readonly byNumber: readonly 'number'[];
  /** Makes the column a primary key that grows by itself in order of insertion. */
  identity(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** Rows kept in order of insertion, found through indexes. */
  heap<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
  /** Small rows kept in order of their primary key, which is all they are found by. */
  keyed<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
}
