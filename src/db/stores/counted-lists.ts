/** Totals of lists: as many as the list has, counted to a bound by what finds them, without the rows. */
import { type Compilable, type Expression, sql } from 'kysely';
import { largestTotal, type Total, totalOf } from '../../domain/page.ts';
import type { Builder } from '../prepared.ts';
import type { Session } from '../session.ts';

/** A list to be counted: without a cursor, in no order, and with no smaller limit. */
type List = (db: Builder) => Expression<unknown>;

/** The limit of a list that is counted: one more than the total says. */
export const countedLimit = largestTotal + 1;

/** @param isBeside it may look at very many rows (`Session.beside`) */
export async function totalOfList(session: Session, list: List, isBeside = false): Promise<Total> {
  const rows = isBeside
    ? await session.beside((db) => countQuery(db, list))
    : await session.select((db) => countQuery(db, list));
  return totalOf(Number(rows[0]?.total ?? 0));
}

export function countQuery(db: Builder, list: List): Compilable<{ readonly total: number | string }> {
  const some = db
    .selectFrom(sql<object>`(${list(db)})`.as('listed'))
    .select(sql<number>`1`.as('one'))
    .limit(countedLimit);
  return db.selectFrom(some.as('found')).select((row) => row.fn.countAll<number | string>().as('total'));
}
