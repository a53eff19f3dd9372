/**
 * `handle_id`: the order's own id under the vendor's prefix, so that there is nothing to keep and nothing to look up. It
 * opens nothing without the key of the order's account.
 */
import { isId, type OrderId } from '../../domain/ids.ts';

const handlePrefix = 'handle_';
const idPrefix = 'ord_';

export function handleOf(orderId: OrderId): string {
  return handlePrefix + orderId.slice(idPrefix.length);
}

/** Undefined for what no handle looks like. */
export function orderIdOf(handle: string): OrderId | undefined {
  const id = idPrefix + handle.slice(handlePrefix.length);
  return handle.startsWith(handlePrefix) && isId('order', id) ? id : undefined;
}
