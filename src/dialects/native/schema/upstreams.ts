/** Upstreams, from which certificates are bought, and what waits there. For operators. */
import { z } from 'zod';
import { notedUpstreamStates, upstreamOrderStates } from '../../../domain/states.ts';
import { endpoint, nothing, pageOf, pageRequest, reference, time } from './shapes.ts';

const issuer = z
  .object({
    id: z.string(),
    deadlineHours: z.number().meta({ description: 'How long an order may take.' }),
    afterDeadline: z.enum(['fail', 'wait']).meta({
      description:
        '`fail`: it is cancelled, and the customer refunded. `wait`: it is asked on, and the operator decides.',
    }),
    concurrency: z.int().meta({ description: 'Calls at the same time.' }),
    budgets: z
      .array(
        z.object({
          name: z.string(),
          counts: z.enum(['order', 'certificate', 'failedValidation']),
          per: z.enum(['account', 'registeredDomain', 'exactSet', 'name']),
          limit: z.int(),
          windowSeconds: z.int(),
        }),
      )
      .meta({ description: 'What it takes from us in a period.' }),
  })
  .meta({ id: 'UpstreamIssuer' });

export const upstream = z
  .object({
    account: z.string().meta({ description: 'Our account there, as the configuration names it.' }),
    breaker: z.enum(['closed', 'open']).meta({ description: 'Open: it is away, and is not called.' }),
    nextTryAt: time.nullable().meta({ description: 'When it is called again; null where the breaker is closed.' }),
    faults: z.int().meta({ description: 'Calls in a row that were not answered.' }),
    lastFault: z.string().nullable(),
    issuers: z.array(issuer).meta({ description: 'Those that use it. Empty: none is configured any more.' }),
  })
  .meta({ id: 'Upstream' });

export const upstreamOrder = z
  .object({
    issuance: z.string(),
    order: z.int().meta({ description: 'The number of our order.' }),
    account: z.string().meta({ description: "Id of the customer's account." }),
    names: z.array(z.string()),
    issuer: z.string(),
    upstream: z.string(),
    state: z.enum(upstreamOrderStates).meta({
      description:
        '`preparing` and `proving`: the upstream validates the names itself, and its challenges are not known yet, or wait for the customer. `lost`: it was to be cancelled, and the upstream cannot tell whether it has it.',
    }),
    proofsUntil: time.nullable().meta({ description: "The end of the upstream's challenges; null where it has none." }),
    reference: z.string().nullable().meta({ description: 'What the upstream calls it; null before its first answer.' }),
    since: time,
    deadline: time,
    faults: z.int().meta({ description: 'Calls in a row that were not answered.' }),
    lastFault: z.string().nullable(),
    waitsFor: z.string().nullable().meta({ description: 'Why it needs the operator; null where it does not.' }),
    evidence: z
      .object({
        reason: z.string(),
        at: time,
        pem: z.string().meta({ description: 'Armoured as it came, even where it is no certificate.' }),
        chain: z.array(z.string()),
      })
      .nullable()
      .meta({ description: 'The certificate that was refused.' }),
  })
  .meta({ id: 'UpstreamOrder' });

export const upstreamsApi = {
  list: endpoint({
    id: 'upstreams.list',
    method: 'GET',
    path: '/api/v1/upstreams',
    summary: { en: 'Accounts at upstreams, and whether they answer', zh: '上游账户及其状态' },
    request: nothing,
    response: pageOf(upstream),
  }),
  orders: endpoint({
    id: 'upstreams.orders',
    method: 'GET',
    path: '/api/v1/upstreams/orders',
    summary: { en: 'Issuances that wait at an upstream, the latest first', zh: '在上游处理中的签发（新的在前）' },
    request: pageRequest.extend({ state: z.enum(notedUpstreamStates).optional() }),
    response: pageOf(upstreamOrder),
  }),
  order: endpoint({
    id: 'upstreams.order',
    method: 'GET',
    path: '/api/v1/upstreams/orders/:issuance',
    summary: { en: 'One issuance at its upstream, in any state', zh: '查看某次签发在上游的处理情况' },
    request: z.strictObject({ issuance: reference('issuance') }),
    response: upstreamOrder,
  }),
  closeBreaker: endpoint({
    id: 'upstreams.closeBreaker',
    method: 'POST',
    path: '/api/v1/upstreams/:upstream/close-breaker',
    summary: { en: 'Call an upstream again at once', zh: '立即恢复调用上游' },
    request: z.strictObject({ upstream: reference('upstream account') }),
    response: upstream,
  }),
} as const;
