/** What only its front door knows of an order, after a change to it. */
import type { Order } from '../domain/order.ts';
import type { ExtensionChange } from '../domain/platform.ts';

/** @param current read under the order's lock, so that no change is lost between two that come together */
export function extensionAfter(change: ExtensionChange | undefined, current: Order['extension']): Order['extension'] {
  if (change === undefined) return current;
  return typeof change === 'function' ? change(current) : change;
}
