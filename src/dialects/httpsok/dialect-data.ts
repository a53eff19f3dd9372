/** Data of an order that only this dialect knows and must return. Read tolerantly: an older version's must stay readable. */
import { z } from 'zod';
import type { Order } from '../../domain/order.ts';

const schema = z.object({
  algorithm: z.string().catch(''),
  ca: z.string().catch(''),
  /** Code of the certificate, in an order that the nginx agent placed. */
  agentCode: z.string().optional().catch(undefined),
});

export type DialectData = z.output<typeof schema>;

export function dialectDataOf({ dialectData }: Pick<Order, 'dialectData'>): DialectData {
  return schema.parse(dialectData);
}
