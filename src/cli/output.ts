/** Where results go: JSON or CSV for programs, or text for people, never two of them. */
import { fieldsOfItems, type ListEndpoint } from '../dialects/native/schema/fields.ts';
import { csvHeader, csvRow } from '../domain/csv.ts';
import { unsafe } from '../domain/visible-text.ts';
import { type Column, tableText } from './table.ts';
import { styled, type Terminal } from './terminal.ts';

/** `text`: tables and lines for people. */
export type Format = 'text' | 'json' | 'csv';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageChoice {
  readonly limit: number;
  readonly cursor?: string;
}

export interface List<Item> {
  /** Its fields are the columns of the CSV. */
  readonly endpoint: ListEndpoint;
  /** The page that was asked for; left out of a list that has no pages. */
  readonly page?: PageChoice;
  readonly read: (page: PageChoice) => Promise<Page<Item>>;
  readonly columns: readonly Column<Item>[];
  /** Printed instead of an empty table: it says what to do. */
  readonly none: string;
}

export interface Output {
  readonly json: boolean;
  /** One result: the value as JSON, or the lines that `lines` makes of it. */
  show(value: unknown, lines: () => readonly string[]): void;
  /** One of results that come one after the other: a line of JSON, or of text. */
  line(value: unknown, text: string): void;
  /** One page of a list; as CSV all of them, each written as it comes. */
  list<Item>(list: List<Item>): Promise<void>;
}

/** The most that a page may have: fewer requests. */
const csvPage = 200;

export function createOutput(terminal: Terminal, format: Format): Output {
  const json = format === 'json';
  const print = (lines: readonly string[]) => terminal.stdout(lines.map((line) => `${line}\n`).join(''));
  const printJson = (value: unknown) => terminal.stdout(`${jsonText(value)}\n`);
  // Into a pipe goes everything: grep and awk want whole values.
  const width = terminal.isTty ? terminal.columns : Number.POSITIVE_INFINITY;

  async function writeCsv<Item>({ endpoint, page, read }: List<Item>): Promise<void> {
    const fields = fieldsOfItems(endpoint);
    let cursor = page?.cursor;
    // The first page comes before anything is written: a refusal leaves no file that looks like an empty list.
    for (let header = csvHeader(fields); ; header = '') {
      const { items, nextCursor } = await read({ limit: csvPage, ...(cursor === undefined ? {} : { cursor }) });
      terminal.stdout(header + items.map((item) => csvRow(fields, item)).join(''));
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  return {
    json,
    line: (value, text) => print([json ? jsonText(value, 0) : text]),
    show: (value, lines) => (json ? printJson(value) : print(lines())),
    async list(list) {
      if (format === 'csv') return writeCsv(list);
      const { limit = csvPage, cursor } = list.page ?? {};
      const page = await list.read({ limit, ...(cursor === undefined ? {} : { cursor }) });
      if (json) {
        printJson(page);
        return;
      }
      if (page.items.length === 0 && page.nextCursor === null) {
        terminal.stderr(`${list.none}\n`);
        return;
      }
      const { titles, rows } = tableText(list.columns, page.items, width);
      print([...titles.map((line) => styled(terminal, 'bold', line)), ...rows]);
      if (page.nextCursor !== null) terminal.stderr(`There is more: add --cursor ${page.nextCursor}\n`);
    },
  };
}

/** JSON escapes what a terminal obeys below U+0020 and leaves the rest: C1 controls, and what turns a line around. The value is the same. */
function jsonText(value: unknown, indent = 2): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replace(unsafe, (character) =>
    character === '\n' ? character : escaped(character),
  );
}
