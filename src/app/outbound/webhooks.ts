/** The webhooks of an account: their events, their deliveries, and sending one again. */
import type { Caller, Reference } from '../../domain/caller.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { quoted, refuse, renderReason, toCertError } from '../../domain/errors.ts';
import { type AccountId, type DeliveryId, isId, newId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { WebhookStore } from '../../domain/ports/stores/webhooks.ts';
import type { Replays, WebhookProbe, Webhooks } from '../../domain/ports/webhooks.ts';
import { type Webhook, type WebhookEvent, webhookEvents } from '../../domain/webhook.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, accountIdOf, dialectScope, findAccount, isWithin } from '../scope.ts';
import { queue, send, shownUrl, webhookSecret, withSecret } from './deliveries.ts';
import { requireDeliverable } from './outbound-url.ts';
import { checkedSecret, sealSecret, secretOf } from './webhook-secret.ts';

/** Each event goes to each of them: enough for any account, too few to flood anybody. */
const maxOfAccount = 20;

/** Deliveries of one call: others have their turn between two of them. */
const mostReplays = 1000;
const replaysAtOnce = 50;

type WebhookUpdate = Parameters<WebhookStore['update']>[1];

export function createWebhooks(context: AppContext): Webhooks {
  const { database, clock } = context;
  const { read } = database;

  async function changed(caller: Caller, reference: Reference, change: (webhook: Webhook) => WebhookUpdate) {
    return database.write(async (tx) => {
      const found = await findWebhook(tx, caller, reference);
      const update = change(found);
      const webhook = { ...found, ...update };
      await tx.webhooks.update(found.id, update);
      await record(tx, caller, 'webhook.changed', webhook, clock.now());
      return webhook;
    });
  }

  return {
    async add(caller, request) {
      const accountId = accountIdOf(caller);
      const id = newId('webhook', context);
      const now = clock.now();
      const webhook: Omit<Webhook, 'number' | 'sealedSecret'> = {
        id,
        accountId,
        dialect: caller.dialect,
        url: checkedUrl(context, request.url),
        events: checkedEvents(request.events),
        state: request.state ?? 'active',
        settings: request.settings ?? {},
        createdAt: now,
      };
      return database.write(async (tx) => {
        if ((await tx.webhooks.count(accountId)) >= maxOfAccount) {
          throw refuse('webhookLimit', { limit: maxOfAccount });
        }
        const sealedSecret = sealSecret(context, id, request.secret);
        const added = await tx.webhooks.insert({ ...webhook, sealedSecret });
        await record(tx, caller, 'webhook.added', added, now);
        return added;
      });
    },

    get: (caller, reference) => findWebhook(read, caller, reference),

    async list(caller, { account, limit, before, withTotal, ...rest }) {
      const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
      const filter = { ...rest, accountId, ...dialectScope(caller) };
      const found = await read.webhooks.list({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const total = withTotal && (await read.webhooks.total(filter));
      return { ...pageOf(found, limit, ({ number }) => number), ...withDefined({ total }) };
    },

    change: (caller, reference, change) =>
      changed(caller, reference, (webhook) => ({
        ...(change.url === undefined ? {} : { url: checkedUrl(context, change.url) }),
        ...(change.events === undefined ? {} : { events: checkedEvents(change.events) }),
        ...(change.secret === undefined ? {} : { sealedSecret: sealSecret(context, webhook.id, change.secret) }),
        ...(change.settings === undefined ? {} : { settings: change.settings }),
        ...(change.state === undefined ? {} : { state: change.state }),
      })),

    async remove(caller, reference) {
      await database.write(async (tx) => {
        const webhook = await findWebhook(tx, caller, reference);
        const now = clock.now();
        if (!(await tx.webhooks.remove(webhook.id, now))) throw notFound(reference);
        await record(tx, caller, 'webhook.removed', webhook, now);
      });
    },

    async probe(caller, { to, message }) {
      const receiver = await receiverOf(context, caller, to);
      // The guarded fetch has its own limit of time.
      const { signal } = new AbortController();
      const id = newId('delivery', context);
      const sent = await send(context, { ...receiver, id }, withSecret(message, receiver.secret), signal);
      const { isTaken, answer, evidence } = sent;
      const data = { url: shownUrl(receiver.url), answer: renderReason(evidence, 'en') };
      const { accountId, subject } = receiver;
      await database.write((tx) =>
        recordAccount(tx, caller, 'webhook.probed', { accountId, subject, data, at: clock.now() }),
      );
      return { isTaken, answer };
    },

    async secretOf(caller, idOrNumber) {
      const account = await findAccount(read, caller, idOrNumber);
      return webhookSecret(context, account.id);
    },

    async deliveries(caller, query) {
      const { account, webhook, limit, before, withTotal, ...rest } = query;
      const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
      const webhookId = webhook === undefined ? undefined : (await findWebhook(read, caller, referenceOf(webhook))).id;
      const filter = { ...rest, accountId, ...dialectScope(caller), ...withDefined({ webhookId }) };
      const found = await read.deliveries.list({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const total = withTotal && (await read.deliveries.count(filter));
      return { ...pageOf(found, limit, ({ id }) => id), ...withDefined({ total }) };
    },

    async replay(caller, id) {
      const made = await database.write((tx) => replayDelivery(context, tx, caller, id));
      context.queue.wake();
      return made;
    },

    async replayFailed(caller, reference) {
      const webhook = await findWebhook(read, caller, reference);
      requireActive(webhook);
      const replays = await replayEach(context, caller, webhook);
      context.queue.wake();
      return replays;
    },
  };
}

interface Receiver {
  readonly accountId: AccountId;
  readonly url: string;
  readonly secret: string | null;
  /** Fields for the audit log. */
  readonly subject: string;
}

async function receiverOf(context: AppContext, caller: Caller, to: WebhookProbe['to']): Promise<Receiver> {
  const { read } = context.database;
  if (!('url' in to)) {
    const webhook = await findWebhook(read, caller, to);
    const { id: subject, accountId, url } = webhook;
    return { accountId, url, secret: secretOf(context, webhook), subject };
  }
  const accountId = accountIdOf(caller);
  const secret = to.secret === null ? null : checkedSecret(to.secret);
  return { accountId, url: checkedUrl(context, to.url), secret, subject: accountId };
}

export async function replayDelivery(context: AppContext, tx: Stores, caller: Caller, id: string): Promise<Delivery> {
  const delivery = isId('delivery', id) ? await tx.deliveries.get(id) : undefined;
  if (delivery === undefined || !maySee(caller, delivery))
    throw refuse('notFound', { what: 'delivery', value: quoted(id) });
  if (delivery.state === 'waiting') {
    const needed = ['delivered', 'failed'] as const;
    throw refuse('wrongState', { what: 'delivery', value: id, state: delivery.state, needed });
  }
  const { accountId, event, orderId, issuanceId, domainId, organizationId, refund, webhookId, dialect } = delivery;
  const webhook = webhookId === null ? null : await findWebhook(tx, caller, { id: webhookId });
  if (webhook !== null) requireActive(webhook);
  const about = { accountId, event, orderId, issuanceId, domainId, organizationId, refund, webhookId, dialect };
  const made = await queue(context, tx, { ...about, url: webhook?.url ?? delivery.url });
  await tx.deliveries.markReplayed(delivery.id, made.id);
  const data = { delivery: delivery.id, again: made.id, url: shownUrl(made.url) };
  const subject = orderId ?? domainId ?? organizationId ?? delivery.id;
  await recordAccount(tx, caller, 'notification.replayed', { accountId, subject, data, at: made.createdAt });
  return made;
}

/** Each that failed in a transaction of its own: one that is refused stays, and the next one has its turn. */
async function replayEach(context: AppContext, caller: Caller, { id, accountId }: Webhook): Promise<Replays> {
  const { database } = context;
  const filter = { accountId, webhookId: id, state: 'failed', isReplayed: false } as const;
  const counts = { queued: 0, refused: 0 };
  for (let before: DeliveryId | undefined; ; ) {
    const page = await database.read.deliveries.list({ ...filter, limit: replaysAtOnce, ...withDefined({ before }) });
    for (const delivery of page) {
      if (counts.queued + counts.refused >= mostReplays) return { ...counts, isMore: true };
      counts[await replayOnce(context, caller, delivery.id)]++;
    }
    before = page.at(-1)?.id;
    if (before === undefined || page.length < replaysAtOnce) return { ...counts, isMore: false };
  }
}

/** Nothing where somebody else sent it again meanwhile. */
async function replayOnce(context: AppContext, caller: Caller, id: DeliveryId): Promise<'queued' | 'refused'> {
  return context.database
    .write(async (tx) => {
      const isDone = (await tx.deliveries.get(id))?.replayedAs !== null;
      if (!isDone) await replayDelivery(context, tx, caller, id);
      return isDone ? ('refused' as const) : ('queued' as const);
    })
    .catch((thrown: unknown) => {
      if (toCertError(thrown).code === 'internal') throw thrown;
      return 'refused' as const;
    });
}

/** @throws {CertError} wrongState */
export function requireActive({ number, state }: Webhook): void {
  if (state === 'active') return;
  throw refuse('wrongState', { what: 'webhook', value: String(number), state, needed: 'active' });
}

/** Only those of the account and of the caller's front door, unless it sees all. */
function maySee(caller: Caller, { accountId, dialect }: Pick<Webhook, 'accountId' | 'dialect'>): boolean {
  return (caller.seesAllDialects || caller.dialect === dialect) && isWithin(caller, accountId);
}

export async function findWebhook(stores: Stores, caller: Caller, reference: Reference): Promise<Webhook> {
  const webhook =
    'number' in reference
      ? await stores.webhooks.getByNumber(reference.number)
      : isId('webhook', reference.id)
        ? await stores.webhooks.get(reference.id)
        : undefined;
  if (webhook !== undefined && maySee(caller, webhook)) return webhook;
  throw notFound(reference);
}

function notFound(reference: Reference) {
  return refuse('notFound', { what: 'webhook', value: quoted(String(Object.values(reference)[0])) });
}

/** @throws {CertError} invalidField */
function checkedUrl(context: AppContext, url: string): string {
  return requireDeliverable(context, { field: 'url', text: url }).href;
}

/** Sorts them like the list. @throws {CertError} invalidField when none is left */
function checkedEvents(events: readonly WebhookEvent[] | null): readonly WebhookEvent[] {
  if (events === null) return webhookEvents;
  const unknown = events.find((event) => !webhookEvents.includes(event));
  if (unknown === undefined && events.length > 0) return webhookEvents.filter((event) => events.includes(event));
  const value = quoted(unknown ?? '');
  throw refuse('fieldInvalid', { field: 'events', value, expected: webhookEvents.join(', ') });
}

function record(
  tx: Stores,
  caller: Caller,
  kind: 'webhook.added' | 'webhook.changed' | 'webhook.removed',
  { id, number, accountId, url, events, state }: Webhook,
  at: Date,
): Promise<void> {
  const data = { number, url: shownUrl(url), events: [...events], state };
  return recordAccount(tx, caller, kind, { accountId, subject: id, data, at });
}

function referenceOf(text: string): Reference {
  return /^[0-9]{1,10}$/.test(text) ? { number: Number(text) } : { id: text };
}
