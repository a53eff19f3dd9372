/**
 * Totals that no counter knows: of a search of texts that very many fit. Each row of the list has to be looked at, once: what was counted is
 * kept by cells of so many numbers, with the event up to which the projection went. The next time only cells are counted in which
 * something has changed since, so that a total is exact and takes as long as there are changes.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Session } from '../session.ts';
import { orderFillStatements } from './order-fill.ts';
import type { SearchedList } from './text-index.ts';

/** Numbers of a cell: counting one takes less than a millisecond. */
const cellNumbers = 2048;
/** Cells that one query counts. Other searches have their turn between two of them. */
const cellsAtOnce = 32;
/** Lists of fewer rows are counted each time. */
const carriedFrom = 1000;
/** So are lists that are strewn among others, with fewer rows in a cell than these. */
const leastOfCell = 20;
/** Where more cells have changed than these, all are counted. */
const mostChanged = 4096;

/** Rows of the projection. */
export interface CountedRows {
  readonly list: SearchedList;
  readonly shelf: number;
  /** What narrows them, by what the rows say of themselves and nothing else. */
  readonly condition: RawBuilder<SqlBool>;
  /** No more of them than these. */
  readonly atMost: number;
  /** The shelf is most of the list, so that its rows are found by their numbers. */
  readonly isMost: boolean;
}

/** @returns undefined: it is simpler to count them each time */
export async function carriedTotal(session: Session, counted: CountedRows): Promise<number | undefined> {
  const { carriedTotals } = session;
  if (carriedTotals === undefined || counted.atMost < carriedFrom) return undefined;
  let key = '';
  // Read before anything is counted: what changes meanwhile is counted again the next time.
  const [progress] = await session.beside((db) => {
    const { sql: text, parameters } = counted.condition.compile(db);
    key = JSON.stringify([counted.list, counted.shelf, text, parameters]);
    return orderFillStatements.progress.build(db, {});
  });
  const sequence = progress?.sequence ?? 0;
  const known = carriedTotals.get(key);
  const changed = known && (await changedCells(session, counted, known.sequence));
  const wanted = changed ?? (await allCells(session, counted));
  if (wanted === undefined) return undefined;
  const cells = new Map(changed === undefined ? [] : known?.cells);
  for (let from = 0; from < wanted.length; from += cellsAtOnce) {
    const some = wanted.slice(from, from + cellsAtOnce);
    for (const { cell, total } of await countCells(session, counted, some)) cells.set(Number(cell), Number(total));
  }
  carriedTotals.put(key, { sequence, cells });
  return cells.values().reduce((sum, total) => sum + total, 0);
}

const cellOf = (column: string) => sql<number>`${sql.ref(column)} / ${sql.lit(cellNumbers)}`;

/** @returns undefined: too many */
async function changedCells(
  session: Session,
  { list, shelf }: CountedRows,
  since: number,
): Promise<readonly number[] | undefined> {
  // An event about an order puts its requests for approval as well.
  const changed =
    list === 'order_listings'
      ? sql<{ cell: number }>`(select distinct ${cellOf('number')} as cell from order_listings
          where shelf = ${shelf} and changed_sequence > ${since} limit ${sql.lit(mostChanged)})`
      : sql<{ cell: number }>`(select distinct ${cellOf('listed.number')} as cell from order_listings as changed
          join approval_listings as listed on listed.shelf = changed.shelf and listed.order_number = changed.number
          where changed.shelf = ${shelf} and changed.changed_sequence > ${since} limit ${sql.lit(mostChanged)})`;
  const rows = await session.beside((db) => db.selectFrom(changed.as('found')).select('found.cell'));
  return rows.length === mostChanged ? undefined : rows.map(({ cell }) => Number(cell));
}

/** @returns undefined: too many for so few rows */
async function allCells(
  session: Session,
  { list, shelf, atMost }: CountedRows,
): Promise<readonly number[] | undefined> {
  // One at a time each is found at an end of the index.
  const end = (which: 'min' | 'max') =>
    sql`(select ${sql.raw(which)}(number) from ${sql.table(list)} where shelf = ${shelf})`;
  const ends = sql<{ lowest: number | null; highest: number | null }>`(
    select ${end('min')} as lowest, ${end('max')} as highest)`;
  const [row] = await session.beside((db) => db.selectFrom(ends.as('ends')).select(['lowest', 'highest']));
  if (row === undefined || row.lowest === null || row.highest === null) return [];
  const [first, last] = [row.lowest, row.highest].map((number) => Math.floor(Number(number) / cellNumbers));
  if (first === undefined || last === undefined) return [];
  const count = last - first + 1;
  return count * leastOfCell > atMost ? undefined : Array.from({ length: count }, (_, at) => first + at);
}

async function countCells(
  session: Session,
  { list, shelf, condition, isMost }: CountedRows,
  cells: readonly number[],
): Promise<readonly { readonly cell: number; readonly total: number }[]> {
  if (cells.length === 0) return [];
  const ofShelf = isMost ? sql`+shelf` : sql`shelf`;
  const each = cells.map(
    (cell) => sql`select ${cell} as cell, count(*) as total from ${sql.table(list)}
      where ${ofShelf} = ${shelf} and number >= ${cell * cellNumbers} and number < ${(cell + 1) * cellNumbers} and ${condition}`,
  );
  const counts = sql<{ cell: number; total: number }>`(${sql.join(each, sql` union all `)})`;
  return session.beside((db) => db.selectFrom(counts.as('counted')).select(['cell', 'total']));
}
