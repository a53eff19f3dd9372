/**
 * Conditions of lists of orders by filters (`filtered-orders.ts`) that speak of more than an order's row: how it stands, in whose hands it is,
 * where it belongs. Most of them leave few orders, which an index finds at any size; the others are told of a number, so that the projection
 * asks them as well.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import type { OrderStanding } from '../../domain/order.ts';
import type { OrderTurn } from '../../domain/ports/list-filters.ts';
import type { FilteredOrdersQuery } from '../../domain/ports/stores/orders.ts';
import { asId, inForm } from '../forms.ts';
import { hexForm } from '../id-bytes.ts';
import { stateNumber } from '../rows/listings.ts';
import { anyOf, ofOrdersIn } from './conditions.ts';
import { hasReference, laterUnderWay, notActive, overNumbers, renewedNumbers, standsSo } from './order-search.ts';

type Scope = Pick<FilteredOrdersQuery, 'accountId' | 'now'>;

/** Standings of orders of which there are few at any time. */
const passing: ReadonlySet<OrderStanding> = new Set([
  'awaitingApproval',
  'awaitingCsr',
  'awaitingValidation',
  'issuing',
  'reissuing',
]);

/** Reports whether the tables find these orders by an index of few, whatever the account has. */
export function isOfFew(query: FilteredOrdersQuery): boolean {
  const { name, serial, organizationId, reference, turns, containers, isRenewed, standings } = query;
  if ([name, serial, organizationId, reference, turns].some((one) => one !== undefined)) return true;
  if (containers !== undefined && 'in' in containers) return true;
  return isRenewed === true || standings?.every((one) => passing.has(one)) === true;
}

/** Conditions on `orders`. */
export function conditionsOnOrders(query: FilteredOrdersQuery): readonly RawBuilder<SqlBool>[] {
  const { standings, turns } = query;
  return [
    ...(standings === undefined ? [] : [standsAsOneOf(standings, query)]),
    ...(turns === undefined ? [] : [isInHandsOf(turns, query)]),
    ...conditionsOnNumbers('orders.number', query),
  ];
}

/** Conditions on `order_listings`. */
export function conditionsOnListings(query: FilteredOrdersQuery): readonly RawBuilder<SqlBool>[] {
  const { standings } = query;
  const conditions = standings?.map((standing) => standsListed(standing, query));
  return [
    ...(conditions === undefined ? [] : [anyOf(conditions)]),
    ...conditionsOnNumbers('order_listings.number', query),
  ];
}

/** Those that are told of the number of an order. */
function conditionsOnNumbers(column: string, query: FilteredOrdersQuery): readonly RawBuilder<SqlBool>[] {
  const { accountId, containers, organizationId, reference, serial, isRenewed } = query;
  const number = sql.ref(column);
  const isSerial = (text: string) => sql<SqlBool>`${number} in (
    select one.order_number from certificates as one where one.serial = ${inForm(hexForm, text)})`;
  const isOf = (organization: string) => sql<SqlBool>`${number} in (
    select few.number from orders as few
    where few.organization_id is not null and few.organization_id = ${asId('organization', organization)})`;
  const renewed = renewedNumbers(accountId);
  return [
    ...(containers === undefined ? [] : [ofOrdersIn(column, containers)]),
    ...(organizationId === undefined ? [] : [isOf(organizationId)]),
    ...(reference === undefined || accountId === null ? [] : [hasReference(reference, accountId, number)]),
    ...(serial === undefined ? [] : [isSerial(serial)]),
    ...(isRenewed === undefined ? [] : [sql<SqlBool>`${number} ${sql.raw(isRenewed ? 'in' : 'not in')} ${renewed}`]),
  ];
}

function standsAsOneOf(standings: readonly OrderStanding[], scope: Scope): RawBuilder<SqlBool> {
  const stands = anyOf(standings.map((standing) => standsSo(standing, scope)));
  if (!standings.every((one) => passing.has(one))) return stands;
  const found = standings.includes('reissuing') ? [underWayOrders(scope.accountId)] : [];
  const open = standings.some((one) => one !== 'reissuing') ? [openOrders(scope.accountId)] : [];
  return sql`(orders.number in (${sql.join([...open, ...found], sql` union all `)}) and ${stands})`;
}

/** The same as `standsSo`, on the projection. */
function standsListed(standing: OrderStanding, scope: Scope): RawBuilder<SqlBool> {
  const isOf = (state: Parameters<typeof stateNumber>[0]) => sql`order_listings.state = ${stateNumber(state)}`;
  const over = sql`order_listings.number in (${overNumbers(scope)})`;
  const those = (from: RawBuilder<unknown>) => sql<SqlBool>`order_listings.number in (
    select orders.number from orders where orders.number in (${from}) and ${standsSo(standing, scope)})`;
  switch (standing) {
    case 'awaitingApproval':
    case 'awaitingCsr':
    case 'awaitingValidation':
    case 'issuing':
      return those(openOrders(scope.accountId));
    case 'reissuing':
      return those(underWayOrders(scope.accountId));
    case 'active':
      // A later issuance that is under way and not the newest is a duplicate's: such an order is active.
      return sql`(${isOf('active')} and not ${over} and order_listings.number not in (
        select orders.number from orders where orders.number in (${underWayOrders(scope.accountId)})
          and orders.issuance_number in ${laterUnderWay(scope.accountId, sql.raw('number'))}))`;
    case 'ended':
      return sql`(${isOf('ended')} or (${isOf('active')} and ${over}))`;
    case 'revoked':
    case 'rejected':
    case 'cancelled':
    case 'failed':
      return sql`${isOf(standing)}`;
    default:
      return standing satisfies never;
  }
}

/** The same as `turnOf` of the native API: of the newest issuance of orders that are open or have something under way. */
function isInHandsOf(turns: readonly OrderTurn[], { accountId }: Scope): RawBuilder<SqlBool> {
  const turn = sql`case
    when newest.state in ('issued', 'failed', 'cancelled') then 'nobody'
    when newest.rest_json is not null then json_extract(newest.rest_json, '$.turn')
    when newest.state = 'ready' then case when newest.csr is null then 'customer' else 'server' end
    when newest.state = 'awaitingApproval' then 'approver'
    when newest.state = 'awaitingValidation' then 'customer'
    else 'server' end`;
  return sql`(orders.number in (${openOrders(accountId)} union all ${underWayOrders(accountId)})
    and orders.state in ('open', 'active')
    and (select ${turn} from issuances as newest where newest.number = orders.issuance_number) in (${sql.join(turns)}))`;
}

/** The numbers of open orders, without brackets. */
function openOrders(accountId: AccountId | null): RawBuilder<number> {
  return sql`select number from ${notActive({ accountId, states: ['open'], limit: null })} as open_orders`;
}

/** The numbers of orders with an issuance under way that is not their first. */
function underWayOrders(accountId: AccountId | null): RawBuilder<number> {
  return sql`select under_way_orders.order_number from ${laterUnderWay(accountId, sql.raw('order_number'))} as under_way_orders`;
}
