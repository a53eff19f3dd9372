/** Data of an order that only this dialect knows: the newest `unique_id` that a client made. One of ours is not kept here. */
import { z } from 'zod';
import type { Order } from '../../domain/order.ts';

const dialectDataSchema = z.object({ sentUniqueId: z.string().optional() });

export type DialectData = z.output<typeof dialectDataSchema>;

export function dialectDataOf({ dialectData }: Pick<Order, 'dialectData'>): DialectData {
  return dialectDataSchema.parse(dialectData);
}

/** The `unique_id` of an order or a reissue, as it is kept. */
export function uniqueIdData(sent: string | null | undefined): DialectData {
  return sent == null ? {} : { sentUniqueId: sent };
}
