/** Tables for people: aligned columns, cut to the terminal. Programs use --json. */
import { visible } from './terminal.ts';
import { cutToWidth, padToWidth, textWidth } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Whether it may be cut when the line is too long. Ids are not: half an id is of no use. */
  readonly isFlexible?: boolean;
}

const gap = '  ';
const smallestColumn = 8;

/**
 * The table as lines, titles first.
 * @param columns width of the terminal; Infinity leaves every value whole, as for a pipe
 */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const cells = rows.map((row) => columns.map((column) => visible(column.value(row))));
  const titles = columns.map((column) => column.title);
  const widths = fitted(
    columns.map((_, index) => Math.max(...[titles, ...cells].map((line) => textWidth(line[index] ?? '')))),
    columns.map((column) => column.isFlexible === true),
    width - gap.length * (columns.length - 1),
  );
  return [titles, ...cells].map((line) =>
    line
      .map((cell, index) => {
        const columnWidth = widths[index] ?? 0;
        return padToWidth(cutToWidth(cell, columnWidth), columnWidth, columns[index]?.align);
      })
      .join(gap)
      .trimEnd(),
  );
}

/** Takes columns away from the widest flexible one, again and again, until the line fits or nothing can give. */
function fitted(natural: readonly number[], flexible: readonly boolean[], available: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - available;
  while (excess > 0) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      if (flexible[index] && width > smallestColumn && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

/** Facts of one thing, one a line: `Label:  value`, labels padded to the longest. */
export function factLines(facts: readonly (readonly [label: string, value: string | null | undefined])[]): string[] {
  const shown = facts.filter((fact): fact is readonly [string, string] => typeof fact[1] === 'string');
  const width = Math.max(0, ...shown.map(([label]) => textWidth(label))) + 1;
  return shown.map(([label, value]) =>
    `${padToWidth(label === '' ? '' : `${label}:`, width)}  ${visible(value)}`.trimEnd(),
  );
}

const factWidth = 60;

/** A fact whose value may be a long list: as many lines as it takes, none wider than a terminal. */
export function wrappedFact(label: string, list: string): readonly (readonly [label: string, value: string])[] {
  const lines: string[] = [];
  for (const item of list.split(', ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last}, ${item}`) <= factWidth) lines[lines.length - 1] = `${last}, ${item}`;
    else lines.push(item);
  }
  return lines.map(
    (line, index) => [index === 0 ? label : '', index === lines.length - 1 ? line : `${line},`] as const,
  );
}
