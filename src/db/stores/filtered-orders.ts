/**
 * Lists of orders by any of their filters, a page at a time, by a cursor. Where there are many orders the projection answers (decision
 * 0032), whose indexes hold what narrows a list (decision 0034), so that it is walked without the rows. Failing validation has an index
 * of its own, and so have names: those are found in the tables at any size.
 */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { IssuanceId } from '../../domain/ids.ts';
import { type Total, totalOf } from '../../domain/page.ts';
import { isByEnd, type ListPlace } from '../../domain/ports/list-filters.ts';
import type { FilteredOrdersQuery } from '../../domain/ports/stores/orders.ts';
import type { OrderState } from '../../domain/states.ts';
import { fromMs, unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import { idForm } from '../id-bytes.ts';
import { type Builder, each, sized, statement } from '../prepared.ts';
import { stateNumber } from '../rows/listings.ts';
import { allOf, type Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { anyOf, escaped } from './conditions.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';
import { hasManyOrders, selectAmong } from './large-accounts.ts';
import { inRange, rangesOf, type Walk, walkOf } from './list-walk.ts';
import { belongingTo, type Found, findPart, hasLine, type TextCondition, together } from './listed-texts.ts';
import { conditionsOnListings, conditionsOnOrders, isOfFew } from './order-conditions.ts';
import { hasEmail } from './order-emails.ts';
import { hasReference, shownIssuance } from './order-search.ts';

/** An order of the page. */
export interface FoundOrder {
  readonly number: number;
  readonly place: ListPlace;
  /** The issuance that is shown instead of the newest. */
  readonly issuanceId?: IssuanceId;
}

interface FoundRow {
  readonly number: number;
  readonly at: number;
}

export const filteredOrderStatements = {
  /** The issuances of the certificates that count. */
  shownIssuances: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('orders')
        .innerJoin('issuances as shown', (join) => join.on(sql`shown.number`, '=', shownIssuance))
        .select(['orders.number', 'shown.id'])
        .where('orders.number', 'in', each(p.ids, size)),
    ),
  ),
};

export async function findFilteredOrders(session: Session, query: FilteredOrdersQuery): Promise<readonly FoundOrder[]> {
  const { accountId } = query;
  if (query.isFailing === true) {
    const rows = await selectAmong(session, accountId, (db) => failingQuery(db, query));
    return rows.map(({ number, issuance, id, at }) => ({
      number,
      issuanceId: id,
      place: { at: fromMs(at), number: issuance },
    }));
  }
  const rows = await findRows(session, query);
  const found = rows.map(({ number, at }) => ({ number, place: { at: fromMs(at), number } }));
  if (!isByEnd(query)) return found;
  const { shownIssuances } = filteredOrderStatements;
  const numbers = found.map(({ number }) => number);
  const shown = new Map((await allOf(session, shownIssuances, numbers)).map(({ number, id }) => [number, id]));
  return found.flatMap((one) => {
    const issuanceId = shown.get(one.number);
    return issuanceId === undefined ? [] : [{ ...one, issuanceId }];
  });
}

async function findRows(session: Session, query: FilteredOrdersQuery): Promise<readonly FoundRow[]> {
  const { accountId } = query;
  const listed = isOfFew(query)
    ? undefined
    : await byListings(session, accountId, async () => {
        const listing = await listingOf(session, query);
        return listing === undefined ? [] : session.beside((db) => listedOrdersQuery(db, query, listing));
      });
  return listed ?? selectAmong(session, accountId, (db) => ordersQuery(db, query));
}

/** Of all pages of such a list. */
export async function countFilteredOrders(
  session: Session,
  filter: Omit<FilteredOrdersQuery, 'limit' | 'before'>,
): Promise<Total> {
  const { accountId } = filter;
  const query = { ...filter, limit: countedLimit };
  const isMany = await hasManyOrders(session, accountId);
  if (query.isFailing === true) return totalOfList(session, (db) => failingQuery(db, query).clearOrderBy(), isMany);
  const listed = isOfFew(query)
    ? undefined
    : await byListings(session, accountId, async () => {
        const listing = await listingOf(session, query);
        if (listing === undefined) return totalOf(0);
        return totalOfList(session, (db) => listedOrdersQuery(db, query, listing).clearOrderBy(), true);
      });
  return listed ?? totalOfList(session, (db) => ordersQuery(db, query).clearOrderBy(), isMany);
}

