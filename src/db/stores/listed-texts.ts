/**
 * Searches of texts in the projection (decision 0032): a part of a name, a reference or an address, found by its parts of three letters. What
 * they find is looked at before it counts, since they need not stand next to each other.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import type { StoredOrderSearch } from '../../domain/ports/stores/orders.ts';
import { idForm } from '../id-bytes.ts';
import type { Session } from '../session.ts';
import { anyOf, escaped } from './conditions.ts';
import { ownersOfEmail, placersOfEmail } from './order-emails.ts';
import { partsOf, type SearchedList } from './text-index.ts';

/** A condition on `order_listings`. */
export interface TextCondition {
  readonly condition: RawBuilder<SqlBool>;
  /** What it finds is named one by one. */
  readonly isOfFew: boolean;
  /** Whether a row fits is told by the row alone. */
  readonly isOfRows: boolean;
}

/** More than these are not named one by one: the list is looked through instead. */
const mostFound = 10_000;
/** With a part that so few have no other need be looked for. */
const veryFew = 500;
const mostSampled = 12;
/** Parts that are looked for together. */
const partsTogether = 4;

interface Sought {
  readonly session: Session;
  readonly search: StoredOrderSearch;
  readonly shelf: number;
}

/** @returns undefined: nothing is said of texts */
export async function textConditionOf(sought: Sought): Promise<TextCondition | undefined> {
  const { text, emails } = sought.search;
  const conditions = [
    ...(text === undefined ? [] : [await partCondition(sought, text)]),
    ...(emails === undefined ? [] : [await emailCondition(sought, emails)]),
  ];
  const [first, second] = conditions;
  if (first === undefined || second === undefined) return first;
  return {
    condition: sql`(${first.condition} and ${second.condition})`,
    isOfFew: first.isOfFew || second.isOfFew,
    isOfRows: first.isOfRows && second.isOfRows,
  };
}

async function partCondition(
  sought: Sought,
  { value, isExact, inEmails = false }: NonNullable<StoredOrderSearch['text']>,
): Promise<TextCondition> {
  const text = escaped(value.toLowerCase());
  const part = isExact ? text : `%${text}%`;
  const looked = anyOf([
    // No name holds a blank: one would be found between two of them.
    value.includes(' ') ? sql`false` : sql`names like ${isExact ? `% ${text} %` : part} escape '\\'`,
    sql`reference like ${part} escape '\\'`,
    ...(inEmails ? [hasLine(text, isExact)] : []),
  ]);
  const found = await findPart({ ...sought, list: 'order_listings' }, { value, looked });
  const number = /^[0-9]{1,15}$/.test(value) ? [Number(value)] : [];
  return together([found, ...(inEmails ? await belongingTo(placesOf(sought), part) : []), { numbers: number }]);
}

async function emailCondition(sought: Sought, emails: readonly string[]): Promise<TextCondition> {
  const found: Found[] = [];
  for (const email of emails) {
    const address = escaped(email.toLowerCase());
    const looked = { value: email, looked: hasLine(address, true) };
    found.push(
      await findPart({ ...sought, list: 'order_listings' }, looked),
      ...(await belongingTo(placesOf(sought), address)),
    );
  }
  return together(found);
}

/** Numbers one by one; or a condition on the list, where they are many. */
export type Found =
  | { readonly numbers: readonly number[] }
  | {
      readonly condition: RawBuilder<SqlBool>;
      /** False: other tables than the list tell whether it holds. */
      readonly isOfRows?: false;
    };

export function together(found: readonly Found[]): TextCondition {
  const numbers = found.flatMap((one) => ('numbers' in one ? one.numbers : []));
  const named = numbers.length === 0 ? [] : [sql<SqlBool>`number in (${sql.join([...new Set(numbers)])})`];
  const conditions = found.flatMap((one) => ('condition' in one ? [one.condition] : []));
  return {
    condition: anyOf([...named, ...conditions]),
    isOfFew: conditions.length === 0,
    isOfRows: found.every((one) => !('isOfRows' in one)),
  };
}

/** One of the addresses, each in a line. @param text as a pattern of `like`, in lower case */
export function hasLine(text: string, isExact: boolean): RawBuilder<SqlBool> {
  return isExact
    ? sql`${'\n'} || emails || ${'\n'} like ${`%\n${text}\n%`} escape '\\'`
    : sql`emails like ${`%${text}%`} escape '\\'`;
}

