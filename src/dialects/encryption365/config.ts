/** The dialect's section of the configuration. */
import { z } from 'zod';
import { isUtcOffset } from '../kit/wire-time.ts';

export const configSchema = z.strictObject({
  language: z.enum(['zh', 'en']).optional().meta({
    description: 'Language of every message; Chinese unless told, as the vendor wrote them.',
  }),
  suffix: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a lower-case domain name')
    .default('comodoca.com')
    .meta({
      description: 'Name under which CNAME proofs point and which stands in proof files. Nothing is looked up there.',
    }),
  timeOffset: z
    .string()
    .refine(isUtcOffset, 'an offset from UTC such as +08:00')
    .default('+08:00')
    .meta({ description: 'Offset from UTC of the times shown, which carry no zone. The vendor wrote China time.' }),
  registration: z.literal('closed').default('closed').meta({
    description: 'Whether strangers may register accounts. Only `closed` is offered: the operator makes accounts.',
  }),
});

export type Encryption365Config = z.output<typeof configSchema>;
