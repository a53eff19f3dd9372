/** The index of parts of texts on this engine: a GIN index of arrays of them, for which no extension is needed. */
import { sql } from 'kysely';
import { partOfShelf, partOfShelfIn, type TextIndex } from '../../stores/text-index.ts';

export const ginIndex: TextIndex = {
  isOrdered: false,
  newestWith(parts, { shelf, limit }) {
    const wanted = sql`array[${sql.join([...parts, partOfShelf(shelf)])}]::text[]`;
    return sql`select number from order_listings
      where listing_parts(names, reference, emails, shelf) @> ${wanted} order by number desc limit ${limit}`;
  },
};

/** The function whose results are indexed, and the index. */
export const partStatements: readonly string[] = [
  `create function listing_parts(names text, reference text, emails text, shelf bigint) returns text[]
    language sql immutable parallel safe as $$
      select array(
        select distinct substr(whole.text, place, 3)
        from (select lower(names) || chr(10) || coalesce(reference, '') || chr(10) || coalesce(emails, '') || chr(10)
          || ${partOfShelfIn('shelf::int', 'chr')} as text) as whole,
          generate_series(1, length(whole.text) - 2) as place) $$`,
  'create index order_listings_parts on order_listings using gin (listing_parts(names, reference, emails, shelf))',
];
