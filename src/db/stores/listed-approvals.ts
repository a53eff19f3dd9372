/**
 * Pages and totals of the requests for approval of a large account, by the projection (decision 0032), in the way of its orders
 * (`listed-orders.ts`). Of a request the state and what it asks for have counters; a list sorted by one of them is the pages of each value,
 * one after the other.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import type { ApprovalSortKey } from '../../domain/ports/approvals.ts';
import type { ApprovalPage } from '../../domain/ports/stores/approvals.ts';
import type { Builder } from '../prepared.ts';
import { approvalStateNumber, asksNumber, listedApprovalStates, listedAsks } from '../rows/listings.ts';
import type { Session } from '../session.ts';
import { carriedTotal } from './carried-totals.ts';
import { bound, escaped, numbersInContainers, wholeSort } from './conditions.ts';
import type { FoundNumbers } from './listed-orders.ts';
import { findPart } from './listed-texts.ts';
import { shelfTerm } from './listing-terms.ts';

/** More than these are looked for among all requests. */
const mostLeftOut = 5000;
/** So many are read and sorted in less time than they are looked for in the order of the page. */
const few = 2000;

type Sort = NonNullable<ApprovalPage['sort']>;

interface Counted {
  readonly state: number;
  readonly asks: number;
}

interface Class extends Counted {
  readonly approvals: number;
}

/** Undefined: any. */
interface Dimensions {
  readonly states?: readonly number[] | undefined;
  readonly asks?: readonly number[] | undefined;
}

/** Some of the requests of the shelf, sorted. */
interface Wanted extends Dimensions {
  readonly sort: Sort;
}

interface Page {
  readonly offset: number;
  readonly limit: number;
  /** Requests of the list. */
  readonly total: number;
}

interface Shelf {
  readonly number: number;
  readonly classes: readonly Class[];
  /** What no counter counts. */
  readonly conditions: readonly RawBuilder<SqlBool>[];
  /** What the conditions find is less than the list. */
  readonly isNarrow: boolean;
  /** They begin behind a cursor, so that what they are is not what is counted. */
  readonly isCut: boolean;
  /** Requests that none of the lists has. */
  readonly leftOut: readonly (Counted & { readonly number: number })[];
}

const columns = {
  number: 'number',
  orderNumber: 'order_number',
  commonName: 'common_name',
} as const satisfies Partial<Record<ApprovalSortKey, string>>;

/** @returns undefined: the projection does not answer this one */
export async function searchListedApprovals(session: Session, search: ApprovalPage): Promise<FoundNumbers | undefined> {
  const { accountId, dialect, orderIds, requestedBy, customField, containers, before } = search;
  if (accountId === null || dialect === undefined || orderIds !== undefined || customField !== undefined)
    return undefined;
  if (requestedBy !== undefined || (containers !== undefined && 'in' in containers)) return undefined;
  const shelf = await openShelf(session, { ...search, accountId, dialect });
  if (shelf === undefined) return { numbers: [], total: 0 };
  if (shelf.leftOut.length > mostLeftOut) return undefined;
  const wanted = {
    states: search.states?.map(approvalStateNumber),
    asks: search.asks?.map(asksNumber),
    sort: search.sort ?? [],
  };
  const list = new ApprovalList(session, shelf);
  const total = await list.count(wanted);
  const { offset, limit } = search;
  // The total counts all of them, also those before the cursor.
  if (before === undefined) return { total, numbers: await list.page(wanted, { offset, limit, total }) };
  const conditions = [...shelf.conditions, sql<SqlBool>`number < ${before}`];
  const rest = new ApprovalList(session, { ...shelf, conditions, isCut: true });
  return { total, numbers: await rest.page(wanted, { offset, limit, total }) };
}

async function openShelf(
  session: Session,
  {
    accountId,
    dialect,
    containers,
    commonName,
  }: ApprovalPage & { readonly accountId: AccountId; readonly dialect: string },
): Promise<Shelf | undefined> {
  const classes = await session.beside((db) =>
    db
      .selectFrom('listing_terms as shelf')
      .innerJoin('approval_counts as counted', 'counted.shelf', 'shelf.number')
      .select(['counted.shelf', 'counted.state', 'counted.asks', 'counted.approvals'])
      .where('shelf.value', '=', shelfTerm(accountId, dialect)),
  );
  const number = classes[0]?.shelf;
  if (number === undefined) return undefined;
  const named = commonName === undefined ? undefined : await namedSo(session, number, commonName);
  const outside = containers !== undefined && 'notIn' in containers ? containers.notIn : [];
  const leftOut =
    outside.length === 0
      ? []
      : await session.beside((db) =>
          db
            .selectFrom('approval_listings')
            .select(['number', 'state', 'asks'])
            .where('shelf', '=', number)
            .where(sql<SqlBool>`order_number in (${numbersInContainers(outside)})`)
            .limit(mostLeftOut + 1),
        );
  return {
    number,
    classes,
    conditions: named === undefined ? [] : [named.condition],
    isNarrow: named?.isNarrow === true,
    isCut: false,
    leftOut,
  };
}

