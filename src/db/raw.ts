/** Statements that are written out, because the query builder has no words for them. */
import { type Compilable, sql } from 'kysely';
import type { Builder } from './prepared.ts';

export function raw(db: Builder, text: string): Compilable<unknown> {
  return { compile: () => sql.raw(text).compile(db) };
}
