/**
 * Orders by any conditions together, sorted, counted, a page at a time. A table is joined only where a condition or the sort
 * speaks of it, and none of them can add a row.
 */

import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import { type OrderStanding, referenceSeparator } from '../../domain/order.ts';
import type { OrderSort } from '../../domain/ports/orders.ts';
import type { StoredOrderSearch } from '../../domain/ports/stores/orders.ts';
import type { OrderState } from '../../domain/states.ts';
import { unindexed } from '../fields.ts';
import { asId, inForm } from '../forms.ts';
import { hexForm } from '../id-bytes.ts';
import type { Builder } from '../prepared.ts';
import { anyOf, bound, escaped, hasCustomField, ofOrdersIn, wholeSort } from './conditions.ts';
import { endOf } from './late-lists.ts';
import { hasEmail } from './order-emails.ts';

/** What the standing of orders depends on. `accountId` null: of all accounts. */
interface Standing {
  readonly accountId: AccountId | null;
  readonly now: Date;
}

/**
 * Same result as `standingOf`, which a test checks. Facts that only open orders need of their newest issuance are read for each:
 * they are few. Of active orders, which are most, those under way are looked up together. An active order has a certificate
 * of its first issuance, so that one under way is never the first: that keeps the index short, and free for first ones.
 */
export function standsSo(standing: OrderStanding, search: Standing): RawBuilder<SqlBool> {
  const { accountId } = search;
  const newest = sql`(select newest.state from issuances as newest where newest.number = orders.issuance_number)`;
  const hasCsr = sql`exists (
    select 1 from issuances as newest where newest.number = orders.issuance_number and newest.csr is not null)`;
  const isOver = isOverAt(search);
  const isUnderWay = sql`orders.issuance_number in ${laterUnderWay(accountId, sql.raw('number'))}`;
  switch (standing) {
    case 'awaitingApproval':
      return sql`(orders.state = 'open' and ${newest} = 'awaitingApproval')`;
    case 'awaitingCsr':
      return sql`(orders.state = 'open' and ${newest} <> 'awaitingApproval' and not ${hasCsr})`;
    case 'awaitingValidation':
      return sql`(orders.state = 'open' and ${newest} = 'awaitingValidation' and ${hasCsr})`;
    case 'issuing':
      return sql`(orders.state = 'open' and ${newest} not in ('awaitingApproval', 'awaitingValidation') and ${hasCsr})`;
    case 'active':
      return sql`(orders.state = 'active' and not ${isOver} and not ${isUnderWay})`;
    case 'reissuing':
      return sql`(orders.state = 'active' and not ${isOver} and ${isUnderWay})`;
    case 'ended':
      return sql`(orders.state = 'ended' or (orders.state = 'active' and ${isOver}))`;
    case 'revoked':
    case 'rejected':
    case 'cancelled':
    case 'failed':
      return sql`orders.state = ${sql.lit(standing)}`;
    default:
      return standing satisfies never;
  }
}

/** Issuances under way that are not the first of their order. */
export function laterUnderWay(accountId: AccountId | null, column: RawBuilder<unknown>): RawBuilder<number> {
  const isOfAccount = accountId === null ? sql`true` : sql`under_way.account_id = ${asId('account', accountId)}`;
  return sql`(select under_way.${column} from issuances as under_way where ${isOfAccount}
    and under_way.kind <> 'new' and under_way.state not in ('issued', 'failed', 'cancelled'))`;
}

const exceptionalStandings = [
  'awaitingApproval',
  'awaitingCsr',
  'awaitingValidation',
  'issuing',
  'reissuing',
  'ended',
] as const satisfies readonly OrderStanding[];

/**
 * Orders whose standing is not that of their state alone: those that are open, have an issuance under way, or are over before the sweep
 * has seen it. All that the projection knows, no more than `limit`.
 */
