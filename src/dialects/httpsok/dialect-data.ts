/** What only this dialect knows of an order, and must echo. Read tolerantly, since what an older version wrote must stay readable. */
import { z } from 'zod';
import type { Order } from '../../domain/order.ts';

const schema = z.object({
  algorithm: z.string().catch(''),
  ca: z.string().catch(''),
  /** Of an order that the nginx agent placed: which of its certificates this is. */
  agentCode: z.string().optional().catch(undefined),
});

export type DialectData = z.output<typeof schema>;

export function dialectDataOf({ dialectData }: Pick<Order, 'dialectData'>): DialectData {
  return schema.parse(dialectData);
}
