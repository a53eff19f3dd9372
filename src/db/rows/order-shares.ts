/** Rows of the links that show an order. */
import type { OrderShare } from '../../domain/order-share.ts';
import { codecOf } from '../codec.ts';
import { blob, date, id, text } from '../fields.ts';

export const orderShares = codecOf<OrderShare>()('order_shares', {
  id: id('id', 'orderShare'),
  accountId: id('account_id', 'account'),
  orderId: id('order_id', 'order'),
  tokenHash: blob('token_hash'),
  createdBy: text('created_by'),
  createdAt: date('created_at'),
  expiresAt: date('expires_at'),
});
