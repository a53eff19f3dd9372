/**
 * The caller's reference of the order. The order belongs to the dialect of its product, and so does this data: the key says that
 * it is ours.
 */
import type { Order } from '../../domain/order.ts';

export function dialectDataFromWire(reference: string | undefined): Order['dialectData'] {
  return reference === undefined ? {} : { nativeReference: reference };
}

export function orderReferenceOf({ dialectData }: Order): string | null {
  const { nativeReference } = dialectData;
  return typeof nativeReference === 'string' ? nativeReference : null;
}
