/**
 * The one difference in content between the engines: SQLite lists open orders late (`stores/late-lists.ts`), PostgreSQL lists each when
 * it is inserted. A copy between them is what the other engine would have written itself.
 */
import type { SqlValue } from '../fields.ts';
import type { CopiedRow, CopiedTable, CopySide, Piece } from './side.ts';

const list = 'orders';

/** The rows of the original as they have to be in the copy. */
export async function* adaptedPieces(
  table: CopiedTable,
  source: CopySide,
  target: Pick<CopySide, 'listsOrdersLate'>,
): AsyncGenerator<Piece> {
  const pieces = source.pieces(table);
  const nameOf = (row: CopiedRow) => String(row[placeOf(table, 'list')]);
  if (source.listsOrdersLate === target.listsOrdersLate) yield* pieces;
  else if (table.name === 'late_lists') {
    const rows = [...(await otherLists(table, pieces)), await endOfOrders(table, source)];
    yield rows.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  } else if (table.name === 'orders' && source.listsOrdersLate) {
    for await (const piece of pieces) yield piece.map((row) => listed(table, row));
  } else yield* pieces;
}

/** `late_lists` has a handful of rows. */
async function otherLists(table: CopiedTable, pieces: AsyncIterable<Piece>): Promise<readonly CopiedRow[]> {
  const at = placeOf(table, 'list');
  const rows: CopiedRow[] = [];
  for await (const piece of pieces) rows.push(...piece.filter((row) => row[at] !== list));
  return rows;
}

/** Every order is in the list: on SQLite up to the newest, on PostgreSQL also those to come. */
async function endOfOrders(table: CopiedTable, source: CopySide): Promise<CopiedRow> {
  const upTo = source.listsOrdersLate ? Number.MAX_SAFE_INTEGER : (await source.nextNumbers()).orders - 1;
  const values: Readonly<Record<string, SqlValue>> = { list, up_to: upTo };
  return table.columns.map(({ name }) => values[name] ?? null);
}

function listed(table: CopiedTable, row: CopiedRow): CopiedRow {
  if (row[placeOf(table, 'state')] !== 'open') return row;
  return row.with(placeOf(table, 'is_listed'), 1);
}

function placeOf({ columns }: CopiedTable, name: string): number {
  return columns.findIndex((column) => column.name === name);
}
