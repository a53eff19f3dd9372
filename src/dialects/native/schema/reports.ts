/** What each month came to. */
import { z } from 'zod';
import { expected } from '../../../domain/messages/expectations.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { countedPageRequest, endpoint, money, pageOf, pageRequest, reference } from './shapes.ts';

export const month = z.string().regex(/^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$/, expecting(expected.month));

const monthTotals = z
  .object({
    accountId: z.string(),
    accountNumber: z.int(),
    accountName: z.string(),
    month: z.string().meta({ description: '`2026-11`, in UTC.' }),
    charged: money.meta({ description: 'For orders, reissues and added names.' }),
    refunded: money,
    net: money.meta({ description: 'Charged less refunded; below zero where more of earlier months was given back.' }),
    credited: money.meta({ description: 'Added to the balance by the operator, less what they took.' }),
    orders: z.int().meta({ description: 'Placed in the month, whatever became of them.' }),
    certificates: z.int().meta({ description: 'Issued in the month.' }),
  })
  .meta({ id: 'MonthTotals' });

export const reportsApi = {
  months: endpoint({
    id: 'reports.months',
    method: 'GET',
    path: '/api/v1/reports/months',
    summary: { en: 'What each month came to, by account', zh: '各账户月度汇总' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      limit: pageRequest.shape.limit.meta({
        description: 'Accounts on a page, 1 to 200: each has an item for every month.',
      }),
      account: reference('account').optional(),
      from: month
        .optional()
        .meta({ description: 'The first month, such as `2026-01`; 11 before the last by default.' }),
      until: month.optional().meta({ description: 'The last one; this month by default.' }),
    }),
    response: pageOf(monthTotals),
  }),
} as const;
