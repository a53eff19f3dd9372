/**
 * Fills the projection of requests for approval (decision 0032): whatever happens to one is an event about its order, of which all
 * requests are read as they are now. So is the first name, which may have been taken out of what is to be approved.
 */
import { numberOf } from '../../domain/ids.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import { type ApprovalListingRow, approvalStateNumber, asksNumber } from '../rows/listings.ts';
import { allOf } from '../session.ts';
import { type FillSession, shelfTerm, type termsOf } from './listing-terms.ts';

const columns = [
  'number',
  'shelf',
  'state',
  'asks',
  'order_number',
  'common_name',
] as const satisfies readonly (keyof ApprovalListingRow)[];

interface Dimensions {
  readonly shelf: number;
  readonly state: number;
  readonly asks: number;
}

export const approvalFillStatements = {
  listOfOrders: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('approvals')
        .innerJoin('orders', 'orders.number', 'approvals.order_number')
        .select([
          'approvals.number',
          'approvals.account_id',
          'approvals.state',
          'approvals.asks',
          'approvals.order_number',
          'approvals.issuance_id',
          'orders.dialect',
        ])
        .where('approvals.order_number', 'in', each(p.ids, size)),
    ),
  ),
  listNames: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db.selectFrom('issuances').select(['number', 'names_text']).where('number', 'in', each(p.ids, size)),
    ),
  ),
  listListed: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db.selectFrom('approval_listings').select(columns).where('number', 'in', each(p.ids, size)),
    ),
  ),
  put: statement((db, p: ApprovalListingRow) =>
    db
      .insertInto('approval_listings')
      .values(pick(p, columns))
      .onConflict((conflict) =>
        conflict.column('number').doUpdateSet((row) => ({
          shelf: row.ref('excluded.shelf'),
          state: row.ref('excluded.state'),
          asks: row.ref('excluded.asks'),
          order_number: row.ref('excluded.order_number'),
          common_name: row.ref('excluded.common_name'),
        })),
      ),
  ),
  count: statement((db, p: Dimensions & { approvals: number }) =>
    db
      .insertInto('approval_counts')
      .values(pick(p, ['shelf', 'state', 'asks', 'approvals']))
      .onConflict((conflict) =>
        conflict.columns(['shelf', 'state', 'asks']).doUpdateSet((row) => ({
          approvals: row('approval_counts.approvals', '+', row.ref('excluded.approvals')),
        })),
      ),
  ),
};

/** @param orders the numbers of orders that something has happened to */
export async function putApprovals(
  session: FillSession,
  orders: readonly number[],
  termOf: ReturnType<typeof termsOf>,
): Promise<void> {
  const q = approvalFillStatements;
  const approvals = await allOf(session, q.listOfOrders, orders);
  if (approvals.length === 0) return;
  const numbers = approvals.map(({ number }) => number);
  const listed = new Map((await allOf(session, q.listListed, numbers)).map((row) => [row.number, row]));
  const issuances = [...new Set(approvals.map(({ issuance_id: id }) => numberOf(id)))];
  const names = new Map((await allOf(session, q.listNames, issuances)).map((row) => [row.number, row.names_text]));
  const counts = new Map<string, Dimensions & { approvals: number }>();
  const count = ({ shelf, state, asks }: Dimensions, some: 1 | -1) => {
    const key = `${shelf} ${state} ${asks}`;
    const counted = counts.get(key) ?? { shelf, state, asks, approvals: 0 };
    counted.approvals += some;
    counts.set(key, counted);
  };
  for (const { number, account_id, dialect, state, asks, order_number, issuance_id } of approvals) {
    const namesText = names.get(numberOf(issuance_id)) ?? '';
    const row: ApprovalListingRow = {
      number,
      shelf: await termOf(shelfTerm(account_id, dialect)),
      state: approvalStateNumber(state),
      asks: asksNumber(asks),
      order_number,
      common_name: namesText.slice(1, namesText.indexOf(' ', 1)),
    };
    const before = listed.get(number);
    if (before !== undefined && columns.every((column) => before[column] === row[column])) continue;
    if (before !== undefined) count(before, -1);
    count(row, 1);
    session.write(q.put, row);
  }
  for (const counted of counts.values()) if (counted.approvals !== 0) session.write(q.count, counted);
}
