/** Row by row comparison of a table with its copy. */
import { refuse } from '../../domain/errors.ts';
import type { SqlValue } from '../fields.ts';
import type { CopiedRow, CopiedTable, Piece } from './side.ts';

/**
 * @param onPiece called after each piece with the rows that were equal in it
 * @throws {CertError} with the first column in which a row differs
 */
export async function compareRows(
  table: CopiedTable,
  sides: { readonly original: AsyncIterable<Piece>; readonly copy: AsyncIterable<Piece> },
  onPiece: (rows: number) => Promise<void>,
): Promise<void> {
  const copies = rowsOf(sides.copy);
  try {
    for await (const piece of sides.original) {
      for (const original of piece) compareRow(table, original, (await copies.next()).value ?? undefined);
      await onPiece(piece.length);
    }
    const more = await copies.next();
    if (more.done !== true) throw differs(table, more.value, 'not in the original');
  } finally {
    await copies.return(undefined);
  }
}

async function* rowsOf(pieces: AsyncIterable<Piece>): AsyncGenerator<CopiedRow, undefined> {
  for await (const piece of pieces) yield* piece;
}

function compareRow(table: CopiedTable, original: CopiedRow, copy: CopiedRow | undefined): void {
  if (copy === undefined) throw differs(table, original, 'not in the copy');
  const at = original.findIndex((value, i) => !isEqual(value, copy[i]));
  if (at >= 0) throw differs(table, original, `column ${table.columns[at]?.name}`);
}

export function isEqual(one: SqlValue, other: SqlValue | undefined): boolean {
  const areBytes = one instanceof Uint8Array && other instanceof Uint8Array;
  return areBytes ? Buffer.compare(one, other) === 0 : one === other;
}

function differs(table: CopiedTable, row: CopiedRow, where: string): Error {
  return refuse('databaseCopyDiffers', { table: table.name, row: keyText(table, row), where });
}

/** The key of a row, for messages. */
export function keyText({ columns, key }: CopiedTable, row: CopiedRow): string {
  return key
    .map((name) => {
      const value = row[columns.findIndex((column) => column.name === name)];
      return value instanceof Uint8Array ? value.toHex() : String(value);
    })
    .join(' ');
}