interface Searched {
  readonly session: Session;
  readonly list: SearchedList;
  /** Undefined: every shelf. */
  readonly shelf: number | undefined;
}

/**
 * Those that the index finds and that fit; where it finds very many, or cannot look, all that fit.
 * @param looked for the value in what is shown: a condition on the list
 */
export async function findPart(
  { session, list, shelf }: Searched,
  { value, looked }: { readonly value: string; readonly looked: RawBuilder<SqlBool> },
): Promise<Found> {
  // A line ends where a text does.
  if (value.includes('\n')) return { numbers: [] };
  const parts = partsOf(value);
  if (parts.length === 0) return { condition: looked };
  const rare = await rarestFirst(session, list, parts);
  const limit = mostFound + 1;
  const found =
    rare.length > 0
      ? session.textIndex.newestWith(rare, { list, limit })
      : session.textIndex.newestWith(parts, { list, limit, ...(shelf === undefined ? {} : { shelf }) });
  const isOfShelf = shelf === undefined ? sql`true` : sql`shelf = ${shelf}`;
  const counted = sql`(select count(*) from found)`;
  const fitting = sql`select string_agg(cast(number as text), ',') from ${sql.table(list)}
    where number in (select number from found) and ${isOfShelf} and ${looked}`;
  // Very many are not looked at one by one.
  const answer = sql<{ readonly count: number; readonly fitting: string | null }>`(
    with found as materialized (${found})
    select ${counted} as count, case when ${counted} <= ${sql.lit(mostFound)} then (${fitting}) end as fitting)`;
  const [row] = await session.beside((db) => db.selectFrom(answer.as('answer')).select(['count', 'fitting']));
  if (row === undefined || Number(row.count) > mostFound) return { condition: looked };
  return { numbers: (row.fitting ?? '').split(',').filter(Boolean).map(Number) };
}

/** Parts that few of any account have, those of the fewest first. None where each part is frequent, or the engine finds out by itself. */
async function rarestFirst(session: Session, list: SearchedList, parts: readonly string[]): Promise<readonly string[]> {
  if (!session.textIndex.isOrdered) return [];
  const step = Math.ceil(parts.length / mostSampled);
  const counted: { readonly part: string; readonly count: number }[] = [];
  for (const part of parts.filter((_, at) => at % step === 0)) {
    const [row] = await session.beside((db) =>
      db
        .selectFrom(
          sql<{ number: number }>`(${session.textIndex.newestWith([part], { list, limit: mostFound })})`.as('found'),
        )
        .select((found) => found.fn.countAll<number>().as('count')),
    );
    const count = Number(row?.count ?? 0);
    if (count < mostFound) counted.push({ part, count });
    if (count < veryFew) break;
  }
  return counted
    .toSorted((a, b) => a.count - b.count)
    .slice(0, partsTogether)
    .map(({ part }) => part);
}

interface Places {
  readonly session: Session;
  readonly accountId: AccountId;
  readonly shelves: readonly number[];
}

function placesOf({ session, search, shelf }: Sought): Places {
  return { session, accountId: search.accountId, shelves: [shelf] };
}

/** Orders placed by somebody with such an address, or for an organization that has one. */
export async function belongingTo({ session, accountId, shelves }: Places, pattern: string): Promise<readonly Found[]> {
  const placers = await session.select((db) =>
    db
      .selectFrom('credentials')
      .select('id')
      .where(sql<SqlBool>`id in (${placersOfEmail(accountId, pattern)})`),
  );
  const owned = sql`select owned.number from orders as owned where owned.organization_id is not null
    and owned.organization_id in (${ownersOfEmail(accountId, pattern)})`;
  const numbers = await session.beside((db) =>
    db
      .selectFrom('order_listings')
      .select('number')
      .where('shelf', 'in', shelves)
      .where(sql<SqlBool>`number in (${owned})`)
      .limit(mostFound + 1),
  );
  const terms = placers.map(({ id }) => idForm('credential').toBytes(id));
  const isOfPlacers = sql<SqlBool>`credential in (
    select term.number from listing_terms as term where term.value in (${sql.join(terms)}))`;
  return [
    numbers.length > mostFound
      ? { condition: sql<SqlBool>`number in (${owned})`, isOfRows: false }
      : { numbers: numbers.map(({ number }) => number) },
    ...(terms.length === 0 ? [] : [{ condition: isOfPlacers }]),
  ];
}
