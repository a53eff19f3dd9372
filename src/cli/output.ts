/** Where results go: JSON for programs or text for people, never both. */
import { type Column, tableText } from './table.ts';
import { styled, type Terminal } from './terminal.ts';

export interface Output {
  readonly json: boolean;
  /** One result: the value as JSON, or the lines that `lines` makes of it. */
  show(value: unknown, lines: () => readonly string[]): void;
  /** A page of a list. `none` is printed instead of an empty table, and says what to do. */
  list<Item>(
    page: { readonly items: readonly Item[]; readonly nextCursor: string | null },
    columns: readonly Column<Item>[],
    none: string,
  ): void;
}

export function createOutput(terminal: Terminal, json: boolean): Output {
  const print = (lines: readonly string[]) => terminal.stdout(lines.map((line) => `${line}\n`).join(''));
  const printJson = (value: unknown) => terminal.stdout(`${JSON.stringify(value, null, 2)}\n`);
  // Into a pipe goes everything: grep and awk want whole values.
  const width = terminal.isTty ? terminal.columns : Number.POSITIVE_INFINITY;
  return {
    json,
    show: (value, lines) => (json ? printJson(value) : print(lines())),
    list(page, columns, none) {
      if (json) {
        printJson(page);
        return;
      }
      if (page.items.length === 0) {
        terminal.stderr(`${none}\n`);
        return;
      }
      const { titles, rows } = tableText(columns, page.items, width);
      print([...titles.map((line) => styled(terminal, 'bold', line)), ...rows]);
      if (page.nextCursor !== null) terminal.stderr(`There is more: add --cursor ${page.nextCursor}\n`);
    },
  };
}
