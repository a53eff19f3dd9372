/** Data of an order that only this dialect knows: the signfile of its key, which itself is kept only as a hash. */
import { z } from 'zod';
import type { Order } from '../../domain/order.ts';
import { type CustomerKey, signfileOf } from './proofs.ts';

const dialectDataSchema = z.object({ signfile: z.string() });

export type DialectData = z.output<typeof dialectDataSchema>;

export function dialectDataOf({ dialectData }: Pick<Order, 'dialectData'>): DialectData {
  return dialectDataSchema.parse(dialectData);
}

export function signfileData(key: CustomerKey): DialectData {
  return { signfile: signfileOf(key) };
}
