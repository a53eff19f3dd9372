/** Tables for people: aligned columns, cut to the terminal. Programs use --json. */
import { visible } from '../domain/visible-text.ts';
import { cutToWidth, padToWidth, textWidth } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Whether it may be cut when the line is too long. Ids are not: half an id is of no use. */
  readonly isFlexible?: boolean;
}

const gap = '  ';
/** What a flexible column keeps of a value when the line is too long, so that all columns stay beside each other. */
const smallestColumn = 12;
/** What it keeps where a row takes several lines all the same. */
const readableColumn = 24;
/** Lines of a row after its first begin so. */
const indent = '  ';

export interface TableText {
  /** More than one where a row takes several lines. */
  readonly titles: readonly string[];
  readonly rows: readonly string[];
}

/**
 * The table as lines. Where the columns do not fit side by side, even with the flexible ones cut, the last of them go on a second line
 * below the first, and so on: nothing is left out, and what one copies is whole.
 * @param width of the terminal; Infinity leaves every value whole and on one line, as for a pipe
 */
export function tableText<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): TableText {
  const titles = columns.map((column) => column.title);
  const cells = rows.map((row) => columns.map((column) => visible(column.value(row))));
  const natural = columns.map((_, i) => Math.max(...[titles, ...cells].map((line) => textWidth(line[i] ?? ''))));
  const flexible = columns.map((column) => column.isFlexible === true);
  const keeping = (flexibleWidth: number) =>
    natural.map((one, i) => (flexible[i] ? Math.min(one, flexibleWidth) : one));
  const onOne = linesOfColumns(keeping(smallestColumn), width);
  const chosen = onOne.length === 1 ? onOne : linesOfColumns(keeping(readableColumn), width);
  const lines = chosen.map((indexes, n) => {
    const start = n === 0 ? '' : indent;
    const available = width - start.length - gap.length * (indexes.length - 1);
    const widths = fitted(
      indexes.map((i) => natural[i] ?? 0),
      indexes.map((i) => flexible[i] === true),
      available,
    );
    return { start, parts: indexes.map((i, at) => ({ i, width: widths[at] ?? 0, align: columns[i]?.align })) };
  });
  const printed = (values: readonly string[]) =>
    lines.map(({ start, parts }) => {
      const texts = parts.map(({ i, width: own, align }) => padToWidth(cutToWidth(values[i] ?? '', own), own, align));
      return `${start}${texts.join(gap)}`.trimEnd();
    });
  return { titles: printed(titles), rows: cells.flatMap(printed) };
}

/** The same as one list, titles first. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const { titles, rows: printed } = tableText(columns, rows, width);
  return [...titles, ...printed];
}

/** Which columns stand on which line of a row: as many as fit, in their order. */
function linesOfColumns(smallest: readonly number[], width: number): readonly (readonly number[])[] {
  const lines: number[][] = [[]];
  let used = 0;
  for (const [i, own] of smallest.entries()) {
    const line = lines.at(-1) ?? [];
    if (line.length > 0 && used + gap.length + own > width) {
      lines.push([i]);
      used = indent.length + own;
    } else {
      used += (line.length > 0 ? gap.length : 0) + own;
      line.push(i);
    }
  }
  return lines;
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
