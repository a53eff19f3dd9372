/**
 * What the caller called the order. The order belongs to the dialect of its product, and so does this data: the key says that
 * it is ours.
 */
import type { Order } from '../../domain/order.ts';

export function dialectDataFromWire(reference: string | undefined): Order['extension'] {
  return reference === undefined ? {} : { nativeReference: reference };
}

export function orderReferenceOf({ extension }: Order): string | null {
  const { nativeReference } = extension;
  return typeof nativeReference === 'string' ? nativeReference : null;
}
