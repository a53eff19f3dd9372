/** What this dialect keeps with an order for itself. */
import { z } from 'zod';

export const dialectDataSchema = z.object({
  /** Of the account's key, when the order was made. */
  thumbprint: z.string(),
  /** As the client sent them, to be sent back. */
  notBefore: z.string().optional(),
  notAfter: z.string().optional(),
  replaces: z.string().optional(),
  /** Where dns-persist-01 is offered: what its records must say. */
  persist: z
    .object({
      issuers: z.array(z.string()).readonly(),
      accountUrl: z.string(),
      hashPrefix: z.string(),
      /** Of the keys that the account has had before, the newest first. */
      formerThumbprints: z.array(z.string()).readonly(),
    })
    .optional(),
});

export type DialectData = z.output<typeof dialectDataSchema>;

export function readDialectData(data: Readonly<Record<string, unknown>>): DialectData {
  return dialectDataSchema.parse(data);
}
