/** Webhooks of an account, and their deliveries. */
import { z } from 'zod';
import { mostTries } from '../../../domain/delivery.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { objectActions } from '../../../domain/seen-object.ts';
import { webhookEvents } from '../../../domain/webhook.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { actionsOf } from './actions.ts';
import {
  actsOn,
  countedPageRequest,
  endpoint,
  pageOf,
  reference,
  searchText,
  time,
  version,
  versioned,
} from './shapes.ts';

const events = z.enum(webhookEvents);
const states = z.enum(['active', 'inactive']);

export const webhook = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    dialect: z.string().meta({ description: 'The API whose format it uses; `native`: JSON of every event.' }),
    url: z.string(),
    events: z.array(events),
    hasSecret: z.boolean(),
    state: states,
    createdAt: time,
  })
  .meta({ id: 'Webhook' });

export const delivery = z
  .object({
    id: z.string().meta({ description: 'What `X-Certmux-Notification` says.' }),
    event: events,
    orderId: z.string().nullable(),
    domainId: z.string().nullable(),
    organizationId: z.string().nullable(),
    webhookId: z.string().nullable().meta({ description: 'Null: the order itself named the URL.' }),
    url: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.int(),
    lastAnswer: z.string().nullable(),
    tries: z
      .array(
        z
          .object({
            at: time,
            status: z.int().nullable().meta({ description: 'Null: there was no answer.' }),
            ms: z.int().meta({ description: 'How long it took.' }),
            answer: z.string().meta({ description: 'The status, or what went wrong.' }),
          })
          .meta({ id: 'DeliveryTry' }),
      )
      .meta({ description: `Oldest first, the last ${mostTries} at most.` }),
    createdAt: time,
    endedAt: time.nullable(),
    replayedAs: z.string().nullable().meta({ description: 'The delivery that was queued in its place; null: none.' }),
  })
  .meta({ id: 'Delivery' });

export const webhookPage = webhook
  .extend({ version, actions: actionsOf(objectActions.webhook) })
  .meta({ id: 'WebhookPage' });

const path = '/api/v1/webhooks/:webhook';
const secret = z.string().max(512).meta({ description: 'Sent as `X-Certmux-Webhook-Secret`; never shown again.' });
const url = z.string().min(1).max(2048);
const eventList = z.array(events).min(1);

export const webhooksApi = {
  list: endpoint({
    id: 'webhooks.list',
    method: 'GET',
    path: '/api/v1/webhooks',
    summary: { en: 'List webhooks, newest first', zh: 'Webhook 列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      account: reference('account').optional().meta({ description: 'Default: every account that the caller may see.' }),
      state: states.optional(),
      event: events.optional().meta({ description: 'Only those that are told of it.' }),
      text: searchText.optional().meta({ description: 'Part of the URL, or the number.' }),
    }),
    response: pageOf(webhook),
  }),
  show: endpoint({
    id: 'webhooks.show',
    ...versioned,
    method: 'GET',
    path,
    summary: { en: 'Show a webhook', zh: 'Webhook 详情' },
    request: z.strictObject({ webhook: reference('webhook') }),
    response: webhookPage,
  }),
  add: endpoint({
    id: 'webhooks.add',
    method: 'POST',
    path: '/api/v1/webhooks',
    summary: { en: 'Add a webhook', zh: '添加 Webhook' },
    status: 201,
    request: z.strictObject({
      url,
      events: eventList.optional().meta({ description: 'Default: all.' }),
      secret: secret.optional(),
      account: reference('account').optional().meta({ description: 'Operators only, who say for whom.' }),
    }),
    response: webhook,
  }),
  change: endpoint({
    id: 'webhooks.change',
    ...actsOn('webhook', ['webhook']),
    method: 'PATCH',
    path,
    summary: { en: 'Change a webhook', zh: '修改 Webhook' },
    request: z.strictObject({
      webhook: reference('webhook'),
      url: url.optional(),
      events: eventList.optional(),
      secret: secret.nullable().optional(),
      state: states.optional(),
    }),
    response: webhook,
  }),
  remove: endpoint({
    id: 'webhooks.remove',
    ...actsOn('webhook', ['webhook']),
    method: 'DELETE',
    path,
    summary: { en: 'Remove a webhook', zh: '删除 Webhook' },
    request: z.strictObject({ webhook: reference('webhook') }),
    response: webhook,
  }),
  deliveries: endpoint({
    id: 'webhooks.deliveries',
    method: 'GET',
    path: '/api/v1/deliveries',
    summary: { en: 'List deliveries, newest first', zh: 'Webhook 推送记录（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      state: delivery.shape.state.optional(),
      account: reference('account').optional(),
      webhook: reference('webhook').optional(),
      event: events.optional(),
      replayed: z.enum(['true', 'false']).optional().meta({
        description: '`false`: only those that were not sent again.',
      }),
      from: z.iso
        .date(expecting(expected.isoDate))
        .optional()
        .meta({ description: 'Queued on this day (UTC) or later: `2026-06-01`.' }),
    }),
    response: pageOf(delivery),
  }),
  replay: endpoint({
    id: 'webhooks.replay',
    method: 'POST',
    path: '/api/v1/deliveries/:delivery/replay',
    summary: { en: 'Send a delivery again, with current content', zh: '重新推送' },
    request: z.strictObject({ delivery: reference('delivery') }),
    response: delivery,
  }),
  replayFailed: endpoint({
    id: 'webhooks.replayFailed',
    ...actsOn('webhook', ['webhook']),
    method: 'POST',
    path: `${path}/replay-failed`,
    summary: {
      en: 'Send again what failed of a webhook and was not sent again since; at most 1,000 at once',
      zh: '重新推送该 Webhook 失败且尚未重推的全部记录（每次最多 1000 条）',
    },
    request: z.strictObject({ webhook: reference('webhook') }),
    response: z.object({
      queued: z.int(),
      refused: z.int().meta({ description: 'Those that cannot be sent again now.' }),
      isMore: z.boolean().meta({ description: 'There are more: the same call goes on with them.' }),
    }),
  }),
  test: endpoint({
    id: 'webhooks.test',
    method: 'POST',
    path: `${path}/test`,
    summary: { en: 'Send a test message to a webhook now', zh: '立即向 Webhook 推送一条测试消息' },
    request: z.strictObject({ webhook: reference('webhook') }),
    response: z.object({
      isTaken: z.boolean().meta({ description: 'The receiver answered with a status of 200 to 299.' }),
      answer: z.string().meta({ description: 'The status, or what went wrong.' }),
    }),
  }),
} as const;
