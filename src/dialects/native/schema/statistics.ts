/** What needs somebody, and how things went, in numbers. */
import { z } from 'zod';
import { expected } from '../../../domain/messages/expectations.ts';
import { homeNeeds } from '../../../domain/ports/statistics.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { orderTurns } from './orders.ts';
import { month } from './reports.ts';
import { endpoint, listTotal, nothing, reference, time } from './shapes.ts';

const day = z.iso.date(expecting(expected.isoDate));

const account = reference('account')
  .optional()
  .meta({ description: 'Id or number; default: every account that the caller may see, for an operator all.' });

const text = z.string().nullable().meta({
  description:
    'The reason for people, in the language of Accept-Language, with `…` for what differs from case to case; null: it has no words here.',
});

const point = z
  .tuple([z.string().meta({ description: 'The day, the first day of the week, or the month.' }), z.int()])
  .meta({ description: 'What there was none of is left out.' });

/** A chart of lines. */
export const chart = z
  .object({
    from: z.string(),
    to: z.string(),
    series: z.array(z.object({ key: z.string(), text: text.optional(), points: z.array(point) })).meta({
      description: 'The one with the largest sum first.',
    }),
    countedUntil: time.nullable().meta({
      description:
        'When the last event happened that is counted; null where the numbers are of now, and where there is none.',
    }),
    isUpToDate: z.boolean().meta({ description: 'False while many events are still to be counted: the numbers grow.' }),
  })
  .meta({ id: 'Statistics' });

const days = (by: 'day' | 'reason' | 'week', defaults: string) =>
  z.strictObject({
    by: z.enum([by]).default(by),
    account,
    from: day.optional().meta({ description: `The first day, in UTC: \`2026-06-01\`. ${defaults} At most 400 days.` }),
    to: day.optional().meta({ description: 'The last one.' }),
  });

const list = z
  .object({
    path: z.string().meta({ description: 'In this API.' }),
    query: z.record(z.string(), z.string()),
  })
  .meta({
    id: 'ListLink',
    description:
      'The list that has just these items: its `total` is the same number. Of `lowAccount`: the account itself.',
  });

const counted = {
  total: listTotal,
  list,
};

const home = z
  .object({
    at: time,
    needs: z
      .array(
        z.object({
          what: z.enum(homeNeeds),
          ...counted,
          since: time.nullable().meta({ description: 'The oldest of them; null where that is not known.' }),
        }),
      )
      .meta({
        description:
          'What the caller can do something about, the most urgent first. What there is none of is left out.',
      }),
    failures: z
      .array(z.object({ code: z.string().meta({ description: 'As in `failing` of an order.' }), text, ...counted }))
      .meta({ description: 'Why validations fail, the most frequent first; of the newest 10,000.' }),
    underWay: z
      .array(z.object({ turn: z.enum(orderTurns), ...counted }))
      .meta({ description: 'Orders in which something is to be done, by who has to do it.' }),
  })
  .meta({ id: 'Home' });

export const statisticsApi = {
  home: endpoint({
    id: 'statistics.home',
    method: 'GET',
    path: '/api/v1/stats/home',
    summary: { en: 'What needs the caller, and what is under way', zh: '待办事项和进行中的订单' },
    request: z.strictObject({ account }),
    response: home,
  }),
  issuance: endpoint({
    id: 'statistics.issuance',
    method: 'GET',
    path: '/api/v1/stats/issuance',
    summary: { en: 'Orders placed, certificates issued and revoked, by day', zh: '每日下单、签发和吊销数量' },
    request: days('day', 'Default: the last 30.'),
    response: chart,
  }),
  failures: endpoint({
    id: 'statistics.failures',
    method: 'GET',
    path: '/api/v1/stats/failures',
    summary: { en: 'What failed for good, by reason', zh: '各原因的失败数量' },
    request: days('reason', 'Default: the last 30.'),
    response: chart,
  }),
  expiry: endpoint({
    id: 'statistics.expiry',
    method: 'GET',
    path: '/api/v1/stats/expiry',
    summary: { en: 'Orders by the week in which their certificate ends', zh: '各周到期的证书数量' },
    request: days('week', 'Default: twelve weeks from today.'),
    response: chart,
  }),
  revenue: endpoint({
    id: 'statistics.revenue',
    method: 'GET',
    path: '/api/v1/stats/revenue',
    summary: { en: 'Charged less refunded, by currency and month', zh: '各币种每月净收入' },
    request: z.strictObject({
      by: z.enum(['month']).default('month'),
      account,
      from: month.optional().meta({ description: 'The first month; 11 before the last by default. At most 120.' }),
      to: month.optional().meta({ description: 'The last one; this month by default.' }),
    }),
    response: chart,
  }),
  rebuild: endpoint({
    id: 'statistics.rebuild',
    method: 'POST',
    path: '/api/v1/stats/rebuild',
    summary: {
      en: 'Count issuance and failures again from the audit log; operators only',
      zh: '根据审计日志重新统计签发和失败数量（仅限管理员）',
    },
    request: nothing,
    response: z.object({
      isUpToDate: z.boolean().meta({ description: 'False: the counting has begun, and charts say when it is done.' }),
    }),
  }),
} as const;
