/** The orders of an account with a dialect, as the projection counts and narrows them (decision 0032). */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { isId } from '../../domain/ids.ts';
import type { StoredOrderSearch } from '../../domain/ports/stores/orders.ts';
import { idForm } from '../id-bytes.ts';
import type { Session } from '../session.ts';
import { numbersInContainers } from './conditions.ts';
import { textConditionOf } from './listed-texts.ts';
import { shelfTerm } from './listing-terms.ts';
import { credentialsOf, renewingNumbers } from './order-search.ts';

/** As many orders as one counter counts, or one order with itself. */
export interface Counted {
  readonly state: number;
  readonly product: number;
  readonly years: number;
}

export interface Class extends Counted {
  readonly orders: number;
  readonly productName: string;
  readonly productCode: string;
}

/** Undefined: any. */
export interface Dimensions {
  readonly states?: readonly number[] | undefined;
  readonly products?: readonly number[] | undefined;
  readonly years?: readonly number[] | undefined;
}

export function isIn({ state, product, years }: Counted, wanted: Dimensions): boolean {
  return (
    wanted.states?.includes(state) !== false &&
    wanted.products?.includes(product) !== false &&
    wanted.years?.includes(years) !== false
  );
}

export interface Shelf {
  readonly number: number;
  /** Orders of all accounts. */
  readonly ofAll: number;
  readonly classes: readonly Class[];
}

/** What no counter counts. */
export interface Conditions {
  readonly conditions: readonly RawBuilder<SqlBool>[];
  /** What they find is less than the list. */
  readonly isNarrow: boolean;
  /** Each order has to be looked at to know whether it fits. */
  readonly isLooked: boolean;
  /** What they ask is told by the rows of the list alone. */
  readonly isOfRows: boolean;
}

export async function conditionsOf(session: Session, search: StoredOrderSearch, shelf: number): Promise<Conditions> {
  const { createdFrom, createdUntil, expiresFrom, expiresUntil, userNumbers } = search;
  const within = (column: string, operator: '>=' | '<=', at: Date | undefined) =>
    at === undefined ? [] : [sql<SqlBool>`${sql.ref(column)} ${sql.raw(operator)} ${at.getTime()}`];
  const ranges = [
    ...within('created_at', '>=', createdFrom),
    ...within('created_at', '<=', createdUntil),
    ...within('certificate_until', '>=', expiresFrom),
    ...within('certificate_until', '<=', expiresUntil),
  ];
  const placed = userNumbers === undefined ? [] : [await placedBy(session, search, userNumbers)];
  const text = await textConditionOf({ session, search, shelf });
  return {
    conditions: [...ranges, ...placed, ...(text === undefined ? [] : [text.condition])],
    isNarrow: ranges.length > 0 || placed.length > 0 || text?.isOfFew === true,
    isLooked: text?.isOfFew === false,
    isOfRows: text?.isOfRows !== false,
  };
}

async function placedBy(
  session: Session,
  { accountId }: StoredOrderSearch,
  users: readonly number[],
): Promise<RawBuilder<SqlBool>> {
  const keys = await session.select((db) =>
    db
      .selectFrom('credentials')
      .select('id')
      .where(sql<SqlBool>`id in (${credentialsOf(accountId, users)})`),
  );
  if (keys.length === 0) return sql`false`;
  const terms = keys.map(({ id }) => idForm('credential').toBytes(id));
  return sql`credential in (select term.number from listing_terms as term where term.value in (${sql.join(terms)}))`;
}

/** @returns undefined: the account has no orders of the dialect */
export async function openShelf(session: Session, accountId: string, dialect: string): Promise<Shelf | undefined> {
  const rows = await session.beside((db) =>
    db
      .selectFrom('listing_terms as shelf')
      .innerJoin('order_counts as counted', 'counted.shelf', 'shelf.number')
      .innerJoin('listing_terms as term', 'term.number', 'counted.product')
      .select(['counted.shelf', 'counted.state', 'counted.product', 'counted.years', 'counted.orders', 'term.value'])
      .select(sql<number>`(select sum(every.orders) from order_counts as every)`.as('all_orders'))
      .where('shelf.value', '=', shelfTerm(accountId, dialect)),
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  const ids = [...new Set(rows.map(({ value }) => idForm('product').toText(value)))].filter((id) =>
    isId('product', id),
  );
  const products = await session.select((db) =>
    db.selectFrom('products').select(['id', 'name', 'code']).where('id', 'in', ids),
  );
  const byId = new Map<string, (typeof products)[number]>(products.map((product) => [product.id, product]));
  return {
    number: first.shelf,
    ofAll: Number(first.all_orders),
    classes: rows.map(({ value, shelf: _, all_orders: __, ...row }) => {
      const product = byId.get(idForm('product').toText(value));
      return { ...row, productName: product?.name ?? '', productCode: product?.code ?? '' };
    }),
  };
}

/** Orders that the search leaves out, of which there are few. */
export function leftOut({ accountId, containers, isRenewal }: StoredOrderSearch): readonly RawBuilder<number>[] {
  return [
    ...(containers !== undefined && 'notIn' in containers && containers.notIn.length > 0
      ? [numbersInContainers(containers.notIn)]
      : []),
    ...(isRenewal === false ? [renewingNumbers(accountId)] : []),
  ];
}
