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
    .default('comodoca.com')
    .meta({
      description: 'Name under which CNAME proofs point and which stands in proof files. Nothing is looked up there.',
    }),
  timeOffset: z
    .string()
    .refine(isUtcOffset, 'an offset from UTC such as +08:00')
    .default('+08:00')
    .meta({ description: 'Offset from UTC of the times shown, which carry no zone. The vendor wrote China time.' }),
  registration: z
    .union([
      z.literal('closed', { error: 'must be closed, or a section with an authcode' }),
      z.strictObject({
        authcode: z
          .string()
          .trim()
          .min(12, 'must have at least 12 characters')
          .max(200, 'has over 200 characters')
          .meta({
            description:
              'A secret of at least 12 characters that you give to those who may register. Whoever knows it gets an account in CNY, without money. Change it to shut the door again.',
          }),
        perHour: z.int().min(1).max(10_000).default(60).meta({
          description: 'How many accounts may be registered in an hour. A restart begins a new hour.',
        }),
        perHourAndNetwork: z.int().min(1).max(10_000).default(5).meta({
          description: 'How many of them from one address, or from one /64 of IPv6.',
        }),
      }),
    ])
    .default('closed')
    .meta({
      description:
        'Who may register an account through `/account/register`. `closed`: nobody, the operator makes accounts.',
    }),
});

export type Encryption365Config = z.output<typeof configSchema>;
