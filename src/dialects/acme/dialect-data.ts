/** What this dialect keeps with an order for itself. */
import { z } from 'zod';

export const dialectDataSchema = z.object({
  /** Of the account's key, when the order was made. */
  thumbprint: z.string(),
  /** As the client sent them, to be sent back. */
  notBefore: z.string().optional(),
  notAfter: z.string().optional(),
  replaces: z.string().optional(),
});

export type DialectData = z.output<typeof dialectDataSchema>;

export function readDialectData(data: Readonly<Record<string, unknown>>): DialectData {
  return dialectDataSchema.parse(data);
}
