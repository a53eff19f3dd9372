/** The index of parts of texts on this engine: FTS5 with the tokenizer of three letters, filled by triggers (made by `listings-file.ts`). */
import { sql } from 'kysely';
import { partOfShelf, partOfShelfIn, type SearchedList, type TextIndex } from '../../stores/text-index.ts';

export const ftsIndex: TextIndex = {
  isOrdered: true,
  newestWith(parts, { list, shelf, limit }) {
    const wanted = shelf === undefined ? parts : [...parts, partOfShelf(shelf)];
    const query = wanted.map((part) => `"${part.replaceAll('"', '""')}"`).join(' ');
    const table = sql.ref(partTables[list]);
    return sql`select rowid as number from ${table} where ${table} match ${query} order by rowid desc limit ${limit}`;
  },
};

const partTables = {
  order_listings: 'order_parts',
  approval_listings: 'approval_parts',
} as const satisfies Record<SearchedList, string>;

/** The tables of parts, and what fills them with the parts of three letters of what is searched, in the order of the numbers. */
export const textIndexes = `
  ${textIndex('order_listings', { columns: 'names, reference, emails', textOf: textOfOrder })}
  ${textIndex('approval_listings', { columns: 'common_name', textOf: textOfApproval })}
`;

function textIndex(
  list: SearchedList,
  { columns, textOf }: { readonly columns: string; readonly textOf: (row: 'new' | 'old') => string },
): string {
  const parts = partTables[list];
  return `
    CREATE VIRTUAL TABLE ${parts} USING fts5(
      text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram');
    CREATE TRIGGER ${list}_inserted AFTER INSERT ON ${list} BEGIN
      INSERT INTO ${parts} (rowid, text) VALUES (new.number, ${textOf('new')});
    END;
    CREATE TRIGGER ${list}_updated AFTER UPDATE OF ${columns} ON ${list} WHEN ${textOf('new')} <> ${textOf('old')} BEGIN
      DELETE FROM ${parts} WHERE rowid = old.number;
      INSERT INTO ${parts} (rowid, text) VALUES (new.number, ${textOf('new')});
    END;`;
}

/** What is searched of a listing. @param row `new` or `old`, in a trigger */
function textOfOrder(row: 'new' | 'old'): string {
  const values = [`${row}.names`, `coalesce(${row}.reference, '')`, `coalesce(${row}.emails, '')`];
  return `${values.join(' || char(10) || ')} || char(10) || ${partOfShelfIn(`${row}.shelf`, 'char')}`;
}

function textOfApproval(row: 'new' | 'old'): string {
  return `${row}.common_name || char(10) || ${partOfShelfIn(`${row}.shelf`, 'char')}`;
}
