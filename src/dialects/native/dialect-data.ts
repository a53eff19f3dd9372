/**
 * The caller's reference of the order: its alternative reference, by which it is searched for. Orders of before keep it in the data of
 * their dialect.
 */
import type { Order } from '../../domain/order.ts';

export function orderReferenceOf({ alternativeReference, dialectData }: Order): string | null {
  if (alternativeReference !== null) return alternativeReference;
  const { nativeReference } = dialectData;
  return typeof nativeReference === 'string' ? nativeReference : null;
}