/** By the tables: where there are few orders, or those of a name. */
export function ordersQuery(db: Builder, query: FilteredOrdersQuery) {
  const walk = walkOf(query, {
    created: 'orders.created_at',
    ends: 'orders.certificate_until',
    number: 'orders.number',
  });
  return walk.page(
    db
      .selectFrom('orders')
      .$if(isOfIssuance(query), (some) =>
        some.leftJoin('issuances as shown', (join) => join.on(sql`shown.number`, '=', shownIssuance)),
      )
      .select(['orders.number', sql<number>`${sql.ref(walk.column)}`.as('at')])
      .where((row) => row.and([...conditionsOf(query), ...walk.conditions])),
    query.limit,
  );
}

function isOfIssuance({ issuerId, namePart, text }: FilteredOrdersQuery): boolean {
  return [issuerId, namePart, text].some((one) => one !== undefined);
}

/** Conditions on `orders`, joined with `issuances as shown` where they are about that. */
function conditionsOf(query: FilteredOrdersQuery) {
  const { accountId, dialect, states, productId, issuerId, name, namePart, text } = query;
  const found: Expression<SqlBool>[] = [...conditionsOnOrders(query)];
  if (accountId !== null) {
    const account = isOfFew(query) ? unindexed('orders.account_id') : sql.ref('orders.account_id');
    found.push(sql`${account} = ${asId('account', accountId)}`);
  }
  if (text !== undefined) found.push(isInTexts({ ...query, text }, 'shown.names_text'));
  if (dialect !== undefined) found.push(sql`orders.dialect = ${dialect}`);
  if (states !== undefined) found.push(isOfStates(states));
  if (productId !== undefined) found.push(sql`orders.product_id = ${asId('product', productId)}`);
  if (issuerId !== undefined) found.push(sql`shown.issuer_id = ${issuerId}`);
  if (namePart !== undefined) found.push(hasPart('shown.names_text', namePart));
  if (name !== undefined)
    found.push(
      sql`orders.number in (select order_names.order_number from order_names where order_names.name = ${name})`,
    );
  return found;
}

function isOfStates(states: readonly OrderState[]): RawBuilder<SqlBool> {
  return anyOf(states.map((state) => sql`orders.state = ${sql.lit(state)}`));
}

/** By the tables. */
function isInTexts(
  { accountId, text, inEmails }: Pick<FilteredOrdersQuery, 'accountId' | 'inEmails'> & { readonly text: string },
  names: string,
): RawBuilder<SqlBool> {
  const isThere = hasText(text, { names, reference: 'orders.alternative_reference', number: 'orders.number' });
  return accountId === null || inEmails !== true ? isThere : anyOf([isThere, hasEmail(accountId, emailPart(text))]);
}

/** For `like`. */
function emailPart(text: string): string {
  return `%${escaped(text.toLowerCase())}%`;
}

/** A part of a name or of the reference, or the number. */
function hasText(
  text: string,
  { names, reference, number }: { readonly names: string; readonly reference: string; readonly number: string },
): RawBuilder<SqlBool> {
  const part = `%${escaped(text.toLowerCase())}%`;
  return anyOf([
    hasPart(names, text),
    // The embedded engine knows the two cases of ASCII only.
    sql`lower(${sql.ref(reference)}) like ${part} escape '\\'`,
    sql`${sql.ref(reference)} like ${`%${escaped(text)}%`} escape '\\'`,
    ...numberIn(text).map((value) => sql<SqlBool>`${sql.ref(number)} = ${value}`),
  ]);
}

function numberIn(text: string): readonly number[] {
  return /^[0-9]{1,15}$/.test(text) ? [Number(text)] : [];
}

/** Names stand between blanks, and hold none. */
export function hasPart(column: string, part: string): RawBuilder<SqlBool> {
  if (part.includes(' ')) return sql`false`;
  return sql`${sql.ref(column)} like ${`%${escaped(part.toLowerCase())}%`} escape '\\'`;
}