export function exceptionsQuery(db: Builder, search: StoredOrderSearch, limit: number) {
  const { accountId, dialect } = search;
  const open = notActive({ accountId, dialect, states: ['open'], limit: null });
  const places = exceptionalStandings.map((one) => sql`when ${standsSo(one, search)} then ${sql.lit(one)}`);
  return db
    .selectFrom('orders')
    .innerJoin('order_listings as listed', 'listed.number', 'orders.number')
    .select(['listed.number', 'listed.state', 'listed.product', 'listed.years'])
    .select(sql<OrderStanding>`case ${sql.join(places, sql` `)} else orders.state end`.as('standing'))
    .where((row) =>
      row.and([
        sql<SqlBool>`orders.number in (select number from ${open} as open_orders
          union all select order_number from ${laterUnderWay(accountId, sql.raw('order_number'))} as under_way_orders
          union all ${overNumbers(search)})`,
        // What is to find them are the numbers.
        sql<SqlBool>`${unindexed('orders.account_id')} = ${asId('account', accountId)}`,
        sql<SqlBool>`${dialect === undefined ? sql`true` : sql`orders.dialect = ${dialect}`}`,
      ]),
    )
    .limit(limit);
}

/** Active with something under way or without is simply active: then nothing need be known of what is under way. */
function standsAsAnyOf(standings: readonly OrderStanding[], search: StoredOrderSearch): RawBuilder<SqlBool> {
  const isActive = standings.includes('active') && standings.includes('reissuing');
  const others = standings.filter((one) => !isActive || (one !== 'active' && one !== 'reissuing'));
  const conditions = others.map((standing) => standsSo(standing, search));
  return anyOf(isActive ? [sql`(orders.state = 'active' and not ${isOverAt(search)})`, ...conditions] : conditions);
}

/** Those that the sweep has not seen yet are few, of all accounts together, and have an index. */
function isOverAt(search: Standing): RawBuilder<SqlBool> {
  return sql`orders.number in (${overNumbers(search)})`;
}

export function overNumbers({ now }: Pick<Standing, 'now'>): RawBuilder<number> {
  return sql`select due.number from orders as due where due.state = 'active' and due.coverage_until <= ${now.getTime()}`;
}

/** The states of an order in which it can stand so: they have an index, how an order stands has none. */
const statesOf = {
  awaitingApproval: ['open'],
  awaitingCsr: ['open'],
  awaitingValidation: ['open'],
  issuing: ['open'],
  active: ['active'],
  reissuing: ['active'],
  ended: ['ended', 'active'],
  revoked: ['revoked'],
  rejected: ['rejected'],
  cancelled: ['cancelled'],
  failed: ['failed'],
} as const satisfies Record<OrderStanding, readonly OrderState[]>;

const sortColumns = {
  number: 'orders.number',
  createdAt: 'orders.created_at',
  coverageUntil: 'orders.coverage_until',
  certificateUntil: 'orders.certificate_until',
  // The first name stands first in it.
  commonName: 'shown.names_text',
  productName: 'product.name',
} as const satisfies Partial<Record<OrderSort['by'], string>>;

/** The same number as `yearsOf`. */
const coverageYears = sql`case
  when orders.coverage_unit = 'years' then orders.coverage_count
  when orders.coverage_unit = 'months' and orders.coverage_count >= 18 then round(orders.coverage_count / 12.0)
  when orders.coverage_unit = 'days' and orders.coverage_count >= 548 then round(orders.coverage_count / 365.0)
  else 1 end`;

function sortedBy(sort: OrderSort, search: StoredOrderSearch): RawBuilder<unknown> {
  if (sort.by === 'coverageYears') return coverageYears;
  if (sort.by === 'standing') {
    const places = sort.order.flatMap((group, place) =>
      group.map((standing) => sql`when ${standsSo(standing, search)} then ${sql.lit(place)}`),
    );
    return sql`case ${sql.join(places, sql` `)} else ${sql.lit(places.length)} end`;
  }
  // Found by another index they are few, and sorting them is less work than looking for them among all orders.
  if (sort.by === 'number' && isOfFew(search)) return sql`orders.number + 0`;
  return sql.ref(sortColumns[sort.by]);
}

