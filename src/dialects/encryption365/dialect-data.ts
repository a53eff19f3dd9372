/** What only this dialect knows of an order: the newest `unique_id` that a client made. One of ours is not kept here. */
import { z } from 'zod';
import type { Order } from '../../domain/order.ts';

const dialectDataSchema = z.object({ sentUniqueId: z.string().optional() });

export type DialectData = z.output<typeof dialectDataSchema>;

export function dialectDataOf({ dialectData }: Pick<Order, 'dialectData'>): DialectData {
  return dialectDataSchema.parse(dialectData);
}

/** What is kept of the `unique_id` that came with an order or a reissue. */
export function uniqueIdData(sent: string | null | undefined): DialectData {
  return sent == null ? {} : { sentUniqueId: sent };
}
