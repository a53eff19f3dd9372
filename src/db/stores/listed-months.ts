/** How many orders were placed and certificates issued in a month: counted by the projection (decision 0032), or looked up where there are few. */
import { type RawBuilder, sql } from 'kysely';
import { type AccountId, isId } from '../../domain/ids.ts';
import { monthAfter, startOfMonth } from '../../domain/month.ts';
import type { MonthSpan } from '../../domain/ports/reports.ts';
import type { MonthCount } from '../../domain/ports/stores/orders.ts';
import { idForm } from '../id-bytes.ts';
import type { Builder } from '../prepared.ts';
import { inPieces } from '../prepared.ts';
import type { Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { hasManyOrders } from './large-accounts.ts';

export async function countMonths(
  session: Session,
  accountIds: readonly AccountId[],
  span: MonthSpan,
): Promise<readonly MonthCount[]> {
  const [first, ...others] = accountIds;
  if (first === undefined) return [];
  const among = others.length === 0 ? first : null;
  const listed = await byListings(session, among, () => ofAll(accountIds, (ids) => countListed(session, ids, span)));
  if (listed !== undefined) return listed;
  const isLarge = await hasManyOrders(session, among);
  return ofAll(accountIds, (ids) => countRows(session, { ids, span, isLarge }));
}

async function ofAll(
  accountIds: readonly AccountId[],
  count: (ids: readonly AccountId[]) => Promise<readonly MonthCount[]>,
): Promise<readonly MonthCount[]> {
  const found: MonthCount[] = [];
  for (const ids of inPieces(accountIds)) found.push(...(await count(ids)));
  return found;
}

async function countListed(session: Session, ids: readonly AccountId[], { from, until }: MonthSpan) {
  const values = ids.map((id) => idForm('account').toBytes(id));
  const rows = await session.beside((db) =>
    db
      .selectFrom('listing_terms as term')
      .innerJoin('listing_months as counted', 'counted.account', 'term.number')
      .select(['term.value', 'counted.month', 'counted.orders', 'counted.certificates'])
      .where('term.value', 'in', values)
      .where('counted.month', '>=', from)
      .where('counted.month', '<=', until),
  );
  return rows.flatMap(({ value, month, orders, certificates }) => {
    const accountId = idForm('account').toText(value);
    return isId('account', accountId) ? [{ accountId, month, orders, certificates }] : [];
  });
}

interface Rows {
  readonly ids: readonly AccountId[];
  readonly span: MonthSpan;
  /** The projection is not there yet: they are counted in another thread. */
  readonly isLarge: boolean;
}

async function countRows(session: Session, { ids, span, isLarge }: Rows): Promise<readonly MonthCount[]> {
  const counts = await Promise.all([
    isLarge ? session.beside((db) => ordersQuery(db, ids, span)) : session.select((db) => ordersQuery(db, ids, span)),
    isLarge
      ? session.beside((db) => certificatesQuery(db, ids, span))
      : session.select((db) => certificatesQuery(db, ids, span)),
  ]);
  const [orders, certificates] = counts;
  const numbered = (rows: typeof orders) =>
    rows.map(({ account_id: accountId, month, total }) => ({ accountId, month: Number(month), total: Number(total) }));
  const found = new Map<string, MonthCount>();
  const put = (one: Pick<MonthCount, 'accountId' | 'month'> & Partial<MonthCount>) => {
    const key = `${one.accountId} ${one.month}`;
    found.set(key, { orders: 0, certificates: 0, ...found.get(key), ...one });
  };
  for (const { total, ...row } of numbered(orders)) put({ ...row, orders: total });
  for (const { total, ...row } of numbered(certificates)) put({ ...row, certificates: total });
  return [...found.values()];
}

function ordersQuery(db: Builder, ids: readonly AccountId[], span: MonthSpan) {
  const { start, end } = boundsOf(span);
  const month = monthOf(span);
  return db
    .selectFrom('orders')
    .select(['account_id', month.as('month'), (row) => row.fn.countAll<number>().as('total')])
    .where('account_id', 'in', ids)
    .where('created_at', '>=', start)
    .where('created_at', '<', end)
    .groupBy(['account_id', sql.ref('month')]);
}

function certificatesQuery(db: Builder, ids: readonly AccountId[], span: MonthSpan) {
  const { start, end } = boundsOf(span);
  const month = monthOf(span);
  return db
    .selectFrom('certificates')
    .select(['account_id', month.as('month'), (row) => row.fn.countAll<number>().as('total')])
    .where('account_id', 'in', ids)
    .where('is_withheld', '=', sql.lit(0))
    .where('created_at', '>=', start)
    .where('created_at', '<', end)
    .groupBy(['account_id', sql.ref('month')]);
}

function boundsOf({ from, until }: MonthSpan): { readonly start: number; readonly end: number } {
  return { start: startOfMonth(from).getTime(), end: startOfMonth(monthAfter(until, 1)).getTime() };
}

/** The month of a row, by the bounds of each: a calendar is one thing that the engines have no common words for. */
function monthOf({ from, until }: MonthSpan): RawBuilder<number> {
  const cases: RawBuilder<unknown>[] = [];
  for (let month = from; month <= until; month = monthAfter(month, 1)) {
    const end = startOfMonth(monthAfter(month, 1)).getTime();
    cases.push(sql`when created_at < ${sql.lit(end)} then ${sql.lit(month)}`);
  }
  return sql`case ${sql.join(cases, sql` `)} end`;
}
