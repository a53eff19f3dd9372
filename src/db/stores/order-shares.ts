/** Links that show an order. */
import type { OrderId, OrderShareId } from '../../domain/ids.ts';
import { mostShares } from '../../domain/order-share.ts';
import type { OrderShareStore } from '../../domain/ports/stores/order-shares.ts';
import type { RowOf } from '../codec.ts';
import { pick, statement } from '../prepared.ts';
import { orderShares } from '../rows/order-shares.ts';
import type { Session } from '../session.ts';

export const orderShareStatements = {
  insert: statement((db, p: RowOf<typeof orderShares>) =>
    db.insertInto('order_shares').values(pick(p, orderShares.columns)),
  ),
  getByTokenHash: statement((db, p: { tokenHash: Uint8Array }) =>
    db.selectFrom('order_shares').selectAll().where('token_hash', '=', p.tokenHash),
  ),
  listOfOrder: statement((db, p: { orderId: OrderId; now: number }) =>
    db
      .selectFrom('order_shares')
      .selectAll()
      .where('order_id', '=', p.orderId)
      .where('expires_at', '>', p.now)
      .orderBy('expires_at', 'desc')
      .limit(mostShares),
  ),
  remove: statement((db, p: { id: OrderShareId }) => db.deleteFrom('order_shares').where('id', '=', p.id)),
  purge: statement((db, p: { now: number; limit: number }) =>
    db
      .deleteFrom('order_shares')
      .where('id', 'in', (row) =>
        row
          .selectFrom('order_shares as over')
          .select('over.id')
          .where('over.expires_at', '<=', p.now)
          .orderBy('over.expires_at')
          .limit(p.limit),
      ),
  ),
};

export function createOrderShareStore(session: Session): OrderShareStore {
  const q = orderShareStatements;
  return {
    async insert(share) {
      session.write(q.insert, orderShares.toRow(share));
    },
    async getByTokenHash(tokenHash) {
      const row = await session.first(q.getByTokenHash, { tokenHash });
      return row && orderShares.fromRow(row);
    },
    async listOfOrder(orderId, now) {
      return (await session.all(q.listOfOrder, { orderId, now: now.getTime() })).map(orderShares.fromRow);
    },
    async remove(id) {
      return (await session.run(q.remove, { id })) === 1;
    },
    async purge(now, limit) {
      return session.run(q.purge, { now: now.getTime(), limit });
    },
  };
}
