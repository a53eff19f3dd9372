/** The dialect's section of the configuration. */
import { z } from 'zod';
import { domainSetting, languageSetting, timeOffsetSetting } from '../kit/config.ts';

export const configSchema = z.strictObject({
  language: languageSetting,
  aliasZone: domainSetting.default('httpsok.com').meta({
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
  timeOffset: timeOffsetSetting,
});

export type HttpsokConfig = z.output<typeof configSchema>;
