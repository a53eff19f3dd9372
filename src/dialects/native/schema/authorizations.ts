/** Authorizations: which names an account controls, and until when. */
import { z } from 'zod';
import { nameFields } from './orders.ts';
import { countedPageRequest, endpoint, pageOf, reference, time } from './shapes.ts';

const authorization = z
  .object({
    id: z.string(),
    accountId: z.string(),
    ...nameFields,
    expiresAt: time.nullable().meta({
      description: 'Of a valid one, its end; of a pending one, the last moment at which a proof is looked for.',
    }),
    createdAt: time,
  })
  .meta({ id: 'Authorization' });

const path = '/api/v1/authorizations/:authorization';
const named = z.strictObject({
  authorization: z.string().min(1).max(200).meta({ description: 'Id of the authorization.' }),
});

export const authorizationsApi = {
  list: endpoint({
    id: 'authorizations.list',
    method: 'GET',
    path: '/api/v1/authorizations',
    summary: { en: 'List what the account has proved, by name', zh: '域名授权列表（按域名排序）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      order: reference('order')
        .optional()
        .meta({ description: 'Id or number: those of its newest issuance, in any state. Without it: the valid ones.' }),
    }),
    response: pageOf(authorization),
  }),
  show: endpoint({
    id: 'authorizations.show',
    method: 'GET',
    path,
    summary: { en: 'Show an authorization with its challenges', zh: '域名授权详情（含验证方式）' },
    request: named,
    response: authorization,
  }),
  deactivate: endpoint({
    id: 'authorizations.deactivate',
    method: 'POST',
    path: `${path}/deactivate`,
    summary: { en: 'Deactivate it: it proves nothing any more', zh: '停用域名授权（不再作为控制权证明）' },
    request: named,
    response: authorization,
  }),
} as const;
