/** Webhooks of an account: their events, their deliveries, sending one again. */

import type { z } from 'zod';
import type { Delivery } from '../../../domain/delivery.ts';
import { renderReason } from '../../../domain/errors.ts';
import { renderKept } from '../../../domain/kept-reason.ts';
import type { Language } from '../../../domain/language.ts';
import type { WebhookFilter } from '../../../domain/ports/webhooks.ts';
import type { Webhook } from '../../../domain/webhook.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { countingOf, pageQueryOf, pageToWire, readIdCursor } from '../paging.ts';
import { webhooksApi } from '../schema/webhooks.ts';
import type { WireDelivery, WireWebhook } from '../schema.ts';
import { actingCaller, handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';
import { testMessageToWire } from '../webhook-message.ts';
import { withPage } from './object-page.ts';

function webhookToWire(webhook: Webhook): WireWebhook {
  return {
    id: webhook.id,
    number: webhook.number,
    accountId: webhook.accountId,
    dialect: webhook.dialect,
    url: webhook.url,
    events: [...webhook.events],
    hasSecret: webhook.sealedSecret !== null,
    state: webhook.state,
    createdAt: timeToWire(webhook.createdAt),
  };
}

function deliveryToWire(delivery: Delivery, language: Language): WireDelivery {
  return {
    id: delivery.id,
    event: delivery.event,
    orderId: delivery.orderId,
    domainId: delivery.domainId,
    organizationId: delivery.organizationId,
    webhookId: delivery.webhookId,
    url: delivery.url,
    state: delivery.state,
    attempts: delivery.attempts,
    lastAnswer: delivery.lastAnswer && renderKept(delivery.lastAnswer, language),
    tries: delivery.tries.map(({ at, status, ms, answer }) => ({
      ...{ at: timeToWire(at), status, ms },
      answer: renderKept(answer, language),
    })),
    createdAt: timeToWire(delivery.createdAt),
    endedAt: optionalTimeToWire(delivery.endedAt),
    replayedAs: delivery.replayedAs,
  };
}

function filterOf({ account, state, event, text }: z.output<typeof webhooksApi.list.request>): WebhookFilter {
  return withDefined({ account, state, event, text });
}

export const webhookOperations = [
  handled(webhooksApi.list, async (input, { caller, services }) =>
    pageToWire(await services.webhooks.list(caller, { ...pageQueryOf(input), ...filterOf(input) }), webhookToWire),
  ),

  handled(webhooksApi.show, ({ webhook }, session) =>
    withPage(session, { noun: 'webhook', reference: webhook }, async () =>
      webhookToWire(await session.services.webhooks.get(session.caller, referenceFromWire(webhook))),
    ),
  ),

  handled(webhooksApi.add, async (input, session) => {
    const { url, events = null, secret = null } = input;
    const caller = await actingCaller(session, input.account ?? null);
    return webhookToWire(await session.services.webhooks.add(caller, { url, events, secret }));
  }),

  handled(webhooksApi.change, async ({ webhook, ...input }, { caller, services }) => {
    const { url, events, secret, state } = input;
    const change = {
      ...withDefined({ url, events, secret, state }),
    };
    return webhookToWire(await services.webhooks.change(caller, referenceFromWire(webhook), change));
  }),

  handled(webhooksApi.remove, async (input, { caller, services }) => {
    const reference = referenceFromWire(input.webhook);
    const webhook = await services.webhooks.get(caller, reference);
    await services.webhooks.remove(caller, reference);
    return webhookToWire({ ...webhook, state: 'inactive' });
  }),

  handled(webhooksApi.deliveries, async (input, { caller, services, language }) => {
    const { limit, cursor, state, account, webhook, event, replayed } = input;
    const isReplayed = replayed === undefined ? undefined : replayed === 'true';
    const from = input.from === undefined ? undefined : new Date(input.from);
    const before = cursor === undefined ? undefined : readIdCursor('delivery', cursor);
    const filter = withDefined({ before, state, account, webhook, event, from, isReplayed });
    const page = await services.webhooks.deliveries(caller, { limit, ...filter, ...countingOf(input) });
    return {
      items: page.items.map((delivery) => deliveryToWire(delivery, language)),
      nextCursor: page.next,
      ...withDefined({ total: page.total }),
    };
  }),

  handled(webhooksApi.replay, async (input, { caller, services, language }) =>
    deliveryToWire(await services.webhooks.replay(caller, input.delivery), language),
  ),

  handled(webhooksApi.replayFailed, ({ webhook }, { caller, services }) =>
    services.webhooks.replayFailed(caller, referenceFromWire(webhook)),
  ),

  handled(webhooksApi.test, async (input, { caller, services, language }) => {
    const to = referenceFromWire(input.webhook);
    const { number } = await services.webhooks.get(caller, to);
    const message = testMessageToWire(number, services.clock.now());
    const { isTaken, answer } = await services.webhooks.probe(caller, { to, message });
    return { isTaken, answer: renderReason(answer, language) };
  }),
];
