/** The index of parts of texts on this engine: FTS5 with the tokenizer of three letters, filled by triggers (`listings-file.ts`). */
import { sql } from 'kysely';
import { partOfShelf, partOfShelfIn, type TextIndex } from '../../stores/text-index.ts';

export const ftsIndex: TextIndex = {
  isOrdered: true,
  newestWith(parts, { shelf, limit }) {
    const query = [...parts, partOfShelf(shelf)].map((part) => `"${part.replaceAll('"', '""')}"`).join(' ');
    return sql`select rowid as number from order_parts where order_parts match ${query} order by rowid desc limit ${limit}`;
  },
};

/** What is searched of a listing. @param row `new` or `old`, in a trigger */
export function textOfListing(row: 'new' | 'old'): string {
  const values = [`${row}.names`, `coalesce(${row}.reference, '')`, `coalesce(${row}.emails, '')`];
  return `${values.join(' || char(10) || ')} || char(10) || ${partOfShelfIn(`${row}.shelf`, 'char')}`;
}
