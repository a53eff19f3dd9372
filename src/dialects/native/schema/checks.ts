/** The history of checks: what was looked for to prove a name, and what was found. */
import { z } from 'zod';
import { check, nameFields, shownMethods } from './orders.ts';
import { countedPageRequest, endpoint, pageOf, reference, time } from './shapes.ts';

const checkRecord = check
  .extend({
    method: shownMethods,
    count: z
      .int()
      .meta({ description: 'How many looks found the same; the times are those of the first and the newest.' }),
    firstAt: time,
    node: z.string().nullable().meta({ description: 'The process that looked; for operators only.' }),
    usableUntil: time.nullable().meta({
      description:
        'Of a check that proved the name: how long orders may rely on it. It is kept until their certificates are over.',
    }),
  })
  .meta({ id: 'CheckRecord', description: 'Looks for a proof that found the same.' });

const nameChecks = z
  .object({
    name: nameFields.name,
    authorizationId: z.string(),
    state: nameFields.state,
    checks: z.array(checkRecord).meta({ description: 'Newest first.' }),
  })
  .meta({ id: 'NameChecks' });

/** The same with a row for each check, as `certmux order checks` writes them. */
export const checksOfNames = {
  response: pageOf(checkRecord.extend({ name: nameFields.name, authorizationId: z.string() })),
};

export const checksApi = {
  ofOrder: endpoint({
    id: 'checks.ofOrder',
    method: 'GET',
    path: '/api/v1/orders/:order/checks',
    summary: { en: 'The history of checks of the names of an order', zh: '订单各域名的验证检查记录' },
    request: z.strictObject({ ...countedPageRequest.shape, order: reference('order') }),
    response: pageOf(nameChecks),
  }),
  ofAuthorization: endpoint({
    id: 'checks.ofAuthorization',
    method: 'GET',
    path: '/api/v1/authorizations/:authorization/checks',
    summary: { en: 'The history of checks of an authorization', zh: '域名授权的验证检查记录' },
    request: z.strictObject({
      authorization: z.string().min(1).max(200).meta({ description: 'Id of the authorization.' }),
    }),
    response: nameChecks,
  }),
} as const;