/**
 * By the partial indexes of issuances whose validation fails, newest first. Of an order that has several such issuances the newest is
 * shown.
 */
export function failingQuery(db: Builder, query: FilteredOrdersQuery) {
  const { accountId, before } = query;
  const isFailing = (issuance: string) =>
    sql<SqlBool>`${sql.ref(`${issuance}.state`)} = 'awaitingValidation' and ${sql.ref(`${issuance}.finding_json`)} is not null`;
  const hasNewer = sql`exists (select 1 from issuances as newer
    where newer.order_number = failing.order_number and newer.kind <> 'new' and newer.number > failing.number and ${isFailing('newer')})`;
  const ranges = rangesOf(query);
  return db
    .selectFrom('issuances as failing')
    .innerJoin('orders', 'orders.number', 'failing.order_number')
    .select(['orders.number', 'failing.number as issuance', 'failing.id', 'failing.created_at as at'])
    .where((row) =>
      row.and([
        isFailing('failing'),
        ...(accountId === null ? [] : [sql<SqlBool>`failing.account_id = ${asId('account', accountId)}`]),
        ...(before === undefined ? [] : [sql<SqlBool>`failing.number < ${before.number}`]),
        sql<SqlBool>`not ${hasNewer}`,
        ...ofOrder(query),
        ...ofIssuance(query),
        ...inRange('orders.created_at', ranges.created),
        ...inRange('orders.certificate_until', ranges.ends),
      ]),
    )
    .orderBy('failing.number', 'desc')
    .limit(query.limit);
}

/** Conditions on the order alone. The account is told by the issuance, but for the reference, which is looked up in it. */
function ofOrder({ name: _, namePart: __, issuerId: ___, text: ____, ...query }: FilteredOrdersQuery) {
  const { accountId, reference } = query;
  const isReferred = reference === undefined || accountId === null ? [] : [hasReference(reference, accountId)];
  return [...conditionsOf({ ...query, accountId: null }), ...isReferred];
}

/** What the check found that failed. */
export const failingReason = sql<string>`json_extract(failing.finding_json, '$.reason.key')`;

/** What fails is found first, and looked at. */
function ofIssuance(query: FilteredOrdersQuery): readonly RawBuilder<SqlBool>[] {
  const { name, namePart, issuerId, text, failingCode } = query;
  const isNamed = sql<SqlBool>`exists (select 1 from order_names
    where order_names.name = ${name} and order_names.order_number = failing.order_number)`;
  return [
    ...(name === undefined ? [] : [isNamed]),
    ...(failingCode === undefined ? [] : [sql<SqlBool>`${failingReason} = ${failingCode}`]),
    ...(namePart === undefined ? [] : [hasPart('failing.names_text', namePart)]),
    ...(text === undefined ? [] : [isInTexts({ ...query, text }, 'failing.names_text')]),
    ...(issuerId === undefined ? [] : [sql<SqlBool>`failing.issuer_id = ${issuerId}`]),
  ];
}

/** The list in the projection; undefined: nothing that is listed has such an account, or such a product. */
async function listingOf(session: Session, query: FilteredOrdersQuery): Promise<Listed | undefined> {
  const { accountId, productId, namePart, text } = query;
  const account = accountId === null ? undefined : await termNumber(session, idForm('account').toBytes(accountId));
  const product = productId === undefined ? undefined : await termNumber(session, idForm('product').toBytes(productId));
  if (account === null || product === null) return undefined;
  const within = { account, accountId };
  const texts = [
    ...(namePart === undefined
      ? []
      : [await partCondition(session, { value: namePart, looked: hasPart('names', namePart) }, within)]),
    ...(text === undefined ? [] : [await textCondition(session, { ...query, text }, within)]),
  ];
  const walk = walkOf(query, { created: 'created_at', ends: 'certificate_until', number: 'number' });
  return { account, product, texts, walk };
}

