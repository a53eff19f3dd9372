/** Upstreams, from which certificates are bought, and what waits there. For operators. */
import { z } from 'zod';
import { agentModes } from '../../../domain/relay.ts';
import { notedUpstreamStates, upstreamOrderStates } from '../../../domain/states.ts';
import { rehearsalSteps, upstreamCheckSubjects } from '../../../domain/upstream-check.ts';
import { upstreamDifferenceKinds } from '../../../domain/upstream-watch.ts';
import { purchaseKinds, vendorSteps } from '../../../domain/vendor-order.ts';
import { month } from './reports.ts';
import { countedPageRequest, endpoint, money, pageOf, reference, time, wholeRequest } from './shapes.ts';

const issuer = z
  .object({
    id: z.string(),
    mode: z.enum(['own', 'standing', ...agentModes, 'relay']).meta({
      description:
        'How the upstream gets to see that names are under control; `own`: it relies on our checks. `standing`: it has validated the domains for us already.',
    }),
    ca: z.string().nullable().meta({ description: 'The CA behind it.' }),
    directory: z.string().nullable().meta({ description: 'The address at which it is called.' }),
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

const budget = z
  .object({
    name: z.string(),
    counts: z.enum(['order', 'certificate', 'failedValidation']),
    per: z.enum(['account', 'registeredDomain', 'exactSet', 'name']),
    limit: z.int(),
    windowSeconds: z.int(),
    spent: z.int().meta({ description: 'Of the subject of which most is spent.' }),
    left: z.int().meta({ description: 'What is left for that subject.' }),
    subjects: z
      .array(
        z.object({
          subject: z.string().meta({ description: 'A domain, a name or a set of names; empty: the whole account.' }),
          spent: z.int(),
          leftAgainAt: time.nullable().meta({ description: 'When there is one left again; null: now.' }),
        }),
      )
      .meta({ description: 'Those of which most is spent: the first in the list, ten where one upstream is shown.' }),
  })
  .meta({ id: 'UpstreamBudget' });

const exchange = z
  .object({
    id: z.string(),
    at: time,
    issuance: z.string().nullable(),
    method: z.string(),
    url: z.string(),
    asked: z.string().meta({ description: 'What was sent, without signature, nonce and secrets.' }),
    status: z.int().nullable().meta({ description: 'Null: there was no answer.' }),
    answer: z.string().meta({ description: 'What came back, or why nothing did.' }),
  })
  .meta({ id: 'UpstreamExchange' });

const upstreamFields = z.object({
  account: z.string().meta({ description: 'Our account there, as the configuration names it.' }),
  breaker: z.enum(['closed', 'open']).meta({ description: 'Open: it is away, and is not called.' }),
  openSince: time.nullable().meta({ description: 'Since when the breaker is open.' }),
  nextTryAt: time.nullable().meta({ description: 'When it is called again; null where the breaker is closed.' }),
  faults: z.int().meta({ description: 'Calls in a row that were not answered.' }),
  lastFault: z.string().nullable(),
  issuers: z.array(issuer).meta({ description: 'Those that use it. Empty: none is configured any more.' }),
  orders: z
    .array(z.object({ state: z.enum(upstreamOrderStates), count: z.int() }))
    .meta({ description: 'What is under way there, by state.' }),
  budgets: z.array(budget).meta({ description: 'What is left of each budget, the least first.' }),
  balance: z
    .object({
      amount: money,
      at: time,
      warning: money.nullable().meta({ description: 'Below it an alarm is raised; null: never.' }),
      isLow: z.boolean(),
    })
    .nullable()
    .meta({ description: 'What is left of a prepaid balance, as it was last seen; null: it never was.' }),
});

const comparison = z
  .object({
    at: time,
    compared: z.int().meta({ description: 'Orders that were looked at.' }),
    differences: z.array(
      z.object({
        kind: z.enum(upstreamDifferenceKinds).meta({
          description:
            '`unknownHere`: bought there, and none of ours. `overThere`: refused or cancelled there, and open here. `issuedThere`: for more than a day, and not here. `priceDiffers`. `unknownThere`: bought by our books only. `boughtElsewhere`: under way at another address than the one that is configured now; `words` names both.',
        }),
        number: z.string().nullable().meta({ description: 'The order as the upstream numbers it.' }),
        issuance: z.string().nullable().meta({ description: 'Ours.' }),
        names: z.array(z.string()),
        words: z.string().nullable().meta({ description: 'Its state in its own words.' }),
        priceHere: money.nullable(),
        priceThere: money.nullable(),
      }),
    ),
    more: z.int().meta({ description: 'Differences that were left off.' }),
  })
  .meta({ id: 'UpstreamComparison' });

export const upstream = upstreamFields.meta({ id: 'Upstream' });

export const upstreamDetail = upstreamFields
  .extend({
    exchanges: z.array(exchange).meta({ description: 'The last ten that went wrong, the newest first.' }),
    comparison: comparison.nullable().meta({
      description: 'How its orders compared with ours last night; null: they never were compared.',
    }),
    advice: z.array(z.string()).meta({ description: 'What to do, the most urgent first.' }),
  })
  .meta({ id: 'UpstreamDetail' });

export const upstreamChecks = z
  .object({
    ok: z.boolean().meta({ description: 'Whether all that was looked at is in order.' }),
    items: z.array(
      z.object({
        issuer: z.string(),
        what: z.enum(upstreamCheckSubjects),
        ok: z.boolean(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'UpstreamChecks' });

export const upstreamRehearsal = z
  .object({
    ok: z.boolean().meta({ description: 'Whether an order would be placed now.' }),
    items: z.array(
      z.object({
        issuer: z.string(),
        what: z.enum(rehearsalSteps),
        ok: z.boolean(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'UpstreamRehearsal' });

export const upstreamKeys = z
  .object({
    items: z.array(
      z.object({
        directory: z.string().nullable().meta({ description: 'The address at which the upstream is called.' }),
        accountUrl: z.string().meta({ description: 'Our account there, which stays the same.' }),
        thumbprint: z.string().meta({ description: 'Of the new public key (RFC 7638).' }),
      }),
    ),
  })
  .meta({ id: 'UpstreamKeys' });

const upstreamOrderFields = z.object({
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
  route: z
    .object({
      pool: z.string(),
      passed: z
        .array(
          z.object({
            issuer: z.string(),
            reason: z.string(),
            at: time,
            until: time.nullable().meta({ description: 'Not tried again before; null: never for this order.' }),
          }),
        )
        .meta({ description: 'Those that were passed over, in the order in which they were tried.' }),
    })
    .nullable()
    .meta({ description: 'How its pool chose the issuer; null: no pool did.' }),
});

export const upstreamOrder = upstreamOrderFields.meta({ id: 'UpstreamOrder' });

const vendorOrder = z
  .object({
    api: z.string().nullable().meta({
      description: 'The API that is spoken there, such as `racent`; null for an order from before it was kept.',
    }),
    url: z
      .string()
      .nullable()
      .meta({ description: 'The address at which it was placed, or seen last; null likewise.' }),
    number: z.string().nullable().meta({ description: 'The order as the vendor numbers it; null before its answer.' }),
    product: z.string().meta({ description: "The vendor's code." }),
    kind: z.enum(purchaseKinds).meta({
      description: '`reissue`, `duplicate`: another certificate of an order that is there. `renewal`: it follows one.',
    }),
    follows: z.string().nullable().meta({ description: 'The order that it renews, or is part of.' }),
    step: z.enum(vendorSteps).meta({
      description:
        '`sent`: it was sent, and what became of it is not known. `bought`: the vendor has named the order. `over`: it issues nothing for it.',
    }),
    sentAt: time.nullable(),
    words: z.string().nullable().meta({ description: 'The state as the vendor called it last.' }),
    price: money.nullable().meta({ description: 'Null: the vendor has not said it.' }),
    coverageUntil: time.nullable().meta({ description: 'The end of what was bought there; null: not known yet.' }),
  })
  .meta({ id: 'VendorOrder' });

export const upstreamOrderDetail = upstreamOrderFields
  .extend({
    vendor: vendorOrder.nullable().meta({ description: 'What is bought of the vendor; null where it is none.' }),
    exchanges: z.array(exchange).meta({
      description:
        'Those of it that bought, changed, cancelled or revoked, and the last that went wrong; 200 at most, the newest first.',
    }),
  })
  .meta({ id: 'UpstreamOrderDetail' });

const productCosts = z
  .object({
    product: z.string().meta({ description: 'Its code, as operators write it.' }),
    name: z.string(),
    month: z.string().meta({ description: '`2026-11`, in UTC.' }),
    currency: z.string().meta({
      description: 'A product whose price and costs are in two currencies has two lines: nothing is converted.',
    }),
    orders: z.int().meta({ description: 'That customers were charged for in the month.' }),
    charged: money.meta({ description: 'To customers.' }),
    refunded: money.meta({ description: 'To customers.' }),
    cost: money.meta({ description: 'What upstreams took.' }),
    costRefunded: money.meta({ description: 'What they gave back.' }),
    margin: money.meta({ description: 'Charged less refunded, less what it cost us in the end.' }),
  })
  .meta({ id: 'ProductCosts' });

export const upstreamsApi = {
  list: endpoint({
    id: 'upstreams.list',
    method: 'GET',
    path: '/api/v1/upstreams',
    summary: { en: 'Accounts at upstreams, and whether they answer', zh: '上游账户及其状态' },
    request: wholeRequest.extend({
      lowBalance: z.literal('true').optional().meta({ description: '`true`: only those whose balance is low.' }),
    }),
    response: pageOf(upstream),
  }),
  orders: endpoint({
    id: 'upstreams.orders',
    method: 'GET',
    path: '/api/v1/upstreams/orders',
    summary: { en: 'Issuances that wait at an upstream, the latest first', zh: '在上游处理中的签发（新的在前）' },
    request: countedPageRequest.extend({ state: z.enum(notedUpstreamStates).optional() }),
    response: pageOf(upstreamOrder),
  }),
  order: endpoint({
    id: 'upstreams.order',
    method: 'GET',
    path: '/api/v1/upstreams/orders/:issuance',
    summary: { en: 'One issuance at its upstream, in any state', zh: '查看某次签发在上游的处理情况' },
    request: z.strictObject({ issuance: reference('issuance') }),
    response: upstreamOrderDetail,
  }),
  costs: endpoint({
    id: 'upstreams.costs',
    method: 'GET',
    path: '/api/v1/upstreams/costs',
    summary: { en: 'What products brought and cost in a month', zh: '各产品的月度收入、采购成本和毛利' },
    request: wholeRequest.extend({
      month: month.optional().meta({ description: 'Such as `2026-11`, in UTC; this month by default.' }),
      upstream: reference('upstream account').optional().meta({
        description: 'Only what was bought there, and all that its products brought.',
      }),
    }),
    response: pageOf(productCosts),
  }),
  resolve: endpoint({
    id: 'upstreams.resolve',
    method: 'POST',
    path: '/api/v1/upstreams/orders/:issuance/resolve',
    summary: {
      en: 'Say what became of an order whose reply was lost: its number there, or that there is none',
      zh: '确认丢失应答的订单：填写上游订单号，或确认未下单',
    },
    request: z.strictObject({
      issuance: reference('issuance'),
      reference: z.string().min(1).max(100).nullable().meta({
        description: 'The order as the vendor numbers it. Null: the vendor has no such order, and it is ordered again.',
      }),
    }),
    response: upstreamOrderDetail,
  }),
  show: endpoint({
    id: 'upstreams.show',
    method: 'GET',
    path: '/api/v1/upstreams/:upstream',
    summary: { en: 'One upstream, its last failures, and what to do', zh: '查看某个上游的状态、最近的失败和处理建议' },
    request: z.strictObject({ upstream: reference('upstream account') }),
    response: upstreamDetail,
  }),
  check: endpoint({
    id: 'upstreams.check',
    method: 'POST',
    path: '/api/v1/upstreams/:upstream/check',
    summary: { en: 'Look now whether our account there works', zh: '立即检查上游账户是否可用' },
    request: z.strictObject({ upstream: reference('upstream account') }),
    response: upstreamChecks,
  }),
  test: endpoint({
    id: 'upstreams.test',
    method: 'POST',
    path: '/api/v1/upstreams/:upstream/test',
    summary: { en: 'Rehearse an order there, without placing it', zh: '演练一次下单（不会真正下单）' },
    request: z.strictObject({
      upstream: reference('upstream account'),
      name: z.string().min(1).max(255).meta({ description: 'The name of the certificate that would be ordered.' }),
      account: reference('account').meta({
        description: "The customer's account whose order it would be: delegations differ by account.",
      }),
    }),
    response: upstreamRehearsal,
  }),
  changeKey: endpoint({
    id: 'upstreams.changeKey',
    method: 'POST',
    path: '/api/v1/upstreams/:upstream/change-key',
    summary: { en: 'Give our account there another key', zh: '更换上游账户的密钥' },
    request: z.strictObject({ upstream: reference('upstream account') }),
    response: upstreamKeys,
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