/** The page as numbers: to walk or sort all orders of an account with all that they hold takes several times as long. */
export function numbersQuery(db: Builder, search: StoredOrderSearch, hasCertificate?: boolean) {
  return sortedPage(matching(db, search, hasCertificate), search).select('orders.number');
}

function sortedPage(from: ReturnType<typeof matching>, search: StoredOrderSearch) {
  let query = from;
  for (const [place, one] of wholeSort(search.sort).entries()) {
    const column = sortedBy(one, search);
    query =
      one.by === 'number'
        ? query.orderBy(column, one.descending ? 'desc' : 'asc')
        : // What has no end is asked for apart, so that the index of ends is in the order of the page.
          one.by === 'certificateUntil' && place === 0
          ? query.orderBy(column, one.descending ? 'desc' : 'asc')
          : query.orderBy(column, (by) => (one.descending ? by.desc() : by.asc()).nullsLast());
  }
  return query.limit(search.limit).offset(search.offset);
}

export function countQuery(db: Builder, search: StoredOrderSearch, hasCertificate?: boolean) {
  return matching(db, { ...search, sort: [] }, hasCertificate).select((row) => row.fn.countAll<number>().as('total'));
}

function matching(db: Builder, search: StoredOrderSearch, hasCertificate?: boolean) {
  const { commonNames, names, text, sort = [] } = search;
  const isBy = (key: keyof typeof sortColumns) => sort.some(({ by }) => by === key);
  const isOfNames = [commonNames, names, text].some((condition) => condition !== undefined);
  return db
    .selectFrom('orders')
    .$if(isOfNames || isBy('commonName'), (query) =>
      query.leftJoin('issuances as shown', (join) => join.on(sql`shown.number`, '=', shownIssuance)),
    )
    .$if(isBy('productName'), (query) => query.leftJoin('products as product', 'product.id', 'orders.product_id'))
    .$if(hasCertificate === true, (query) => query.where('orders.certificate_until', 'is not', null))
    .$if(hasCertificate === false, (query) => query.where('orders.certificate_until', 'is', null))
    .where((row) => row.and(conditionsOf(search)));
}

function isOfFew({ standings, expiresFrom, expiresUntil }: StoredOrderSearch): boolean {
  if (expiresFrom !== undefined || expiresUntil !== undefined) return true;
  return standings !== undefined && !statesIn(standings).includes('active');
}

function statesIn(standings: readonly OrderStanding[]): readonly OrderState[] {
  return [...new Set(standings.flatMap((standing) => statesOf[standing]))];
}

/** The issuance of the certificate that counts; before there is one, the newest. */
export const shownIssuance = sql<number>`coalesce(
  (select max(later.number) from issuances as later
    where later.order_number = orders.number and later.kind <> 'new' and later.kind <> 'duplicate'
    and later.certificate_number is not null),
  case when orders.coverage_from is null then orders.issuance_number else orders.first_issuance_number end)`;

