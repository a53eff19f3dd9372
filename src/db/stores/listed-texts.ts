/**
 * Searches of texts in the projection (decision 0032): a part of a name, a reference or an address, found by its parts of three letters. What
 * they find is looked at before it counts, since they need not stand next to each other.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { StoredOrderSearch } from '../../domain/ports/stores/orders.ts';
import { idForm } from '../id-bytes.ts';
import type { Session } from '../session.ts';
import { anyOf, escaped } from './conditions.ts';
import { ownersOfEmail, placersOfEmail } from './order-emails.ts';
import { partsOf } from './text-index.ts';

/** A condition on `order_listings`. */
export interface TextCondition {
  readonly condition: RawBuilder<SqlBool>;
  /** What it finds is named one by one. */
  readonly isOfFew: boolean;
}

/** More than these are not named one by one: the list is looked through instead. */
const mostFound = 10_000;
/** A part that more orders have than these is not worth its look-up where there is another. */
const frequent = 2000;
const mostSampled = 12;

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
  return { condition: sql`(${first.condition} and ${second.condition})`, isOfFew: first.isOfFew || second.isOfFew };
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
  const found = await among(sought, value, looked);
  const number = /^[0-9]{1,15}$/.test(value) ? [Number(value)] : [];
  return together([found, ...(inEmails ? await belongingTo(sought, part) : []), { numbers: number }]);
}

async function emailCondition(sought: Sought, emails: readonly string[]): Promise<TextCondition> {
  const found: Found[] = [];
  for (const email of emails) {
    const address = escaped(email.toLowerCase());
    found.push(await among(sought, email, hasLine(address, true)), ...(await belongingTo(sought, address)));
  }
  return together(found);
}

/** Orders one by one; or those of a condition, where they are many. */
type Found = { readonly numbers: readonly number[] } | { readonly condition: RawBuilder<SqlBool> };

function together(found: readonly Found[]): TextCondition {
  const numbers = found.flatMap((one) => ('numbers' in one ? one.numbers : []));
  const named = numbers.length === 0 ? [] : [sql<SqlBool>`number in (${sql.join([...new Set(numbers)])})`];
  const conditions = found.flatMap((one) => ('condition' in one ? [one.condition] : []));
  return { condition: anyOf([...named, ...conditions]), isOfFew: conditions.length === 0 };
}

/** One of the addresses, each in a line. */
function hasLine(text: string, isExact: boolean): RawBuilder<SqlBool> {
  return isExact
    ? sql`${'\n'} || emails || ${'\n'} like ${`%\n${text}\n%`} escape '\\'`
    : sql`emails like ${`%${text}%`} escape '\\'`;
}

/** Those that the index finds and that fit; where it finds very many, or cannot look, all that fit. */
async function among({ session, shelf }: Sought, value: string, looked: RawBuilder<SqlBool>): Promise<Found> {
  // A line ends where a text does.
  if (value.includes('\n')) return { numbers: [] };
  const parts = await rarestFirst(session, shelf, partsOf(value));
  if (parts.length === 0) return { condition: looked };
  const found = session.textIndex.newestWith(parts, { shelf, limit: mostFound + 1 });
  const numbers = await session.beside((db) =>
    db.selectFrom(sql<{ number: number }>`(${found})`.as('found')).select((row) => row.fn.countAll<number>().as('n')),
  );
  if (Number(numbers[0]?.n ?? 0) > mostFound) return { condition: looked };
  const fitting = await session.beside((db) =>
    db.selectFrom('order_listings').select('number').where(sql<SqlBool>`number in (${found}) and ${looked}`),
  );
  return { numbers: fitting.map(({ number }) => number) };
}

/** The parts that few have, those of the fewest first; all of them where many have each. */
async function rarestFirst(session: Session, shelf: number, parts: readonly string[]): Promise<readonly string[]> {
  if (!session.textIndex.isOrdered || parts.length < 2) return parts;
  const step = Math.ceil(parts.length / mostSampled);
  const sampled = parts.filter((_, at) => at % step === 0);
  const counts = sampled.map(
    (part, at) =>
      sql`select ${sql.lit(at)} as part, (
        select count(*) from (${session.textIndex.newestWith([part], { shelf, limit: frequent })})) as orders`,
  );
  const rows = await session.beside((db) =>
    db
      .selectFrom(sql<{ part: number; orders: number }>`(${sql.join(counts, sql` union all `)})`.as('counted'))
      .select(['counted.part', 'counted.orders'])
      .orderBy('counted.orders'),
  );
  const rare = rows.filter(({ orders }) => Number(orders) < frequent);
  if (rare.length === 0) return parts;
  return rare.slice(0, 4).flatMap(({ part }) => sampled[Number(part)] ?? []);
}

/** Orders placed by somebody with such an address, or for an organization that has one. */
async function belongingTo({ session, search, shelf }: Sought, pattern: string): Promise<readonly Found[]> {
  const placers = await session.select((db) =>
    db
      .selectFrom('credentials')
      .select('id')
      .where(sql<SqlBool>`id in (${placersOfEmail(search.accountId, pattern)})`),
  );
  const owned = sql`select owned.number from orders as owned where owned.organization_id is not null
    and owned.organization_id in (${ownersOfEmail(search.accountId, pattern)})`;
  const numbers = await session.beside((db) =>
    db
      .selectFrom('order_listings')
      .select('number')
      .where('shelf', '=', shelf)
      .where(sql<SqlBool>`number in (${owned})`)
      .limit(mostFound + 1),
  );
  const terms = placers.map(({ id }) => idForm('credential').toBytes(id));
  const isOfPlacers = sql<SqlBool>`credential in (
    select term.number from listing_terms as term where term.value in (${sql.join(terms)}))`;
  return [
    numbers.length > mostFound
      ? { condition: sql<SqlBool>`number in (${owned})` }
      : { numbers: numbers.map(({ number }) => number) },
    ...(terms.length === 0 ? [] : [{ condition: isOfPlacers }]),
  ];
}
