/** Columns of the schema, as they are declared. */
import type { ColumnDefinitionBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

/** Some tables and their indexes. Each index costs every row a few microseconds, so each says which question it answers. */
export type Schema = Migration['up'];

export const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Ids are time-ordered, so that new rows land at the end of the index that comes with UNIQUE. */
export const id = (column: ColumnDefinitionBuilder) => column.notNull().unique();

export const primary = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();

export const to = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) => column.references(reference);

export const requiredTo = (reference: `${string}.id`) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(reference);
