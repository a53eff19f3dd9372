/** Store of the links that show an order. The contract of every store is in `stores.ts`. */
import type { OrderId, OrderShareId } from '../../ids.ts';
import type { OrderShare } from '../../order-share.ts';

export interface OrderShareStore {
  insert(share: OrderShare): Promise<void>;
  getByTokenHash(tokenHash: Uint8Array): Promise<OrderShare | undefined>;
  /** Those of the order that last beyond `now`, newest first; at most `mostShares`. */
  listOfOrder(orderId: OrderId, now: Date): Promise<readonly OrderShare[]>;
  /** @returns whether it was there */
  remove(id: OrderShareId): Promise<boolean>;
  /** Removes up to `limit` that are over. */
  purge(now: Date, limit: number): Promise<number>;
}
