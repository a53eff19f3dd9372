/** Columns of the schema, as they are declared. */
import type { ColumnDefinitionBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

/** Some tables and their indexes. Each index costs every row a few microseconds, so each says which question it answers. */
export type Schema = Migration['up'];

export const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Ids are time-ordered, so that new rows land at the end of the index that comes with UNIQUE. Those that carry a number have none. */
export const id = (column: ColumnDefinitionBuilder) => column.notNull().unique();

type Key = `${string}.id` | `${string}.number`;

export const primary = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();

export const to = (reference: Key) => (column: ColumnDefinitionBuilder) => column.references(reference);

export const requiredTo = (reference: Key) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference);