async function namedSo(
  session: Session,
  shelf: number,
  { value, isExact }: NonNullable<ApprovalPage['commonName']>,
): Promise<{ readonly condition: RawBuilder<SqlBool>; readonly isNarrow: boolean }> {
  const name = value.toLowerCase();
  if (isExact) return { condition: sql`common_name = ${name}`, isNarrow: true };
  const looked = sql<SqlBool>`common_name like ${`%${escaped(name)}%`} escape '\\'`;
  const found = await findPart({ session, list: 'approval_listings', shelf }, { value: name, looked });
  if ('condition' in found) return { condition: looked, isNarrow: false };
  return {
    condition: found.numbers.length === 0 ? sql`false` : sql`number in (${sql.join(found.numbers)})`,
    isNarrow: true,
  };
}

class ApprovalList {
  readonly #session: Session;
  readonly #shelf: Shelf;

  constructor(session: Session, shelf: Shelf) {
    this.#session = session;
    this.#shelf = shelf;
  }

  async count(wanted: Wanted): Promise<number> {
    const counted = sum(this.#classesOf(wanted));
    if (counted === 0) return 0;
    if (this.#shelf.conditions.length === 0)
      return counted - this.#shelf.leftOut.filter((one) => isIn(one, wanted)).length;
    const carried = await this.#carriedTotal(wanted, counted);
    if (carried !== undefined) return carried;
    const [row] = await this.#session.beside((db) =>
      this.#list(db, { ...wanted, sort: [] }).select((found) => found.fn.countAll<number>().as('total')),
    );
    return Number(row?.total ?? 0);
  }

  /** The total as it was, without those that the list leaves out. */
  async #carriedTotal({ states, asks }: Wanted, atMost: number): Promise<number | undefined> {
    const { number: shelf, conditions, isNarrow, isCut, leftOut } = this.#shelf;
    if (isNarrow || isCut) return undefined;
    // A plus keeps the index of a column from being what finds the rows.
    const among = (column: 'state' | 'asks', values: readonly number[] | undefined) =>
      values === undefined ? [] : [sql<SqlBool>`+${sql.ref(column)} in (${bound(values)})`];
    const narrowed = [...among('state', states), ...among('asks', asks), ...conditions];
    const condition = sql<SqlBool>`(${sql.join(narrowed, sql` and `)})`;
    const rows = { list: 'approval_listings', shelf, condition, atMost, isMost: false } as const;
    const total = await carriedTotal(this.#session, rows);
    if (total === undefined || leftOut.length === 0) return total;
    const [row] = await this.#session.beside((db) =>
      db
        .selectFrom('approval_listings')
        .select((found) => found.fn.countAll<number>().as('total'))
        .where(
          'number',
          'in',
          leftOut.map(({ number }) => number),
        )
        .where(condition),
    );
    return total - Number(row?.total ?? 0);
  }

  async page(wanted: Wanted, page: Page): Promise<readonly number[]> {
    const { offset, limit, total } = page;
    if (offset >= total) return [];
    const [first, ...rest] = wanted.sort;
    if (first === undefined || isColumnSort(first)) return this.#fromNearerEnd(wanted, page);
    const numbers: number[] = [];
    let skipped = offset;
    for (const part of partsOf(wanted, first)) {
      if (numbers.length === limit) break;
      const inPart = { ...wanted, ...part, sort: rest };
      const ofPart = await this.count(inPart);
      const left = { offset: skipped, limit: limit - numbers.length, total: ofPart };
      numbers.push(...(await this.page(inPart, left)));
      skipped = Math.max(0, skipped - ofPart);
    }
    return numbers;
  }

