/** Accounts and their money. */

import { z } from 'zod';
import { madeKeysChoices } from '../../../domain/account.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { largestCreditMinor } from '../../../domain/money.ts';
import { objectActions } from '../../../domain/seen-object.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { actionsOf } from './actions.ts';
import { actor } from './actors.ts';
import {
  actsOn,
  countedPageRequest,
  currency,
  endpoint,
  integerParameter,
  moment,
  money,
  pageOf,
  pageRequest,
  reference,
  searchText,
  time,
  version,
  versioned,
} from './shapes.ts';

const approval = z.enum(['automatic', 'manual', 'twoStep']).meta({
  description: '`manual`: every order waits for an approver. `twoStep`: for two of them.',
});

const madeKeys = z.enum(madeKeysChoices).meta({
  description:
    'Keys that certmux makes, or the issuer: `anyIssuer`: certified by whatever issuer the product has. `ownCa`: only by the CA of this server; orders that would have one certified by an upstream are refused.',
});

const name = z.string().trim().min(1).max(200);
const contactEmail = z.union([z.literal(''), z.email()], { error: expecting(expected.email) });
const state = z.enum(['active', 'suspended']);
const lowBalanceMinor = z.int().min(0).max(largestCreditMinor).nullable();

export const account = z
  .object({
    id: z.string(),
    number: z.int(),
    name: z.string(),
    state,
    balance: money,
    approval,
    separatesDuties: z.boolean().meta({ description: 'Whoever asks for something does not approve it themselves.' }),
    madeKeys,
    productCodes: z
      .array(z.string())
      .nullable()
      .meta({ description: 'As in the list of products; null: every product.' }),
    allowedNames: z.array(z.string()).nullable().meta({ description: 'Names it may order for; null: any.' }),
    contactEmail: z.string(),
    lowBalance: money.nullable().meta({
      description:
        'With less than this the balance is low: its administrators are written to, its webhooks are told (`balanceLow`), and the operator sees it. Null: never.',
    }),
    isLow: z.boolean().meta({ description: 'The balance is below `lowBalance`.' }),
    lowSince: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Account' });

export const accountPage = account
  .extend({ version, actions: actionsOf(objectActions.account) })
  .meta({ id: 'AccountPage' });

/** What lists of accounts are sorted by; a minus: the other way round. */
export const accountSorts = ['number', '-number', 'name', '-name', 'balance', '-balance'] as const;

export const ledgerEntry = z
  .object({
    id: z.string(),
    accountId: z.string(),
    kind: z.enum(['credit', 'charge', 'refund']),
    amount: money,
    balanceAfter: money,
    orderId: z.string().nullable(),
    note: z.string(),
    by: actor.nullable().meta({
      description: 'Who credited or refunded it; null for what an order was charged, and gave back when it ended.',
    }),
    at: time,
  })
  .meta({ id: 'LedgerEntry' });

export const accountsApi = {
  list: endpoint({
    id: 'accounts.list',
    method: 'GET',
    path: '/api/v1/accounts',
    summary: { en: 'List accounts', zh: '账户列表' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      // A cursor of a list by name has a name in it.
      cursor: z.string().max(1500).optional().meta({ description: pageRequest.shape.cursor.description }),
      text: searchText.optional().meta({ description: 'Part of the name or of the address; or the number.' }),
      state: state.optional(),
      balanceBelow: integerParameter(0, largestCreditMinor).optional().meta({
        description: "A balance of less than this, in minor units of the account's own currency.",
      }),
      lowBalance: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: 'Whether the balance is below the threshold of its account.' }),
      sort: z.enum(accountSorts).optional().meta({ description: 'Default: `-number`, newest first.' }),
    }),
    response: pageOf(account),
  }),
  create: endpoint({
    id: 'accounts.create',
    method: 'POST',
    path: '/api/v1/accounts',
    summary: { en: 'Create an account', zh: '创建账户' },
    status: 201,
    request: z.strictObject({
      name,
      currency: currency.default('CNY'),
      approval: approval.default('automatic'),
      separatesDuties: z.boolean().default(false),
      madeKeys: madeKeys.default('anyIssuer'),
      productCodes: z.array(z.string().min(1)).nullable().default(null),
      allowedNames: z.array(z.string().min(1)).nullable().default(null),
      contactEmail: contactEmail.default(''),
      lowBalanceMinor: lowBalanceMinor.default(null),
    }),
    response: account,
  }),
  show: endpoint({
    id: 'accounts.show',
    ...versioned,
    method: 'GET',
    path: '/api/v1/accounts/:account',
    summary: { en: 'Show an account', zh: '账户详情' },
    request: z.strictObject({ account: reference('account') }),
    response: accountPage,
  }),
  change: endpoint({
    id: 'accounts.change',
    ...actsOn('account', ['account']),
    method: 'PATCH',
    path: '/api/v1/accounts/:account',
    summary: {
      en: 'Suspend or resume an account, or change what it may order',
      zh: '停用、恢复账户，或修改其订购权限',
    },
    request: z.strictObject({
      account: reference('account'),
      state: state.exactOptional().meta({ description: 'A suspended account is refused at every call.' }),
      name: name.exactOptional(),
      approval: approval.exactOptional(),
      separatesDuties: z.boolean().exactOptional(),
      madeKeys: madeKeys.exactOptional(),
      productCodes: z.array(z.string().min(1)).nullable().exactOptional(),
      allowedNames: z.array(z.string().min(1)).nullable().exactOptional(),
      contactEmail: contactEmail.exactOptional(),
      lowBalanceMinor: lowBalanceMinor.exactOptional().meta({ description: 'Null takes the threshold away.' }),
    }),
    response: account,
  }),
  credit: endpoint({
    id: 'accounts.credit',
    ...actsOn('account', ['account']),
    fieldNames: { amountMinor: 'minor' },
    method: 'POST',
    path: '/api/v1/accounts/:account/credits',
    summary: { en: "Add to an account's balance", zh: '账户充值' },
    status: 201,
    request: z.strictObject({
      account: reference('account'),
      minor: z
        .int()
        .min(-largestCreditMinor)
        .max(largestCreditMinor)
        .refine((minor) => minor !== 0, expecting(expected.amountNotZero))
        .meta({ not: { const: 0 } }),
      currency: currency.meta({ description: "The account's own, sent so that a mistake is noticed." }),
      note: z.string().max(500).default(''),
    }),
    response: ledgerEntry,
  }),
  webhookSecret: endpoint({
    id: 'accounts.webhookSecret',
    method: 'GET',
    path: '/api/v1/accounts/:account/webhook-secret',
    summary: { en: 'The secret that signs webhooks of an account', zh: '回调签名密钥' },
    request: z.strictObject({ account: reference('account') }),
    response: z.object({
      secret: z.string().meta({ description: 'The key of the HMAC-SHA256 in `X-Certmux-Signature`, as text.' }),
    }),
  }),
  ledger: endpoint({
    id: 'accounts.ledger',
    method: 'GET',
    path: '/api/v1/accounts/:account/ledger',
    summary: { en: "The newest lines of an account's ledger", zh: '账户流水' },
    request: z.strictObject({
      account: reference('account'),
      limit: integerParameter(1, 1000).default(100),
      cursor: pageRequest.shape.cursor,
      total: countedPageRequest.shape.total,
      kind: ledgerEntry.shape.kind.optional(),
      order: reference('order').optional(),
      from: moment.optional().meta({ description: 'At this time (UTC) or later.' }),
      until: moment.optional().meta({ description: 'Before this time (UTC).' }),
    }),
    response: pageOf(ledgerEntry),
  }),
} as const;
