/** The dialect's section of the configuration. */
import { z } from 'zod';
import type { AliasSetting } from '../../domain/delegation.ts';
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import { domainSetting, languageSetting, timeOffsetSetting } from '../kit/config.ts';

export const configSchema = z.strictObject({
  language: languageSetting,
  aliasZone: domainSetting.optional().meta({
    description:
      "Name under which the aliases of `_acme-challenge` lie: customers' CNAME records point there, so set it before the first and never change it. Default: `aliasZone.zone`, or `httpsok.com` where that is not set. Where both are set they must be the same.",
  }),
  issuers: z
    .partialRecord(z.enum(['google', 'letsencrypt', 'zerossl']), z.string().min(1))
    .default({})
    .meta({
      description:
        'The issuer that serves each value of `ca`, by its name; that of the product (`certmux product change --issuer`) where none is given.',
    }),
  defaultCa: z.enum(['google', 'letsencrypt', 'zerossl']).default('google').meta({
    description: 'The `ca` of requests that name none.',
  }),
  timeOffset: timeOffsetSetting,
});

export type HttpsokConfig = z.output<typeof configSchema>;

/** The vendor's own, which its clients expect. Nothing is looked up there. */
const vendorZone = 'httpsok.com';

/** The aliases of this front door: those of the whole service, where it has a zone for them. */
export function aliasOf({ config, secretFor, aliasZone }: DialectSetup): AliasSetting {
  const { aliasZone: own } = configSchema.parse(config ?? {});
  return { secret: secretFor('alias'), zone: own ?? aliasZone ?? vendorZone };
}