/** Each holds by itself; all of them must. */
function conditionsOf(search: StoredOrderSearch): readonly Expression<SqlBool>[] {
  const found: Expression<SqlBool>[] = [sql`orders.account_id = ${asId('account', search.accountId)}`];
  const add = <T>(value: T | undefined, condition: (value: T) => Expression<SqlBool>) => {
    if (value !== undefined) found.push(condition(value));
  };
  add(search.dialect, (dialect) => sql`orders.dialect = ${dialect}`);
  add(search.standings, (standings) => {
    const states = statesIn(standings);
    const isOfState = sql<SqlBool>`orders.state in (${sql.join(states.map((state) => sql.lit(state)))})`;
    if (states.length === 0) return sql`false`;
    const narrowed = states.includes('active')
      ? sql`true`
      : sql`orders.number in ${notActive({ ...search, limit: null, states })}`;
    const stands = standsAsAnyOf(standings, search);
    return sql`${isOfState} and ${narrowed} and (${stands})`;
  });
  add(
    search.productCodes,
    (codes) => sql`orders.product_id in (select products.id from products where products.code in (${bound(codes)}))`,
  );
  add(search.numbers, (numbers) => sql`orders.number in (${bound(numbers)})`);
  add(search.commonNames, (names) => hasName(names, (name) => ` ${escaped(name)} %`));
  add(search.names, (names) => hasName(names, (name) => `% ${escaped(name)} %`));
  add(search.text, (text) => textCondition(text, search.accountId));
  add(
    search.serials,
    (serials) =>
      sql`orders.number in (select one.order_number from certificates as one where one.serial in (${bound(serials.map((serial) => inForm(hexForm, serial)))}))`,
  );
  add(
    search.issuanceNumbers,
    (numbers) =>
      sql`orders.number in (select one.order_number from issuances as one where one.number in (${bound(numbers)}))`,
  );
  add(
    search.organizationNumbers,
    (numbers) =>
      sql`orders.number in (select few.number from orders as few where few.organization_id is not null
        and few.organization_id in (select one.id from organizations as one where one.number in (${bound(numbers)})))`,
  );
  add(search.containers, (containers) => ofOrdersIn('orders.number', containers));
  add(
    search.alternativeReference,
    (reference) => sql`${hasReference(reference, search.accountId)} and orders.alternative_reference = ${reference}`,
  );
  add(search.anyReference, (reference) => {
    const among = `%${escaped(referenceSeparator + reference + referenceSeparator)}%`;
    const whole = sql`${sql.lit(referenceSeparator)} || orders.alternative_reference || ${sql.lit(referenceSeparator)}`;
    return sql`${hasReference(reference, search.accountId)} and ${whole} like ${among} escape '\\'`;
  });
  add(
    search.customFieldNumbers,
    (numbers) =>
      sql`${amongFew(true, search, sql`few.custom_values_json is not null`)} and ${hasCustomField({ numbers })}`,
  );
  add(search.userNumbers, (numbers) => sql`orders.credential_id in (${credentialsOf(search.accountId, numbers)})`);
  add(search.emails, (emails) => anyOf(emails.map((email) => hasEmail(search.accountId, escaped(email)))));
  add(search.isRenewal, (isRenewal) => amongFew(isRenewal, search, sql`few.renewal_of is not null`));
  add(search.isRenewed, (isRenewed) => {
    const renewed = renewedNumbers(search.accountId);
    return isRenewed ? sql`orders.number in ${renewed}` : sql`orders.number not in ${renewed}`;
  });
  add(search.hasRemindersOff, (isOff) =>
    amongFew(isOff, search, sql`few.reminders_json is not null and few.reminders_json like '%"isOff":true%'`),
  );
  add(search.createdFrom, (from) => sql`orders.created_at >= ${from.getTime()}`);
  add(search.createdUntil, (until) => sql`orders.created_at <= ${until.getTime()}`);
  add(search.expiresFrom, (from) => sql`orders.certificate_until >= ${from.getTime()}`);
  add(search.expiresUntil, (until) => sql`orders.certificate_until <= ${until.getTime()}`);
  return found;
}

/** Searches the names that any issuance of the order requested as well: they have an index, unlike the text of the shown one. */
function hasName(names: readonly string[], patternOf: (name: string) => string): RawBuilder<SqlBool> {
  const shown = names.map((name) => sql<SqlBool>`shown.names_text like ${patternOf(name)} escape '\\'`);
  return sql`(orders.number in (
    select order_names.order_number from order_names where order_names.name in (${bound(names)})) and ${anyOf(shown)})`;
}

/** Found by the first of the parts that the reference has. */
export function hasReference(
  reference: string,
  accountId: AccountId,
  number: RawBuilder<unknown> = sql.ref('orders.number'),
): RawBuilder<SqlBool> {
  const [part] = reference.split(referenceSeparator);
  return sql`${number} in (
    select one.order_number from order_references as one where one.account_id = ${asId('account', accountId)} and one.reference = ${part})`;
}

/** The keys of users: a number is a user's, or that of a key that nobody holds. */
export function credentialsOf(accountId: AccountId, users: readonly number[]): RawBuilder<unknown> {
  return sql`select key.id from credentials as key left join users as person on person.id = key.user_id
    where key.account_id = ${asId('account', accountId)} and coalesce(person.number, key.number) in (${bound(users)})`;
}

