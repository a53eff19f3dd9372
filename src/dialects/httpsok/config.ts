/** The dialect's section of the configuration. */
import { z } from 'zod';
import { isUtcOffset } from '../kit/wire-time.ts';

export const configSchema = z.strictObject({
  language: z.enum(['zh', 'en']).optional().meta({
    description: 'Language of every message; Chinese by default, as the vendor wrote them.',
  }),
  aliasZone: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a lower-case domain name')
    .default('httpsok.com')
    .meta({
      description:
        "Name under which the aliases of `_acme-challenge` lie: customers' CNAME records point there, so set it before the first and never change it.",
    }),
  issuers: z
    .partialRecord(z.enum(['google', 'letsencrypt', 'zerossl']), z.string().min(1))
    .default({})
    .meta({ description: 'The issuer that serves each value of `ca`, by its name; `embedded` where none is given.' }),
  defaultCa: z.enum(['google', 'letsencrypt', 'zerossl']).default('google').meta({
    description: 'The `ca` of requests that name none.',
  }),
  timeOffset: z
    .string()
    .refine(isUtcOffset, 'an offset from UTC such as +08:00')
    .default('+08:00')
    .meta({ description: 'Offset from UTC of the times shown, which carry no zone.' }),
});

export type HttpsokConfig = z.output<typeof configSchema>;
