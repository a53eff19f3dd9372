/** Keys by which ACME clients are bound to the account. */
import { z } from 'zod';
import { coverage } from './products.ts';
import { accountChoice, endpoint, reference, time } from './shapes.ts';

export const acmeKey = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    keyId: z.string().meta({ description: 'What clients call the key id, or `kid`.' }),
    name: z.string(),
    productId: z.string(),
    organizationId: z.string().nullable(),
    coverage,
    createdAt: time,
    revokedAt: time.nullable(),
  })
  .meta({ id: 'AcmeKey' });

export const acmeKeysApi = {
  list: endpoint({
    id: 'acmeKeys.list',
    method: 'GET',
    path: '/api/v1/acme-keys',
    summary: { en: 'List the keys of ACME clients', zh: 'ACME 密钥列表' },
    request: z.strictObject({}),
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
      name: z.string().min(1).max(255).meta({ description: 'Where it is used.' }),
      productCode: z
        .string()
        .min(1)
        .max(100)
        .meta({ description: 'What its clients order: `dialect:code`, from the list of products.' }),
      organization: reference('organization').nullable().default(null),
      coverage: coverage
        .nullable()
        .default(null)
        .meta({ description: 'Of each order. Null: one period of the product.' }),
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
  revoke: endpoint({
    id: 'acmeKeys.revoke',
    method: 'POST',
    path: '/api/v1/acme-keys/:key/revoke',
    summary: { en: 'Revoke a key: its clients order nothing any more', zh: '吊销 ACME 密钥：其客户端不能再下单' },
    request: z.strictObject({ key: reference('key') }),
    response: acmeKey,
  }),
} as const;