/** The orders that renew one. */
export function renewingNumbers(accountId: AccountId): RawBuilder<number> {
  return sql`select few.number from orders as few where few.account_id = ${asId('account', accountId)} and few.renewal_of is not null`;
}

/** The orders that another one renews, or that somebody has marked so. @param accountId null: of all accounts */
export function renewedNumbers(accountId: AccountId | null): RawBuilder<number> {
  const isOfAccount = accountId === null ? sql`true` : sql`few.account_id = ${asId('account', accountId)}`;
  return sql`(select few.number from orders as few where ${isOfAccount} and (few.renewed_by is not null or few.renewal_mark is not null)
    and coalesce(few.renewal_mark = 'renewed', few.renewed_by is not null))`;
}

/** Orders of which most are not so: those that are have an index, and the others are counted by that of the account alone. */
function amongFew(
  isSo: boolean,
  { accountId }: StoredOrderSearch,
  condition: RawBuilder<unknown>,
): RawBuilder<SqlBool> {
  const few = sql`(select few.number from orders as few where few.account_id = ${asId('account', accountId)} and ${condition})`;
  return isSo ? sql`orders.number in ${few}` : sql`orders.number not in ${few}`;
}

function textCondition(
  { value, isExact, inEmails = false }: NonNullable<StoredOrderSearch['text']>,
  accountId: AccountId,
): RawBuilder<SqlBool> {
  const text = escaped(value.toLowerCase());
  const name = isExact ? `% ${text} %` : `%${text}%`;
  const part = isExact ? text : `%${text}%`;
  // The embedded engine knows the two cases of ASCII only.
  const asWritten = isExact ? escaped(value) : `%${escaped(value)}%`;
  const number = /^[0-9]{1,15}$/.test(value) ? Number(value) : -1;
  // No name holds a blank: one would be found between two of them.
  const isInName = value.includes(' ') ? sql`false` : sql`shown.names_text like ${name} escape '\\'`;
  return sql`(${isInName}
    or lower(orders.alternative_reference) like ${part} escape '\\'
    or orders.alternative_reference like ${asWritten} escape '\\'
    or orders.number = ${number}
    ${inEmails ? sql`or ${hasEmail(accountId, part)}` : sql``})`;
}

interface NotActive {
  readonly accountId: AccountId | null;
  readonly dialect?: string | undefined;
  /** None of them `active`. */
  readonly states: readonly OrderState[];
  readonly before?: number | undefined;
  /** Only so many, the newest; null: all. */
  readonly limit: number | null;
}

/** The numbers of orders that are not active: those in the indexes of them, and the newest open ones (`late-lists.ts`). */
export function notActive({ accountId, dialect, states, before, limit }: NotActive): RawBuilder<number> {
  const narrowed = [
    ...(accountId === null ? [] : [sql`few.account_id = ${asId('account', accountId)}`]),
    ...(dialect === undefined ? [] : [sql`few.dialect = ${dialect}`]),
    ...(before === undefined ? [] : [sql`few.number < ${before}`]),
  ];
  const newest = limit === null ? sql`` : sql` order by few.number desc limit ${limit}`;
  const numbers = (conditions: readonly RawBuilder<unknown>[]) =>
    sql`select number from (select few.number from orders as few where ${sql.join([...conditions, ...narrowed], sql` and `)}${newest}) as found`;
  const [only, ...others] = states.map((state) => sql.lit(state));
  const ofState = others.length === 0 ? sql`few.state = ${only}` : sql`few.state in (${sql.join([only, ...others])})`;
  const listed = numbers([sql`few.is_listed = 1`, ofState]);
  if (!states.includes('open')) return sql`(${listed})`;
  const behind = numbers([sql`few.number > ${endOf('orders')}`, sql`few.is_listed = 0`, sql`few.state = 'open'`]);
  return sql`(${listed} union all ${behind})`;
}
