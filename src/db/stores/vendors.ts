/** What is bought of vendors, and what it costs. */
import type { IssuanceId } from '../../domain/ids.ts';
import type { UpstreamCostStore, VendorOrderStore } from '../../domain/ports/stores/vendors.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import { insertStatement } from '../numbered.ts';
import { pick, statement } from '../prepared.ts';
import { upstreamCosts, type VendorOrderRow, vendorOrders } from '../rows/vendors.ts';
import type { Session } from '../session.ts';

export const vendorStatements = {
  getOrder: statement((db, p: { id: IssuanceId }) =>
    db.selectFrom('vendor_orders').selectAll().where('issuance_id', '=', p.id),
  ),
  putOrder: statement((db, p: VendorOrderRow) =>
    db
      .insertInto('vendor_orders')
      .values(pick(p, vendorOrders.columns))
      .onConflict((conflict) => conflict.column('issuance_id').doUpdateSet(pick(p, vendorOrders.columns))),
  ),
  listOrders: statement((db, p: { account: string; number: string; limit: number }) =>
    db
      .selectFrom('vendor_orders')
      .selectAll()
      .where('account', '=', p.account)
      .where('vendor_number', '=', p.number)
      .orderBy('issuance_id', 'desc')
      .limit(p.limit),
  ),
  listSentSince: statement((db, p: { account: string; since: number; limit: number }) =>
    db
      .selectFrom('vendor_orders')
      .selectAll()
      .where('account', '=', p.account)
      .where('sent_at', '>=', p.since)
      .orderBy('sent_at', 'desc')
      .limit(p.limit),
  ),
  insertCost: insertStatement(upstreamCosts),
  listCosts: statement((db, p: { issuanceId: IssuanceId }) =>
    db.selectFrom('upstream_costs').selectAll().where('issuance_id', '=', p.issuanceId).orderBy('kind').limit(2),
  ),
  sumCosts: statement((db, p: { from: number; until: number; limit: number }) =>
    db
      .selectFrom('upstream_costs')
      .select((row) => [
        'account',
        'product_id',
        'currency',
        'kind',
        row.fn.sum<number>('amount_minor').as('amount_minor'),
        row.fn.countAll<number>().as('lines'),
      ])
      .where('at', '>=', p.from)
      .where('at', '<', p.until)
      .groupBy(['account', 'product_id', 'currency', 'kind'])
      .orderBy('account')
      .orderBy('product_id')
      .limit(p.limit),
  ),
};

const q = vendorStatements;

export function createVendorOrderStore(session: Session): VendorOrderStore {
  return {
    async get(id) {
      const row = await session.first(q.getOrder, { id });
      return row && vendorOrders.fromRow(row);
    },
    async replace(before, order) {
      const row = await session.first(q.getOrder, { id: order.issuanceId });
      if (!isAtSameStep(row && vendorOrders.fromRow(row), before)) return false;
      session.write(q.putOrder, vendorOrders.toRow(order));
      return true;
    },
    async listSentSince(account, since, limit) {
      const rows = await session.all(q.listSentSince, { account, since: since.getTime(), limit });
      return rows.map(vendorOrders.fromRow);
    },
    async listByNumber(account, number, limit) {
      return (await session.all(q.listOrders, { account, number, limit })).map(vendorOrders.fromRow);
    },
  };
}

/** A purchase that was sent again is another step: it has another time. */
function isAtSameStep(kept: VendorOrder | undefined, before: VendorOrder | undefined): boolean {
  if (kept === undefined || before === undefined) return kept === before;
  return (
    kept.step === before.step &&
    kept.issuerId === before.issuerId &&
    kept.sentAt?.getTime() === before.sentAt?.getTime() &&
    kept.reference?.order === before.reference?.order
  );
}

export function createUpstreamCostStore(session: Session): UpstreamCostStore {
  return {
    async put(cost) {
      const { issuanceId, kind } = cost;
      const lines = await session.all(q.listCosts, { issuanceId });
      if (!lines.some((line) => line.kind === kind)) session.write(q.insertCost, upstreamCosts.toRow(cost));
    },
    async listOf(issuanceId) {
      return (await session.all(q.listCosts, { issuanceId })).map(upstreamCosts.fromRow);
    },
    async sums({ from, until }, limit) {
      const rows = await session.all(q.sumCosts, { from: from.getTime(), until: until.getTime(), limit });
      return rows.map(({ account, product_id, currency, kind, amount_minor, lines }) => ({
        account,
        productId: product_id,
        currency,
        kind,
        amountMinor: Number(amount_minor),
        lines: Number(lines),
      }));
    },
  };
}
