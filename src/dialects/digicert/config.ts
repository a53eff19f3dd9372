/** The dialect's section of the configuration. */
import { z } from 'zod';
import { domainSetting } from '../kit/config.ts';
import { expecting } from '../kit/schema-errors.ts';

const limit = (requests: number, window: string) =>
  z
    .int()
    .min(1)
    .max(1_000_000)
    .default(requests)
    .meta({ description: `Requests of one key in ${window}.` });

export const configSchema = z.strictObject({
  language: z.enum(['zh', 'en']).optional().meta({ description: 'Language of every message; English by default.' }),
  requestLimits: z
    .union([
      z.literal('off', {
        error: expecting({
          en: 'must be off, or a section with per5Seconds and per5Minutes',
          zh: '必须是 off，或包含 per5Seconds 和 per5Minutes 的一组设置',
        }),
      }),
      z.strictObject({ per5Seconds: limit(100, 'five seconds'), per5Minutes: limit(1000, 'five minutes') }),
    ])
    .default({ per5Seconds: 100, per5Minutes: 1000 })
    .meta({
      description:
        'How many requests one key may send in five seconds and in five minutes; what is more is answered with 429. The defaults are those of the vendor. `off`: as many as it likes.',
    }),
  answerWithinMs: z.int().min(0).max(60_000).default(5000).meta({
    description:
      'How long an order whose names are all proved may be waited for, so that its certificate is in the answer. 0: never.',
  }),
  cnameTarget: domainSetting
    .default('dcv.digicert.com')
    .meta({ description: 'Where CNAME proofs point. Nothing is looked up there.' }),
  plainWebhooks: z.boolean().default(false).meta({
    description:
      'Whether webhooks may be told over `http:` as well, for receivers inside your own network. The vendor takes `https:` only.',
  }),
  revocationStatus: z.enum(['submitted', 'pending']).default('submitted').meta({
    description:
      'What a revocation that was not to skip its approval is answered with: known clients need `submitted`, the vendor writes `pending`.',
  }),
});

export type DigicertConfig = z.output<typeof configSchema>;
