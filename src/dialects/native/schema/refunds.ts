/** Money that is given back for an order. */
import { z } from 'zod';
import { largestCreditMinor } from '../../../domain/money.ts';
import { ledgerEntry } from './accounts.ts';
import { currency, endpoint, reference } from './shapes.ts';

export const refundsApi = {
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
