/** The dialect's section of the configuration: its directories. */
import { z } from 'zod';
import { expecting } from '../kit/schema-errors.ts';

const url = z.url({ protocol: /^https?$/ });

const product = z.string().regex(
  /^([a-z0-9-]+:.+|[a-z0-9-]+)$/,
  expecting({
    en: 'must be the code of a product, like tls-dv or encryption365:100',
    zh: '必须是产品代码，例如 tls-dv 或 encryption365:100',
  }),
);

/** RFC 8659 §4.2; in the one form in which clients compare it (draft-ietf-acme-dns-persist §3.1). */
const issuerName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*$/,
    expecting({
      en: 'write a domain name in lower case, A-labels for what is not ASCII, without a dot at its end',
      zh: '必须是小写域名，国际化域名使用 xn-- 形式，末尾不带点',
    }),
  );

const open = z.strictObject({
  account: z.string().min(1).meta({ description: 'The account, by number or id, that everybody orders for.' }),
  product: product.meta({ description: 'What everybody orders: `tls-dv`, or `front door:code`.' }),
});

const profile = z.strictObject({
  product: product.meta({ description: 'The product that is ordered by this name: `tls-dv`, or `front door:code`.' }),
  description: z.string().min(1).meta({ description: 'A short text, or the URL of a page, that clients show.' }),
  isForEveryKey: z.boolean().default(false).meta({
    description:
      'True: accounts bound by an external account key of another product may order it as well. Otherwise the key must name the profile.',
  }),
});

const rate = z.strictObject({
  count: z.int().min(1).max(1_000_000).meta({ description: 'So many at once, and as many again over the whole time.' }),
  seconds: z.int().min(1).max(31_536_000).meta({ description: 'The time.' }),
});

export type Rate = z.output<typeof rate>;

const limits = z.strictObject({
  requestsPerAddress: rate.optional().meta({ description: 'Requests from one address; more are answered with 503.' }),
  newAccountsPerAddress: rate.optional().meta({ description: 'ACME accounts made from one address.' }),
  newOrdersPerAccount: rate.optional().meta({ description: 'Orders made by one ACME account.' }),
  failedValidationsPerName: rate
    .optional()
    .meta({ description: 'Checks of one name that one ACME account asked for and that proved nothing.' }),
  certificatesPerNames: rate
    .optional()
    .meta({ description: 'Orders of an account that were finalized for exactly the same names.' }),
});

export type LimitName = keyof z.output<typeof limits>;

const directory = z
  .strictObject({
    keysOf: z.array(z.string().min(1)).default([]).meta({
      description: 'The front doors whose external account keys bind accounts here.',
    }),
    open: open.optional().meta({
      description:
        'Set where no external account key is needed: everybody who reaches this server orders for one account. For private networks only.',
    }),
    accountsPerKey: z.int().min(1).max(10_000).default(100).meta({
      description:
        'ACME accounts that one external account key may bind, deactivated ones included; a key may say fewer.',
    }),
    profiles: z
      .record(
        z.string().regex(
          /^[a-z0-9][a-z0-9-]{0,62}$/,
          expecting({
            en: 'must be a name of 1 to 63 lower-case letters, digits and hyphens',
            zh: '必须是 1 至 63 个小写字母、数字或连字符组成的名称',
          }),
        ),
        profile,
      )
      .default({})
      .meta({
        description: 'The profiles that a client may order by name, besides what its external account key names.',
      }),
    preAuthorization: z.boolean().default(false).meta({
      description: 'True: clients may prove names before they order them (newAuthz). No public CA offers it.',
    }),
    termsOfService: url.optional().meta({
      description:
        'URL of the terms that a client must agree to; none by default. With another URL every account must agree again before its next order.',
    }),
    website: url.optional().meta({ description: 'URL of a page about this service.' }),
    caaIdentities: z.array(issuerName).max(10).default([]).meta({
      description: 'The domain names by which CAA records, and those of dns-persist-01, name this service.',
    }),
    dnsPersist: z.boolean().default(false).meta({
      description:
        'True: names may be proved by a TXT record that stays for good (dns-persist-01), with one of the caaIdentities.',
    }),
    approvalDays: z.int().min(0).max(90).default(7).meta({
      description:
        'Days for which an approval lets one more order of the same ACME account, names and product through: clients give up waiting and come back with a new key. 0: never.',
    }),
    limits: limits.default({}).meta({ description: 'Limits in this directory; none by default.' }),
  })
  .refine(({ keysOf, open }) => keysOf.length > 0 || open !== undefined, {
    path: ['keysOf'],
    message: expecting({ en: 'name a front door here, or set open', zh: '请在此填写前端接口，或设置 open' }),
  })
  .refine(({ dnsPersist, caaIdentities }) => !dnsPersist || caaIdentities.length > 0, {
    path: ['caaIdentities'],
    message: expecting({
      en: 'dnsPersist needs a name here: the records of dns-persist-01 begin with it',
      zh: 'dnsPersist 需要在此填写一个域名：dns-persist-01 记录以它开头',
    }),
  });

export type Directory = z.output<typeof directory>;

const shipped = {
  default: { keysOf: ['native'] },
  digicert: { keysOf: ['digicert'] },
};

export const configSchema = z.strictObject({
  directories: z
    .record(
      z.string().regex(
        /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/,
        expecting({
          en: 'must be a name of 1 to 32 lower-case letters, digits and hyphens',
          zh: '必须是 1 至 32 个小写字母、数字或连字符组成的名称',
        }),
      ),
      directory,
    )
    .prefault(shipped)
    .meta({ description: 'By the name that stands in their URLs: `/acme/<name>/directory`.' }),
});

export type AcmeConfig = z.output<typeof configSchema>;
