/** The index of parts of texts on this engine: a GIN index of arrays of them, for which no extension is needed. */
import { sql } from 'kysely';
import { partOfShelf, partOfShelfIn, type SearchedList, type TextIndex } from '../../stores/text-index.ts';

export const ginIndex: TextIndex = {
  isOrdered: false,
  newestWith(parts, { list, shelf, limit }) {
    const wanted = shelf === undefined ? parts : [...parts, partOfShelf(shelf)];
    return sql`select number from ${sql.table(list)}
      where ${sql.raw(partsIn[list])} @> array[${sql.join(wanted)}]::text[] order by number desc limit ${limit}`;
  },
};

/** What is searched of each: exactly what its index is of. */
const partsIn = {
  order_listings: 'listing_parts(names, reference, emails, shelf)',
  approval_listings: 'listing_parts(common_name, null, null, shelf)',
} as const satisfies Record<SearchedList, string>;

/** The function whose results are indexed, and the index. */
export const partStatements: readonly string[] = [
  `create function listing_parts(names text, reference text, emails text, shelf bigint) returns text[]
    language sql immutable parallel safe as $$
      select array(
        select distinct substr(whole.text, place, 3)
        from (select lower(names) || chr(10) || coalesce(reference, '') || chr(10) || coalesce(emails, '') || chr(10)
          || ${partOfShelfIn('shelf::int', 'chr')} as text) as whole,
          generate_series(1, length(whole.text) - 2) as place) $$`,
  `create index order_listings_parts on order_listings using gin (${partsIn.order_listings})`,
];

export const approvalPartStatements: readonly string[] = [
  `create index approval_listings_parts on approval_listings using gin (${partsIn.approval_listings})`,
];
