/** Parts of conditions that several searches share. */

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ContainerCondition } from '../../domain/ports/stores/containers.ts';
import { asId } from '../forms.ts';

/** Escapes the customer's own letters that `like` takes for wildcards. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

/** Part of any of the texts, in either case of letters; or the number, where there is one. */
export function hasText(text: string, columns: readonly string[], number?: string): RawBuilder<SqlBool> {
  const part = `%${escaped(text.toLowerCase())}%`;
  const isNumber = number !== undefined && /^[0-9]{1,15}$/.test(text);
  return anyOf([
    ...columns.map((column) => sql<SqlBool>`lower(${sql.ref(column)}) like ${part} escape '\\'`),
    ...(isNumber ? [sql<SqlBool>`${sql.ref(number)} = ${Number(text)}`] : []),
  ]);
}

/** A list in brackets; an empty one is one that nothing is in. */
export function bound(values: readonly (string | number)[]): RawBuilder<unknown> {
  return values.length === 0 ? sql`null` : sql.join(values);
}

/** Any of them; none of none. */
export function anyOf(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` or `)})`;
}

/** Containers as a condition on the column that names one. */
export function inContainers(column: string, condition: ContainerCondition): RawBuilder<SqlBool> {
  const name = sql.ref(column);
  if ('in' in condition) return sql`${name} in (${bound(condition.in.map((id) => asId('container', id)))})`;
  if (condition.notIn.length === 0) return sql`true`;
  return sql`(${name} is null or ${name} not in (${bound(condition.notIn.map((id) => asId('container', id)))}))`;
}

/**
 * The same on the number of an order. Orders in a container have an index; most are in none, and those are found without reading them.
 */
export function ofOrdersIn(column: string, condition: ContainerCondition): RawBuilder<SqlBool> {
  const number = sql.ref(column);
  return 'in' in condition
    ? sql`${number} in (${numbersInContainers(condition.in)})`
    : sql`${number} not in (${numbersInContainers(condition.notIn)})`;
}

export function numbersInContainers(ids: readonly string[]): RawBuilder<number> {
  return sql`select few.number from orders as few
    where few.container_id is not null and few.container_id in (${bound(ids.map((id) => asId('container', id)))})`;
}

/** Orders with a custom field of any of these numbers that has any of these values. */
export function hasCustomField({
  numbers,
  values,
}: {
  readonly numbers?: readonly number[];
  readonly values?: readonly string[];
}): RawBuilder<SqlBool> {
  const conditions = [
    ...(numbers === undefined ? [] : [sql`json_extract(field.value, '$.fieldNumber') in (${bound(numbers)})`]),
    ...(values === undefined ? [] : [sql`json_extract(field.value, '$.value') in (${bound(values)})`]),
  ];
  return sql`(orders.custom_values_json is not null and exists (
    select 1 from json_each(orders.custom_values_json) as field where ${sql.join([sql`true`, ...conditions], sql` and `)}))`;
}

/** Newest first by default. Equal values are sorted by number, so that nothing is on two pages. */
export function wholeSort<Sort extends { readonly by: string; readonly descending: boolean }>(
  sort: readonly Sort[] = [],
): readonly (Sort | { readonly by: 'number'; readonly descending: boolean })[] {
  return sort.some(({ by }) => by === 'number') ? sort : [...sort, { by: 'number', descending: true }];
}
