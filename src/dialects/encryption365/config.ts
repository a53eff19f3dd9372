/** The dialect's section of the configuration. */
import { z } from 'zod';
import { languageSetting, suffixSetting, timeOffsetSetting } from '../kit/config.ts';
import { expecting } from '../kit/schema-errors.ts';

export const configSchema = z.strictObject({
  language: languageSetting,
  suffix: suffixSetting('comodoca.com'),
  timeOffset: timeOffsetSetting,
  registration: z
    .union([
      z.literal('closed', {
        error: expecting({
          en: 'must be closed, or a section with an authcode',
          zh: '必须是 closed，或包含 authcode 的一组设置',
        }),
      }),
      z.strictObject({
        authcode: z.string().trim().min(12).max(200).meta({
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
