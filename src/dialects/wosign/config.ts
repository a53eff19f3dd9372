/** The dialect's section of the configuration. */
import { z } from 'zod';
import { languageSetting } from '../kit/config.ts';

export const configSchema = z.strictObject({
  language: languageSetting.meta({ description: 'Language of the words in `other_msg`; Chinese by default.' }),
  statusAs: z.enum(['string', 'integer']).default('string').meta({
    description: "How `status` is written. The table of the vendor's document says int, all its samples show strings.",
  }),
});

export type WosignConfig = z.output<typeof configSchema>;
