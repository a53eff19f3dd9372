/** The dialect's section of the configuration. */
import { z } from 'zod';
import { languageSetting, suffixSetting, timeOffsetSetting } from '../kit/config.ts';

export const configSchema = z.strictObject({
  language: languageSetting,
  suffix: suffixSetting('sectigo.com'),
  timeOffset: timeOffsetSetting,
  certificateDays: z.int().min(1).max(397).default(199).meta({
    description:
      'Days that one certificate is valid for. An order of several years is served by one after the other, each issued before the last ends.',
  }),
  generatedKey: z
    .enum(['rsa', 'P-256'])
    .default('rsa')
    .meta({ description: 'The kind of key that is made for orders without a CSR: RSA of 2048 bits, or P-256.' }),
  pkcs12: z.enum(['aes', '3des']).default('aes').meta({
    description:
      'Encryption of the PKCS#12 files of `collect`: AES-256 under SHA-256, or the old form, 3DES under SHA-1, for customers whose Windows is older than 10 (1709) and Server 2019.',
  }),
});

export type RacentConfig = z.output<typeof configSchema>;
