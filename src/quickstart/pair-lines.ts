/** `--via all`: which front door sells what comes from which way out, as docs/pairs.md has it, with the reason where a pair cannot work. */
import { type Column, tableLines } from '../cli/table.ts';
import { wrapToWidth } from '../cli/width.ts';
import { everyDoor, type WayOut, waysOut } from '../config/ways-out.ts';
import { renderReason } from '../domain/errors.ts';
import { type PairRow, pairTable } from '../domain/pair-table.ts';

const longestLine = 100;

interface Row {
  readonly way: WayOut;
  readonly cells: readonly PairRow[];
}

const columns: readonly Column<Row>[] = [
  { title: 'WAY OUT', value: ({ way }) => way.name },
  { title: 'MODE', value: ({ way }) => way.side.mode },
  ...everyDoor.map(
    ({ dialect }): Column<Row> => ({
      title: dialect,
      value: ({ cells }) => {
        const kind = cells.find(({ pair }) => pair.dialect === dialect)?.standing.kind;
        return kind === undefined || kind === 'none' ? '–' : kind;
      },
    }),
  ),
];

const meanings = [
  'own: certmux checks the names by the challenges of the front door.',
  'shown: the front door shows what the upstream looks for.',
  'beforehand: what the upstream looks for must stand before the order (certmux dns check).',
] as const;

/** @param width of the terminal; Infinity for a pipe */
export function pairLines(width: number): readonly string[] {
  const rows = waysOut.map((way) => ({ way, cells: pairTable(everyDoor, [way.side]) }));
  const wrapped = (text: string) => wrapToWidth(text, Math.min(width, longestLine));
  const reasons = rows.flatMap(({ way, cells }) =>
    cells.flatMap(({ pair, standing }) =>
      standing.kind === 'none'
        ? [`${pair.dialect}, ${way.name} (${way.side.mode}): ${renderReason(standing.reason, 'en')}`]
        : [],
    ),
  );
  return [
    'Front doors and ways out',
    '',
    ...tableLines(columns, rows, width),
    '',
    ...meanings.flatMap(wrapped),
    '',
    'Pairs that cannot work (–)',
    '',
    ...reasons.flatMap(wrapped),
  ];
}
