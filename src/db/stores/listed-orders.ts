/**
 * Pages and totals of the orders of a large account, by the projection (decision 0032). Totals are sums of counters. A page that is
 * sorted by something of which there are few values (standing, product, years) begins in one of them and goes on in the next; any other
 * sort has an index, which is walked without the rows.
 *
 * Few orders stand otherwise than their state says: those that are open, have a reissue under way, or are over and not seen by
 * the sweep yet. They are read as they are now, left out of the large lists, and put in where they belong.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { OrderStanding } from '../../domain/order.ts';
import type { OrderSort } from '../../domain/ports/orders.ts';
import type { StoredOrderSearch } from '../../domain/ports/stores/orders.ts';
import type { OrderState } from '../../domain/states.ts';
import type { Builder } from '../prepared.ts';
import { stateNumber } from '../rows/listings.ts';
import type { Session } from '../session.ts';
import { carriedTotal } from './carried-totals.ts';
import { bound } from './conditions.ts';
import {
  type Class,
  type Conditions,
  type Counted,
  conditionsOf,
  type Dimensions,
  isIn,
  leftOut,
  openShelf,
  type Shelf,
} from './listed-shelf.ts';
import {
  type ColumnOrder,
  columnSorts,
  columns,
  type End,
  inDirection,
  isColumnSort,
  isEnd,
  isThere,
  isWalkable,
  type ListQuery,
  type Shown,
} from './listed-sort.ts';
import { exceptionsQuery } from './order-search.ts';

export interface FoundNumbers {
  readonly numbers: readonly number[];
  readonly total: number;
}

/** Some of the orders of the shelf, sorted. */
interface Wanted {
  readonly standings?: readonly OrderStanding[];
  /** Terms. */
  readonly products?: readonly number[];
  readonly years?: readonly number[];
  readonly sort: readonly OrderSort[];
}

interface Page {
  readonly offset: number;
  readonly limit: number;
  /** Orders of the list. */
  readonly total: number;
}

interface Exception extends Counted {
  readonly number: number;
  readonly standing: OrderStanding;
}

/** More exceptions than these are looked for among all orders. */
const mostExceptions = 5000;
/** So many are read and sorted in less time than they are looked for in the order of the page. */
const few = 2000;

/** What of a search the projection answers: the rest either has an index of its own that finds few, or goes by the tables. */
const answered = [
  'accountId',
  'dialect',
  'now',
  'limit',
  'offset',
  'sort',
  'standings',
  'productCodes',
  'containers',
  'isRenewal',
  'createdFrom',
  'createdUntil',
  'expiresFrom',
  'expiresUntil',
  'userNumbers',
  'text',
  'emails',
] as const satisfies readonly (keyof StoredOrderSearch)[];

/** @returns undefined: the projection does not answer this one */
export async function searchListed(session: Session, search: StoredOrderSearch): Promise<FoundNumbers | undefined> {
  const asked = Object.entries(search).filter(([, value]) => value !== undefined);
  if (asked.some(([key]) => !(answered as readonly string[]).includes(key))) return undefined;
  if (search.dialect === undefined || search.isRenewal === true || !isWalkable(search.sort ?? [])) return undefined;
  if (search.containers !== undefined && 'in' in search.containers) return undefined;
  const shelf = await openShelf(session, search.accountId, search.dialect);
  if (shelf === undefined) return { numbers: [], total: 0 };
  const wanted = wantedOf(search, shelf);
  const conditions = await conditionsOf(session, search, shelf.number);
  const list = new ShelfList(session, search, { ...shelf, ...conditions });
  if (!(await list.readExceptions(wanted))) return undefined;
  const total = await list.count(wanted);
  const { offset, limit } = search;
  return { total, numbers: await list.page(wanted, { offset, limit, total }) };
}

function wantedOf({ standings, productCodes, sort = [] }: StoredOrderSearch, { classes }: Shelf): Wanted {
  const products = classes.filter(({ productCode }) => productCodes?.includes(productCode));
  return {
    ...(standings === undefined ? {} : { standings }),
    ...(productCodes === undefined ? {} : { products: [...new Set(products.map(({ product }) => product))] }),
    sort,
  };
}