/** A text as `isInTexts` looks for it. */
async function textCondition(
  session: Session,
  { accountId, text, inEmails }: Pick<FilteredOrdersQuery, 'accountId' | 'inEmails'> & { readonly text: string },
  within: Within,
): Promise<TextCondition> {
  const isThere = hasText(text, listedTexts);
  if (accountId === null || inEmails !== true)
    return partCondition(session, { value: text, looked: isThere }, within, [{ numbers: numberIn(text) }]);
  const place = { session, accountId, shelves: await shelvesOf(session, accountId) };
  const besides = [{ numbers: numberIn(text) }, ...(await belongingTo(place, emailPart(text)))];
  const looked = anyOf([isThere, hasLine(escaped(text.toLowerCase()), false)]);
  return partCondition(session, { value: text, looked }, within, besides);
}

const listedTexts = { names: 'names', reference: 'reference', number: 'number' } as const;

interface Listed {
  /** Terms; undefined: any. */
  readonly account: number | undefined;
  readonly product: number | undefined;
  readonly texts: readonly Pick<TextCondition, 'condition' | 'isOfFew'>[];
  readonly walk: Walk;
}

function listedOrdersQuery(db: Builder, query: FilteredOrdersQuery, { account, product, texts, walk }: Listed) {
  const { states, issuerId, dialect, limit } = query;
  // A plus keeps the index of the account from being what finds the rows, where their numbers do.
  const plus = texts.some(({ isOfFew: isNamed }) => isNamed) ? sql`+` : sql``;
  const dialectOf = sql`select one.dialect from orders as one where one.number = order_listings.number`;
  return walk.page(
    db
      .selectFrom('order_listings')
      .select(['number', sql<number>`${sql.ref(walk.column)}`.as('at')])
      .where((row) =>
        row.and([
          ...(account === undefined ? [] : [sql<SqlBool>`${plus}account = ${account}`]),
          ...(states === undefined ? [] : [anyOf(states.map((state) => sql`state = ${stateNumber(state)}`))]),
          ...(product === undefined ? [] : [sql<SqlBool>`product = ${product}`]),
          ...(issuerId === undefined ? [] : [sql<SqlBool>`issuer = ${issuerId}`]),
          ...texts.map(({ condition }) => condition),
          ...conditionsOnListings(query),
          ...(dialect === undefined ? [] : [sql<SqlBool>`(${dialectOf}) = ${dialect}`]),
          ...walk.conditions,
        ]),
      ),
    limit,
  );
}

/** The number of a term; null: there is none. */
export async function termNumber(session: Session, value: Uint8Array): Promise<number | null> {
  const [row] = await session.beside((db) => termQuery(db, value));
  return row?.number ?? null;
}

function termQuery(db: Builder, value: Uint8Array) {
  return db.selectFrom('listing_terms').select('number').where('value', '=', value).limit(1);
}

interface Within {
  /** A term; undefined: of all accounts. */
  readonly account: number | undefined;
  readonly accountId: FilteredOrdersQuery['accountId'];
}

/**
 * Orders by a part of their texts. Each shelf of the account is looked through by itself, so that another account's names cost nothing.
 * @param besides orders that fit as well
 */
export async function partCondition(
  session: Session,
  part: { readonly value: string; readonly looked: RawBuilder<SqlBool> },
  { account, accountId }: Within,
  besides: readonly Found[] = [],
): Promise<TextCondition> {
  const list = 'order_listings' as const;
  const shelves = accountId === null || account === undefined ? [undefined] : await shelvesOf(session, accountId);
  const found: Found[] = [...besides];
  for (const shelf of shelves) found.push(await findPart({ session, list, shelf }, part));
  return together(found);
}

/** The numbers of the terms that begin with the account, which the names of dialects follow. */
async function shelvesOf(session: Session, accountId: string): Promise<readonly number[]> {
  const id = idForm('account').toBytes(accountId);
  const [from, until] = [Buffer.concat([id, Buffer.from(' ')]), Buffer.concat([id, Buffer.from('!')])];
  const rows = await session.beside((db) => termsQuery(db, from, until));
  return rows.map(({ number }) => number);
}

/** An account has a shelf for each dialect. */
const mostShelves = 100;

function termsQuery(db: Builder, from: Uint8Array, until: Uint8Array) {
  const terms = db.selectFrom('listing_terms').select('number');
  return terms.where('value', '>', from).where('value', '<', until).limit(mostShelves);
}
