/** The dialect's section of the configuration. */
import { z } from 'zod';
import { isUtcOffset } from '../kit/wire-time.ts';

export const configSchema = z.strictObject({
  language: z.enum(['zh', 'en']).optional().meta({
    description: 'Language of every message; Chinese by default, as the vendor wrote them.',
  }),
  suffix: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a lower-case domain name')
    .default('sectigo.com')
    .meta({
      description: 'Name under which CNAME proofs point and which stands in proof files. Nothing is looked up there.',
    }),
  timeOffset: z
    .string()
    .refine(isUtcOffset, 'an offset from UTC such as +08:00')
    .default('+08:00')
    .meta({ description: 'Offset from UTC of the times shown, which carry no zone. The vendor wrote China time.' }),
  certificateDays: z.int().min(1, 'must be at least 1').max(397, 'must be at most 397').default(199).meta({
    description:
      'Days that one certificate is valid for. An order of several years is served by one after the other, each issued before the last ends.',
  }),
  generatedKey: z
    .enum(['rsa', 'P-256'])
    .default('rsa')
    .meta({ description: 'The kind of key that is made for orders without a CSR: RSA of 2048 bits, or P-256.' }),
});

export type RacentConfig = z.output<typeof configSchema>;