/** Standings that are a state and nothing else, exceptions aside. */
const statesOfStandings: Partial<Record<OrderStanding, OrderState>> = {
  active: 'active',
  ended: 'ended',
  revoked: 'revoked',
  rejected: 'rejected',
  cancelled: 'cancelled',
  failed: 'failed',
};

interface Sorted {
  readonly sort: readonly ColumnOrder[];
  readonly end?: End | undefined;
}

interface Large extends Sorted, Dimensions {
  readonly standings?: readonly OrderStanding[] | undefined;
  /** They are found by what narrows them, and sorted. */
  readonly isOfFew: boolean;
  /** They are most of the orders of all accounts. */
  readonly isMost: boolean;
}

class ShelfList {
  readonly #session: Session;
  readonly #search: StoredOrderSearch;
  readonly #shelf: Shelf & Conditions;
  #exceptions: readonly Exception[] = [];
  /** Orders that none of the lists has. */
  #excluded: readonly (Counted & { readonly number: number })[] = [];

  constructor(session: Session, search: StoredOrderSearch, shelf: Shelf & Conditions) {
    this.#session = session;
    this.#search = search;
    this.#shelf = shelf;
  }

  /** @returns false: there are too many */
  async readExceptions({ standings, sort }: Wanted): Promise<boolean> {
    const search = this.#search;
    const left = leftOut(search);
    if (left.length > 0) {
      this.#excluded = await this.#session.beside((db) =>
        db
          .selectFrom('order_listings')
          .select(['number', 'state', 'product', 'years'])
          .where('shelf', '=', this.#shelf.number)
          .where(sql<boolean>`number in (${sql.join(left, sql` union `)})`)
          .limit(mostExceptions + 1),
      );
    }
    if (standings !== undefined || sort.some(({ by }) => by === 'standing')) {
      const rows = await this.#session.beside((db) => exceptionsQuery(db, search, mostExceptions + 1));
      const excluded = new Set(this.#excluded.map(({ number }) => number));
      this.#exceptions = rows.filter(({ number }) => !excluded.has(number));
    }
    return this.#exceptions.length <= mostExceptions && this.#excluded.length <= mostExceptions;
  }

  async count(wanted: Wanted): Promise<number> {
    if (this.#shelf.conditions.length > 0) return this.#countRows(wanted);
    const { states, included } = this.#standing(wanted);
    const inClasses = sum(this.#classesOf(wanted, states));
    const isCounted = (one: Counted) => isIn(one, { ...wanted, states });
    const without = [...this.#excluded, ...(wanted.standings === undefined ? [] : this.#exceptions)];
    return Math.max(0, inClasses - without.filter(isCounted).length + included.length);
  }

  async page(wanted: Wanted, page: Page): Promise<readonly number[]> {
    const { offset, limit } = page;
    if (offset >= page.total) return [];
    const [first, ...rest] = wanted.sort;
    if (first === undefined || isColumnSort(first)) return this.#walk(wanted, page);
    const numbers: number[] = [];
    let skipped = offset;
    for (const part of this.#parts(wanted, first)) {
      if (numbers.length === limit) break;
      const inPart = { ...wanted, ...part, sort: rest };
      const total = await this.count(inPart);
      if (skipped < total)
        numbers.push(...(await this.page(inPart, { offset: skipped, limit: limit - numbers.length, total })));
      skipped = Math.max(0, skipped - total);
    }
    return numbers;
  }

  /** The parts of a list, each of one value, in the order of the values. */
  #parts({ standings, products, years }: Wanted, sort: OrderSort): readonly Partial<Wanted>[] {
    const classes = this.#shelf.classes.filter((one) => isIn(one, { products, years }));
    if (sort.by === 'standing') {
      const groups = sort.order.map((group) => group.filter((one) => standings?.includes(one) !== false));
      return inDirection(groups, sort).map((group) => ({ standings: group }));
    }
    if (sort.by === 'coverageYears') {
      const known = [...new Set(classes.map((one) => one.years))].toSorted((a, b) => a - b);
      return inDirection(known, sort).map((one) => ({ years: [one] }));
    }
    const names = Map.groupBy(classes, ({ productName }) => productName);
    const sorted = [...names].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return inDirection(sorted, sort).map(([, ones]) => ({
      products: [...new Set(ones.map(({ product }) => product))],
    }));
  }

  /** The page by the index of its sort; of few orders, by what finds them. Those without an end come last. */
  async #walk(wanted: Wanted, { offset, limit, total }: Page): Promise<readonly number[]> {
    const sort = columnSorts(wanted.sort);
    const end = sort[0]?.by;
    if (end === undefined || !isEnd(end)) return this.#fromNearerEnd(wanted, { offset, limit, total, sort });
    // Those without an end are fewer.
    const others = await this.#countRows(wanted, { by: end, isThere: false });
    const ending = total - others;
    const first = { offset, limit, total: ending, sort, end: { by: end, isThere: true } } as const;
    const found = offset < ending ? await this.#fromNearerEnd(wanted, first) : [];
    if (found.length === limit || others <= 0) return found;
    const page = { offset: Math.max(0, offset - ending), limit: limit - found.length, total: others };
    return [...found, ...(await this.#fromNearerEnd(wanted, { ...page, sort, end: { by: end, isThere: false } }))];
  }

  /** A page behind the middle is walked to from the end of the list. */
  async #fromNearerEnd(wanted: Wanted, { offset, limit, total, sort, end }: Page & Sorted): Promise<readonly number[]> {
    const behind = Math.max(0, total - offset - limit);
    if (behind >= offset) return this.#rows(wanted, { offset, limit, sort, end });
    const reversed = sort.map(({ by, descending }) => ({ by, descending: !descending }));
    const some = Math.min(limit, total - offset);
    return (await this.#rows(wanted, { offset: behind, limit: some, sort: reversed, end })).toReversed();
  }

  async #rows(wanted: Wanted, { offset, limit, sort, end }: Omit<Page, 'total'> & Sorted): Promise<readonly number[]> {
    const lists = this.#lists(wanted, { sort, ...(end === undefined ? {} : { end }) });
    if (lists === undefined) return [];
    const rows = await this.#session.beside((db) => {
      let query = lists(db);
      for (const { by, descending } of sort) query = query.orderBy(columns[by], descending ? 'desc' : 'asc');
      return query.limit(limit).offset(offset);
    });
    return rows.map(({ number }) => number);
  }

  async #countRows(wanted: Wanted, end?: End): Promise<number> {
    const lists = this.#lists(wanted, { sort: [], ...(end === undefined ? {} : { end }) });
    if (lists === undefined) return 0;
    const carried = end === undefined ? await this.#carriedTotal(wanted) : undefined;
    if (carried !== undefined) return carried;
    const [row] = await this.#session.beside((db) =>
      db.selectFrom(lists(db).as('found')).select((found) => found.fn.countAll<number>().as('total')),
    );
    return Number(row?.total ?? 0);
  }

  /** The total of the large lists as it was, without the exceptions that were in it, and with those that belong there. */
  async #carriedTotal(wanted: Wanted): Promise<number | undefined> {
    const { number: shelf, conditions, isNarrow, isLooked, isOfRows, ofAll } = this.#shelf;
    if (!isLooked || isNarrow || !isOfRows) return undefined;
    const { states, included } = this.#standing(wanted);
    const { products, years, standings } = wanted;
    const atMost = sum(this.#classesOf(wanted, states));
    // A plus keeps the index of a column from being what finds the rows.
    const among = (column: 'state' | 'product' | 'years', values: readonly number[] | undefined) =>
      values === undefined ? [] : [sql<SqlBool>`+${sql.ref(column)} in (${bound(values)})`];
    const narrowed = [
      ...among('state', states),
      ...among('product', products),
      ...among('years', years),
      ...conditions,
    ];
    const condition = sql<SqlBool>`(${sql.join(narrowed, sql` and `)})`;
    const isMost = 2 * atMost > ofAll;
    const total = await carriedTotal(this.#session, { list: 'order_listings', shelf, condition, atMost, isMost });
    if (total === undefined) return undefined;
    const without = this.#without(standings);
    return (
      total -
      (await this.#countAmong(without, condition)) +
      (await this.#countAmong(included, sql`(${sql.join(conditions, sql` and `)})`))
    );
  }

  async #countAmong(numbers: readonly number[], condition: RawBuilder<SqlBool>): Promise<number> {
    if (numbers.length === 0) return 0;
    const [row] = await this.#session.beside((db) =>
      db
        .selectFrom('order_listings')
        .select((found) => found.fn.countAll<number>().as('total'))
        .where('number', 'in', numbers)
        .where(sql<SqlBool>`+shelf = ${this.#shelf.number}`)
        .where(condition),
    );
    return Number(row?.total ?? 0);
  }

  /** Orders that the large lists of these standings do not have. */
  #without(standings: readonly OrderStanding[] | undefined): readonly number[] {
    const without = [...this.#excluded, ...(standings === undefined ? [] : this.#exceptions)];
    return without.map(({ number }) => number);
  }

  /** The orders of the large lists without the exceptions, and the exceptions that belong there. Undefined: none. */
  #lists(wanted: Wanted, { sort, end }: Sorted): ((db: Builder) => ListQuery) | undefined {
    const { states, included } = this.#standing(wanted);
    const orders = sum(this.#classesOf(wanted, states));
    if (orders === 0 && included.length === 0) return undefined;
    const isOfFew = orders <= few || this.#shelf.isNarrow;
    const isMost = 2 * orders > this.#shelf.ofAll;
    const large = { ...wanted, states, sort, end, isOfFew, isMost };
    if (included.length === 0) return (db) => this.#list(db, large);
    const those = (db: Builder) => this.#those(db, { numbers: included, sort, end });
    return orders === 0 ? those : (db) => this.#list(db, large).unionAll(those(db));
  }

  #list(db: Builder, { states, products, years, sort, end, isOfFew, isMost, standings }: Large) {
    const [first] = sort;
    const isSortedByNumber = first === undefined || first.by === 'number';
    // One value of a column, in order of the numbers, has an index of its own; otherwise the order of the page is what is walked.
    const isWalked =
      !isOfFew && !(isSortedByNumber && [states, products, years].some((values) => values?.length === 1));
    // A plus keeps the index of a column from being what finds the rows.
    const isFoundOtherwise = isWalked || isMost || this.#shelf.isNarrow;
    const among = (column: 'state' | 'product' | 'years', values: readonly number[] | undefined) =>
      values === undefined
        ? sql<SqlBool>`true`
        : sql<SqlBool>`${isFoundOtherwise ? sql`+` : sql``}${sql.ref(column)} in (${sql.join(values)})`;
    const without = this.#without(standings);
    // Where each has to be looked at, and the list is most of the table, the table itself is walked: that is faster than by an index.
    const isByRow = isMost && isSortedByNumber && this.#shelf.isLooked && !this.#shelf.isNarrow;
    const shelf = isByRow ? sql`+shelf` : sql`shelf`;
    return this.#columns(db, sort)
      .where(sql<SqlBool>`${shelf} = ${this.#shelf.number}`)
      .where((row) =>
        row.and([
          among('state', states),
          among('product', products),
          among('years', years),
          ...(end === undefined ? [] : [isThere(end)]),
          ...(without.length === 0 ? [] : [sql<SqlBool>`number not in (${sql.join(without)})`]),
          ...this.#shelf.conditions,
        ]),
      );
  }

  #those(db: Builder, { numbers, sort, end }: Sorted & { readonly numbers: readonly number[] }) {
    return this.#columns(db, sort)
      .where('number', 'in', numbers)
      .where((row) => row.and([...(end === undefined ? [] : [isThere(end)]), ...this.#shelf.conditions]));
  }

  /** With what it is sorted by, since two lists can only be put together by what they show. */
  #columns(db: Builder, sort: readonly ColumnOrder[]): ListQuery {
    const shown = new Set<Shown>(['number', ...sort.map(({ by }) => columns[by])]);
    return db.selectFrom('order_listings').select([...shown]);
  }

  /** The states whose orders stand so, and the exceptions that do. No states: it says nothing of them. */
  #standing({ standings, products, years }: Wanted): {
    readonly states: readonly number[] | undefined;
    readonly included: readonly number[];
  } {
    if (standings === undefined) return { states: undefined, included: [] };
    const states = standings.flatMap((one) => statesOfStandings[one] ?? []).map(stateNumber);
    const included = this.#exceptions.filter(
      (one) => standings.includes(one.standing) && isIn(one, { products, years }),
    );
    return { states, included: included.map(({ number }) => number) };
  }

  #classesOf({ products, years }: Wanted, states: readonly number[] | undefined): readonly Class[] {
    return this.#shelf.classes.filter((one) => isIn(one, { states, products, years }));
  }
}

function sum(classes: readonly Class[]): number {
  return classes.reduce((total, { orders }) => total + orders, 0);
}
