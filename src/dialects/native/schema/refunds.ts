/** Money that is given back for an order. */
import { z } from 'zod';
import { largestCreditMinor } from '../../../domain/money.ts';
import { ledgerEntry } from './accounts.ts';
import { countedPageRequest, currency, endpoint, moment, pageOf, reference } from './shapes.ts';

export const refundsApi = {
  list: endpoint({
    id: 'refunds.list',
    method: 'GET',
    path: '/api/v1/refunds',
    summary: { en: 'List refunds, newest first', zh: '退款列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      account: reference('account').optional().meta({ description: 'Default: every account that the caller may see.' }),
      order: reference('order').optional(),
      from: moment.optional().meta({ description: 'At this time (UTC) or later.' }),
      until: moment.optional().meta({ description: 'Before this time (UTC).' }),
    }),
    response: pageOf(ledgerEntry).meta({
      description: 'For orders that stay, and for those that ended without a certificate.',
    }),
  }),
  create: endpoint({
    id: 'refunds.create',
    fieldNames: { amountMinor: 'minor' },
    method: 'POST',
    path: '/api/v1/orders/:order/refunds',
    summary: {
      en: 'Refund an order that has its certificate, all of it or a part',
      zh: '为已签发的订单退款（全额或部分）',
    },
    status: 201,
    request: z.strictObject({
      order: reference('order'),
      minor: z
        .int()
        .min(1)
        .max(largestCreditMinor)
        .exactOptional()
        .meta({ description: 'Minor units. Default: all that was charged for the order and not given back yet.' }),
      currency: currency
        .exactOptional()
        .meta({ description: "The order's own, sent with an amount so that a mistake is noticed." }),
      note: z.string().trim().min(1).max(500).meta({ description: 'Why; it stands in the ledger.' }),
    }),
    response: ledgerEntry,
  }),
} as const;
