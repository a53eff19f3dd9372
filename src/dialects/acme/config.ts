/** The dialect's section of the configuration: its directories. */
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });

const directory = z.strictObject({
  keysOf: z.array(z.string().min(1)).min(1).meta({
    description: 'The front doors whose external account keys bind accounts here.',
  }),
  accountsPerKey: z.int().min(1).max(10_000).default(100).meta({
    description: 'ACME accounts that one external account key may bind, deactivated ones included.',
  }),
  termsOfService: url
    .optional()
    .meta({ description: 'URL of the terms that a client must agree to; none by default.' }),
  website: url.optional().meta({ description: 'URL of a page about this service.' }),
  approvalDays: z.int().min(0).max(90).default(7).meta({
    description:
      'Days for which an approval lets one more order of the same ACME account, names and product through: clients give up waiting and come back with a new key. 0: never.',
  }),
  caaIdentities: z.array(z.string().min(1)).max(10).default([]).meta({
    description: 'The domain names by which CAA records name this service.',
  }),
});

export type Directory = z.output<typeof directory>;

const shipped = {
  default: { keysOf: ['native'] },
  digicert: { keysOf: ['digicert'] },
};

export const configSchema = z.strictObject({
  directories: z
    .record(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/), directory)
    .prefault(shipped)
    .meta({ description: 'By the name that stands in their URLs: `/acme/<name>/directory`.' }),
});

export type AcmeConfig = z.output<typeof configSchema>;
