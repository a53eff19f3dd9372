/**
 * Lists of orders by any of their filters, a page at a time, by a cursor. Where there are many orders the projection answers (decision
 * 0032), whose indexes hold what narrows a list (decision 0034), so that it is walked without the rows. Failing validation has an index
 * of its own, and so have names: those are found in the tables at any size.
 */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { IssuanceId } from '../../domain/ids.ts';
import { isByEnd, type ListPlace } from '../../domain/ports/list-filters.ts';
import type { FilteredOrdersQuery } from '../../domain/ports/stores/orders.ts';
import type { OrderState } from '../../domain/states.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { fromMs, unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import { idForm } from '../id-bytes.ts';
import { type Builder, each, sized, statement } from '../prepared.ts';
import { stateNumber } from '../rows/listings.ts';
import { allOf, type Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { anyOf, escaped } from './conditions.ts';
import { selectAmong } from './large-accounts.ts';
import { inRange, rangesOf, type Walk, walkOf } from './list-walk.ts';
import { findPart, together } from './listed-texts.ts';
import { shownIssuance } from './order-search.ts';

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
  const { accountId, name } = query;
  // Those of a name are few, whatever the account has.
  const listed =
    name === undefined ? await byListings(session, accountId, () => findListedOrders(session, query)) : undefined;
  return listed ?? selectAmong(session, accountId, (db) => ordersQuery(db, query));
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

function isOfIssuance({ issuerId, namePart }: FilteredOrdersQuery): boolean {
  return issuerId !== undefined || namePart !== undefined;
}

/** Conditions on `orders`, joined with `issuances as shown` where they are about that. */
function conditionsOf({ accountId, dialect, states, productId, issuerId, name, namePart }: FilteredOrdersQuery) {
  const found: Expression<SqlBool>[] = [];
  if (accountId !== null) {
    const account = name === undefined ? sql.ref('orders.account_id') : unindexed('orders.account_id');
    found.push(sql`${account} = ${asId('account', accountId)}`);
  }
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

/** Names stand between blanks, and hold none. */
function hasPart(column: string, part: string): RawBuilder<SqlBool> {
  if (part.includes(' ')) return sql`false`;
  return sql`${sql.ref(column)} like ${`%${escaped(part.toLowerCase())}%`} escape '\\'`;
}

/**
 * By the partial indexes of issuances whose validation fails, newest first. Of an order that has several such issuances the newest is
 * shown.
 */
export function failingQuery(db: Builder, query: FilteredOrdersQuery) {
  const { accountId, before, limit, states, dialect, productId } = query;
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
        ...conditionsOf({ accountId: null, limit, ...withDefined({ states, dialect, productId }) }),
        ...ofIssuance(query),
        ...inRange('orders.created_at', ranges.created),
        ...inRange('orders.certificate_until', ranges.ends),
      ]),
    )
    .orderBy('failing.number', 'desc')
    .limit(limit);
}

/** What fails is found first, and looked at. */
function ofIssuance({ name, namePart, issuerId }: FilteredOrdersQuery): readonly RawBuilder<SqlBool>[] {
  const isNamed = sql<SqlBool>`exists (select 1 from order_names
    where order_names.name = ${name} and order_names.order_number = failing.order_number)`;
  return [
    ...(name === undefined ? [] : [isNamed]),
    ...(namePart === undefined ? [] : [hasPart('failing.names_text', namePart)]),
    ...(issuerId === undefined ? [] : [sql<SqlBool>`failing.issuer_id = ${issuerId}`]),
  ];
}

/** By the projection. */
async function findListedOrders(
  session: Session,
  query: FilteredOrdersQuery,
): Promise<readonly FoundRow[] | undefined> {
  const { accountId, productId, namePart, limit } = query;
  const account = accountId === null ? undefined : await termNumber(session, idForm('account').toBytes(accountId));
  const product = productId === undefined ? undefined : await termNumber(session, idForm('product').toBytes(productId));
  // Nothing that is listed has such an account, or such a product.
  if (account === null || product === null) return [];
  const names = namePart === undefined ? undefined : await namesCondition(session, namePart, { account, accountId });
  const walk = walkOf(query, { created: 'created_at', ends: 'certificate_until', number: 'number' });
  return session.beside((db) => listedOrdersQuery(db, query, { account, product, names, walk, limit }));
}

interface Listed {
  /** Terms; undefined: any. */
  readonly account: number | undefined;
  readonly product: number | undefined;
  readonly names: { readonly condition: RawBuilder<SqlBool>; readonly isOfFew: boolean } | undefined;
  readonly walk: Walk;
  readonly limit: number;
}

function listedOrdersQuery(
  db: Builder,
  { states, issuerId, dialect }: FilteredOrdersQuery,
  { account, product, names, walk, limit }: Listed,
) {
  // A plus keeps the index of the account from being what finds the rows, where their numbers do.
  const plus = names?.isOfFew === true ? sql`+` : sql``;
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
          ...(names === undefined ? [] : [names.condition]),
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

/** Each shelf of the account is looked through by itself, so that another account's names cost nothing. */
async function namesCondition(
  session: Session,
  value: string,
  {
    account,
    accountId,
  }: { readonly account: number | undefined; readonly accountId: FilteredOrdersQuery['accountId'] },
) {
  const looked = hasPart('names', value);
  const list = 'order_listings' as const;
  if (accountId === null || account === undefined)
    return together([await findPart({ session, list, shelf: undefined }, { value, looked })]);
  const found = [];
  for (const shelf of await shelvesOf(session, accountId))
    found.push(await findPart({ session, list, shelf }, { value, looked }));
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
