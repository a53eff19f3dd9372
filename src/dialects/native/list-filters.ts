/** The filters of the lists of orders and of certificates, as the core takes them. */
import { serialFromText } from '../../domain/certificate.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import { type FilteredPageQuery, type ListPlace, type ListSort, sortOf } from '../../domain/ports/list-filters.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { countingOf, notACursor, readTimedCursor, timedCursor } from './paging.ts';
import type { listSorts } from './schema/list-filters.ts';

const dayMs = 86_400_000;

interface Filters {
  readonly account?: string | undefined;
  readonly productCode?: string | undefined;
  readonly issuerId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly endsFrom?: string | undefined;
  readonly endsTo?: string | undefined;
  readonly endsWithinDays?: number | undefined;
  readonly sort?: (typeof listSorts)[number] | undefined;
}

/** @throws {CertError} invalidField where a last day is before its first, and where an end is said twice */
export function filterFrom(input: Filters, clock: Clock) {
  const { account, productCode, issuerId, endsWithinDays } = input;
  const created = daysOf(input, 'from', 'to');
  const ends = daysOf(input, 'endsFrom', 'endsTo');
  const sort = input.sort === undefined ? undefined : sorts[input.sort];
  const named = { account, productCode, issuerId, sort, createdFrom: created.from, createdBefore: created.before };
  if (endsWithinDays === undefined) return withDefined({ ...named, endsFrom: ends.from, endsBefore: ends.before });
  for (const field of ['endsFrom', 'endsTo'] as const) {
    const value = input[field];
    if (value !== undefined)
      throw refuse('fieldInvalid', { field, value: quoted(value), expected: expected.withoutEndsWithin });
  }
  const now = clock.now();
  // A certificate is valid in its last moment too.
  const endsBefore = new Date(now.getTime() + endsWithinDays * dayMs + 1);
  return withDefined({ ...named, endsFrom: now, endsBefore });
}

const sorts = {
  created: { by: 'created', descending: false },
  '-created': { by: 'created', descending: true },
  ends: { by: 'ends', descending: false },
  '-ends': { by: 'ends', descending: true },
} as const satisfies Record<(typeof listSorts)[number], ListSort>;

/** Both days belong to it. */
function daysOf(input: Filters, first: 'from' | 'endsFrom', last: 'to' | 'endsTo') {
  const [firstDay, lastDay] = [input[first], input[last]];
  const from = firstDay === undefined ? undefined : new Date(firstDay);
  const before = lastDay === undefined ? undefined : new Date(Date.parse(lastDay) + dayMs);
  if (from !== undefined && before !== undefined && before <= from)
    throw refuse('fieldInvalid', { field: last, value: quoted(lastDay), expected: expected.dateFromFirst });
  return { from, before };
}

interface PageInput {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly total?: 'true' | undefined;
}

/**
 * The query for a page of a filtered list, and the cursors of its pages. A cursor says how its list is sorted: sent with other filters,
 * its time would be that of something else, and items would be left out in silence.
 * @throws {CertError} invalidField for a cursor that is not ours, or of a list that is sorted in another way
 */
export function filteredPage<Filter extends Parameters<typeof sortOf>[0]>(
  list: 'orders' | 'certificates',
  { limit, cursor, total }: PageInput,
  filter: Filter,
) {
  const { by, descending } = sortOf(filter);
  const direction = descending === (by === 'created') ? '' : '-reversed';
  const sorting = filter.isFailing === true ? 'failing' : `${by === 'ends' ? 'end' : 'new'}${direction}`;
  const sorted = `${list}:${sorting}`;
  const cursorOf = ({ at, number }: ListPlace) => timedCursor({ at, key: `${sorted}:${number}` });
  return { query: { ...filter, ...pageFrom(limit, cursor, sorted), ...countingOf({ total }) }, cursorOf };
}

function pageFrom(limit: number, cursor: string | undefined, sorted: string): FilteredPageQuery {
  if (cursor === undefined) return { limit };
  const { at, key } = readTimedCursor(cursor);
  const number = key.slice(sorted.length + 1);
  if (!key.startsWith(`${sorted}:`) || !/^[0-9]{1,15}$/.test(number)) throw notACursor(cursor);
  return { limit, before: { at, number: Number(number) } };
}

/** @throws {CertError} invalidField for what is no serial: an empty list would say that there is no such certificate */
export function serialFrom(text: string): string {
  const serial = serialFromText(text);
  if (serial !== undefined) return serial;
  throw refuse('fieldInvalid', { field: 'serial', value: quoted(text), expected: expected.serial });
}

/** @throws {CertError} invalidField where the last moment is not after the first */
export function timesFrom({
  from,
  until,
}: {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}) {
  const [first, last] = [from, until].map((text) => (text === undefined ? undefined : new Date(text)));
  if (first !== undefined && last !== undefined && last <= first)
    throw refuse('fieldInvalid', { field: 'until', value: quoted(until), expected: expected.laterThanFrom });
  return { from: first, until: last };
}
