/** Settings that several dialects have. */
import { z } from 'zod';
import { expecting } from './schema-errors.ts';
import { isUtcOffset } from './wire-time.ts';

/** Language of messages for the Chinese vendors. Undefined: the language of the dialect. */
export const languageSetting = z.enum(['zh', 'en']).optional().meta({
  description: 'Language of every message; Chinese by default, as the vendor wrote them.',
});

export const timeOffsetSetting = z
  .string()
  .refine(
    isUtcOffset,
    expecting({ en: 'must be an offset from UTC such as +08:00', zh: '必须是与 UTC 的时差，例如 +08:00' }),
  )
  .default('+08:00')
  .meta({ description: 'Offset from UTC of the times shown, which carry no zone. The vendor wrote China time.' });

export const domainSetting = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, expecting({ en: 'must be a domain name in lower case', zh: '必须是小写域名' }));

/** @param suffix the vendor's own, which its clients expect */
export function suffixSetting(suffix: string) {
  return domainSetting.default(suffix).meta({
    description: 'Name under which CNAME proofs point and which stands in proof files. Nothing is looked up there.',
  });
}
