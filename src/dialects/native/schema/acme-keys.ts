/** Keys by which ACME clients are bound to the account, and what those may do. */
import { z } from 'zod';
import { coverage } from './products.ts';
import { accountChoice, endpoint, reference, time } from './shapes.ts';

const profileName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** A limit on its clients. Null takes it away. */
const limits = {
  names: z.array(z.string().min(1).max(253)).min(1).max(1000).nullable().meta({
    description:
      'Domains, with all names below them, and addresses that its clients may order, within those of the account. Null: all of those.',
  }),
  profiles: z.array(profileName).max(100).nullable().meta({
    description:
      'Profiles of a directory that its clients may name; these also where they stand for another product than that of the key. Null: those that the directory offers for its product, or for every key.',
  }),
  defaultProfile: profileName.nullable().meta({
    description: 'The profile that its clients order when they name none. Null: the product of the key.',
  }),
  maxValidityDays: z.int().min(1).max(36_500).nullable().meta({
    description: 'The longest that its certificates last, in days, within what the product allows.',
  }),
  issuerId: z.string().min(1).max(100).nullable().meta({
    description: "Who issues its certificates. Null: the product's issuer. Only the operator sets it.",
  }),
  methods: z
    .array(z.enum(['httpFile', 'httpsFile', 'tlsAlpn', 'dnsCname', 'dnsTxt', 'dnsPersist', 'email']))
    .min(1)
    .nullable()
    .meta({
      description:
        'Methods by which its clients prove names: `httpFile` (http-01), `dnsTxt` (dns-01), `tlsAlpn` (tls-alpn-01), `dnsPersist` (dns-persist-01). Names that the account has proved before count only where they were proved by one of them. Null: every method of the product.',
    }),
  approval: z.enum(['account', 'automatic']).meta({
    description:
      "`account`: orders of its clients are approved by the account's rule. `automatic`: they need no approval. Where the account takes two steps or separates duties only the operator sets `automatic`, and changes such a key.",
  }),
  accounts: z.int().min(1).max(10_000).nullable().meta({
    description: 'ACME accounts that it binds, deactivated ones included. Null: as many as the directory allows.',
  }),
  addressRanges: z.array(z.string().min(1).max(100)).min(1).max(100).nullable().meta({
    description: 'Addresses and ranges (CIDR) from which requests of its clients are accepted. Null: from anywhere.',
  }),
  preAuthorized: z.array(z.string().min(1).max(253)).max(1000).nullable().meta({
    description:
      'Domains, with all names below them, for which proofs of the account serve that its own clients did not make: of managed domains, other clients, other APIs. An empty list: none. Null: for all names. A name without a proof is to be proved in any case.',
  }),
  expiresAt: time.nullable().meta({
    description:
      'It must have been used once by then (UTC, ISO 8601, in the future), or it binds nobody. Null: no end.',
  }),
} as const;

const name = z.string().min(1).max(255).meta({ description: 'Where it is used.' });

export const acmeKey = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    dialect: z.string().meta({ description: 'The API by which it was made: `native`, `digicert`.' }),
    keyId: z.string().meta({ description: 'What clients call the key id, or `kid`.' }),
    name: z.string(),
    productId: z.string(),
    productCode: z.string().meta({ description: 'As in the list of products.' }),
    organizationId: z.string().nullable(),
    coverage,
    ...limits,
    createdAt: time,
    revokedAt: time.nullable(),
  })
  .meta({ id: 'AcmeKey' });

export const acmeKeysApi = {
  list: endpoint({
    id: 'acmeKeys.list',
    method: 'GET',
    path: '/api/v1/acme-keys',
    summary: { en: 'List the keys of ACME clients, newest first', zh: 'ACME 密钥列表（新的在前）' },
    request: z.strictObject({
      account: reference('account').exactOptional().meta({
        description: "Id or number. Default: the caller's own; an operator names one.",
      }),
    }),
    response: z.object({ items: z.array(acmeKey) }),
  }),
  create: endpoint({
    id: 'acmeKeys.create',
    method: 'POST',
    path: '/api/v1/acme-keys',
    summary: { en: 'Create a key for ACME clients; it is shown this once', zh: '创建 ACME 密钥（仅显示一次）' },
    status: 201,
    request: z.strictObject({
      account: accountChoice,
      name,
      productCode: z
        .string()
        .min(1)
        .max(100)
        .meta({ description: 'What its clients order: `tls-dv` or another from the list of products.' }),
      organization: reference('organization').nullable().default(null),
      coverage: coverage
        .nullable()
        .default(null)
        .meta({ description: 'Of each order. Null: one period of the product.' }),
      names: limits.names.default(null),
      profiles: limits.profiles.default(null),
      defaultProfile: limits.defaultProfile.default(null),
      maxValidityDays: limits.maxValidityDays.default(null),
      issuerId: limits.issuerId.default(null),
      methods: limits.methods.default(null),
      approval: limits.approval.default('account'),
      accounts: limits.accounts.default(null),
      addressRanges: limits.addressRanges.default(null),
      preAuthorized: limits.preAuthorized.default(null),
      expiresAt: limits.expiresAt.default(null),
    }),
    response: z
      .object({
        key: acmeKey,
        directoryUrl: z.string(),
        hmacKey: z.string().meta({ description: 'base64url, 32 bytes. Kept nowhere: note it now.' }),
      })
      .meta({ id: 'CreatedAcmeKey' }),
  }),
  show: endpoint({
    id: 'acmeKeys.show',
    method: 'GET',
    path: '/api/v1/acme-keys/:key',
    summary: { en: 'Show a key of ACME clients', zh: 'ACME 密钥详情' },
    request: z.strictObject({ key: reference('key') }),
    response: acmeKey,
  }),
  change: endpoint({
    id: 'acmeKeys.change',
    method: 'PATCH',
    path: '/api/v1/acme-keys/:key',
    summary: {
      en: 'Change what the clients of a key may do, from now on and for what they have not got yet',
      zh: '修改 ACME 密钥的使用限制（立即生效，包括尚未签发的订单）',
    },
    request: z.strictObject({
      key: reference('key'),
      name: name.exactOptional(),
      names: limits.names.exactOptional(),
      profiles: limits.profiles.exactOptional(),
      defaultProfile: limits.defaultProfile.exactOptional(),
      maxValidityDays: limits.maxValidityDays.exactOptional(),
      issuerId: limits.issuerId.exactOptional(),
      methods: limits.methods.exactOptional(),
      approval: limits.approval.exactOptional(),
      accounts: limits.accounts.exactOptional(),
      addressRanges: limits.addressRanges.exactOptional(),
      preAuthorized: limits.preAuthorized.exactOptional(),
      expiresAt: limits.expiresAt.exactOptional(),
    }),
    response: acmeKey,
  }),
  revoke: endpoint({
    id: 'acmeKeys.revoke',
    method: 'POST',
    path: '/api/v1/acme-keys/:key/revoke',
    summary: { en: 'Revoke a key: its clients order nothing any more', zh: '吊销 ACME 密钥：其客户端不能再下单' },
    request: z.strictObject({ key: reference('key') }),
    response: acmeKey,
  }),
} as const;