  /** A page behind the middle is walked to from the end of the list. */
  async #fromNearerEnd(wanted: Wanted, { offset, limit, total }: Page): Promise<readonly number[]> {
    const behind = Math.max(0, total - offset - limit);
    if (behind >= offset || this.#shelf.isCut) return this.#rows(wanted, { offset, limit, isReversed: false });
    const some = Math.min(limit, total - offset);
    return (await this.#rows(wanted, { offset: behind, limit: some, isReversed: true })).toReversed();
  }

  async #rows(
    wanted: Wanted,
    { offset, limit, isReversed }: Omit<Page, 'total'> & { readonly isReversed: boolean },
  ): Promise<readonly number[]> {
    const rows = await this.#session.beside((db) => {
      let query = this.#list(db, wanted).select('number');
      for (const { by, descending } of wholeSort(wanted.sort))
        query = query.orderBy(sortedBy(by), descending === isReversed ? 'asc' : 'desc');
      return query.limit(limit).offset(offset);
    });
    return rows.map(({ number }) => number);
  }

  #list(db: Builder, { states, asks, sort }: Wanted) {
    const { number, conditions, leftOut } = this.#shelf;
    const finding = this.#foundBy({ states, asks, sort });
    // A plus keeps the index of a column from being what finds the rows.
    const among = (column: 'state' | 'asks', values: readonly number[] | undefined) =>
      values === undefined
        ? sql<SqlBool>`true`
        : sql<SqlBool>`${finding === column ? sql`` : sql`+`}${sql.ref(column)} in (${sql.join(values)})`;
    return db
      .selectFrom('approval_listings')
      .where('shelf', '=', number)
      .where((row) =>
        row.and([
          among('state', states),
          among('asks', asks),
          ...(leftOut.length === 0
            ? []
            : [sql<SqlBool>`number not in (${sql.join(leftOut.map((one) => one.number))})`]),
          ...conditions,
        ]),
      );
  }

  /** The column whose index finds them: where they are few, or of one value and in the order of that index. */
  #foundBy({ states, asks, sort }: Wanted): 'state' | 'asks' | undefined {
    if (this.#shelf.isNarrow) return undefined;
    const [first] = sort;
    const isByNumber = first === undefined || first.by === 'number';
    const columnsOf = [
      { column: 'state', values: states, orders: sum(this.#classesOf({ states })) },
      { column: 'asks', values: asks, orders: sum(this.#classesOf({ asks })) },
    ] as const;
    const [found] = columnsOf
      .filter(({ values, orders }) => values !== undefined && (orders <= few || (isByNumber && values.length === 1)))
      .toSorted((a, b) => a.orders - b.orders);
    return found?.column;
  }

  #classesOf(wanted: Dimensions): readonly Class[] {
    return this.#shelf.classes.filter((one) => isIn(one, wanted));
  }
}

/** The parts of a list, each of one value, in the order of the values' words. */
function partsOf(wanted: Wanted, { by, descending }: Sort[number]): readonly Dimensions[] {
  const isOfState = by === 'state';
  const among = isOfState ? wanted.states : wanted.asks;
  const places = inOrder(isOfState ? listedApprovalStates : listedAsks).filter(
    (place) => among?.includes(place) !== false,
  );
  return (descending ? places.toReversed() : places).map((place) =>
    isOfState ? { states: [place] } : { asks: [place] },
  );
}

/** The places of words, in the order of the words. */
function inOrder(words: readonly string[]): readonly number[] {
  return [...words.keys()].toSorted((a, b) => ((words[a] ?? '') < (words[b] ?? '') ? -1 : 1));
}

/** State and what is asked for come here only after a column: those of equal values are few. */
function sortedBy(by: ApprovalSortKey): RawBuilder<unknown> {
  if (by !== 'state' && by !== 'asks') return sql.ref(columns[by]);
  const order = inOrder(by === 'state' ? listedApprovalStates : listedAsks);
  const places = order.map((place, at) => sql`when ${sql.lit(place)} then ${sql.lit(at)}`);
  return sql`case ${sql.ref(by)} ${sql.join(places, sql` `)} end`;
}

function isIn({ state, asks }: Counted, wanted: Dimensions): boolean {
  return wanted.states?.includes(state) !== false && wanted.asks?.includes(asks) !== false;
}

function sum(classes: readonly Class[]): number {
  return classes.reduce((total, { approvals }) => total + approvals, 0);
}

function isColumnSort(sort: Sort[number]): sort is Sort[number] & { readonly by: keyof typeof columns } {
  return Object.hasOwn(columns, sort.by);
}
