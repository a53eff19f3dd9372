/** Data of an order that only this dialect knows: the signfile of its key, which itself is kept only as a hash. */
import { z } from 'zod';
import type { Order } from '../../domain/order.ts';
import { type CustomerKey, signfileOf } from './proofs.ts';

/** What the file holds is hex. An order keeps the bytes in base64, a third shorter. */
const dialectDataSchema = z.object({ signfile: z.base64() });

export type DialectData = z.output<typeof dialectDataSchema>;

/** @returns what the file has to hold */
export function storedSignfile({ dialectData }: Pick<Order, 'dialectData'>): string {
  return Uint8Array.fromBase64(dialectDataSchema.parse(dialectData).signfile).toHex();
}

export function signfileData(key: CustomerKey): DialectData {
  return { signfile: Uint8Array.fromHex(signfileOf(key)).toBase64() };
}
