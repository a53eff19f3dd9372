/** The webhook of the account: one, without deliveries until its receiver has proved itself and it is activated. */
import type { Caller } from '../../../domain/caller.ts';
import { quoted, type Reason, refuse, renderReason } from '../../../domain/errors.ts';
import type { Phrase } from '../../../domain/messages/expectations.ts';
import { type Webhook, type WebhookEvent, withoutPassword } from '../../../domain/webhook.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { emptyRequest } from '../domains/schema.ts';
import { basePath, dialectName } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { pageLimit } from '../wire/paging.ts';
import { filled, nothing } from '../wire/shapes.ts';
import { isChallengeMet, newChallenge } from './challenge.ts';
import {
  addedWebhook,
  challengeRequest,
  newWebhookRequest,
  testRequest,
  type WireEvent,
  type WireWebhook,
  webhook,
  webhookChangeRequest,
  webhookList,
  webhookRequest,
  webhookSettings,
  wireEvents,
} from './schema.ts';
import { challengeMessage, eventOfWire, testMessage, wireOfEvent } from './webhook-message.ts';

const webhookPath = `${basePath}/webhook/:id`;

const listWebhooks = callerOperation({
  id: 'webhook.list',
  method: 'GET',
  path: `${basePath}/webhook`,
  summary: { en: 'The webhook of the account', zh: 'Webhook 列表' },
  request: emptyRequest,
  response: webhookList,
  async handle(_input, { services, caller }: Client) {
    return { webhooks: (await ownWebhooks(services, caller)).map(webhookToWire) };
  },
});

const showWebhook = callerOperation({
  id: 'webhook.show',
  method: 'GET',
  path: webhookPath,
  summary: { en: 'A webhook', zh: '查看 Webhook' },
  request: webhookRequest,
  response: webhook,
  async handle({ id }, { services, caller }: Client) {
    return webhookToWire(await ownWebhook(services, caller, id));
  },
});

const addWebhook = callerOperation({
  id: 'webhook.add',
  method: 'POST',
  path: `${basePath}/webhook`,
  summary: { en: 'Add a webhook', zh: '添加 Webhook' },
  status: 201,
  request: newWebhookRequest,
  response: addedWebhook,
  async handle(input, { services, caller }: Client) {
    const url = urlFromWire(input.endpoint, services);
    const events = eventsFromWire(input.events) ?? wireEvents.map(eventOfWire);
    const [existing] = await ownWebhooks(services, caller);
    if (existing !== undefined) throw refuse('webhookExists', { number: existing.number });
    const { number } = await services.webhooks.add(caller, {
      url,
      events,
      secret: input.secret || null,
      settings: settingsOf(input.webhook_settings, false),
      state: 'inactive',
    });
    return { webhook_id: number };
  },
});

const changeWebhook = callerOperation({
  id: 'webhook.change',
  method: 'PUT',
  path: webhookPath,
  summary: { en: 'Change a webhook', zh: '修改 Webhook' },
  request: webhookChangeRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    const before = await ownWebhook(services, caller, input.id);
    const url = urlFromWire(input.endpoint, services);
    const events = eventsFromWire(input.events);
    // Another receiver has to prove itself again.
    const isSame = new URL(url).href === new URL(before.url).href;
    const settings = input.webhook_settings ?? settingsToWire(before);
    await services.webhooks.change(
      caller,
      { number: input.id },
      {
        url,
        ...withDefined({ events }),
        // Left out, it stays; empty, it goes.
        ...(input.secret === undefined || input.secret === null ? {} : { secret: input.secret || null }),
        settings: settingsOf(settings, isSame && isProved(before)),
        ...(isSame ? {} : { state: 'inactive' as const }),
      },
    );
    return undefined;
  },
});

const removeWebhook = callerOperation({
  id: 'webhook.remove',
  method: 'DELETE',
  path: webhookPath,
  summary: { en: 'Remove a webhook', zh: '删除 Webhook' },
  request: webhookRequest,
  response: nothing,
  async handle({ id }, { services, caller }: Client) {
    await ownWebhook(services, caller, id);
    await services.webhooks.remove(caller, { number: id });
    return undefined;
  },
});

const sendTest = callerOperation({
  id: 'webhook.test',
  method: 'POST',
  path: `${basePath}/webhook/test-endpoint`,
  summary: { en: 'Send a test message to a receiver', zh: '发送测试消息' },
  request: testRequest,
  response: nothing,
  // The one call that answers nothing with 200.
  render: () => new Response(null, { status: 200, headers: { 'cache-control': 'private,no-cache' } }),
  async handle(input, { services, caller }: Client) {
    const url = urlFromWire(input.endpoint, services);
    const to = { url, secret: input.secret || null };
    const { isTaken, answer } = await services.webhooks.probe(caller, { to, message: testMessage() });
    if (!isTaken) throw refuse('webhookNotTaken', { url, answer: phraseOf(answer) });
    return undefined;
  },
});

const sendChallenge = callerOperation({
  id: 'webhook.sendChallenge',
  method: 'PUT',
  path: `${webhookPath}/send-challenge`,
  summary: { en: 'Send a token to the webhook, to be sent back', zh: '向 Webhook 发送验证令牌' },
  request: webhookRequest,
  response: nothing,
  async handle({ id }, { services, caller }: Client) {
    const found = await ownWebhook(services, caller, id);
    const token = newChallenge(found, services.clock.now(), services.secretFor('webhook challenge'));
    const { isTaken, answer } = await services.webhooks.probe(caller, {
      to: { number: id },
      message: challengeMessage(found.number, token),
    });
    if (!isTaken) throw refuse('webhookNotTaken', { url: found.url, answer: phraseOf(answer) });
    return undefined;
  },
});

const checkChallenge = callerOperation({
  id: 'webhook.checkChallenge',
  method: 'PUT',
  path: `${webhookPath}/check-challenge`,
  summary: { en: 'Verify the webhook with the token that was sent to it', zh: '用令牌验证 Webhook' },
  request: challengeRequest,
  response: nothing,
  async handle({ id, token }, { services, caller }: Client) {
    const found = await ownWebhook(services, caller, id);
    const secret = services.secretFor('webhook challenge');
    if (!isChallengeMet(found, token, { now: services.clock.now(), secret })) throw refuse('webhookTokenWrong', {});
    const settings = settingsOf(settingsToWire(found), true);
    await services.webhooks.change(caller, { number: id }, { settings });
    return undefined;
  },
});

const activateWebhook = stateOperation('activate', 'active', { en: 'Tell a webhook from now on', zh: '启用 Webhook' });
const deactivateWebhook = stateOperation('deactivate', 'inactive', {
  en: 'Tell a webhook nothing',
  zh: '停用 Webhook',
});

function stateOperation(verb: string, state: Webhook['state'], summary: { en: string; zh: string }) {
  return callerOperation({
    id: `webhook.${verb}`,
    method: 'PUT',
    path: `${webhookPath}/${verb}`,
    summary,
    request: webhookRequest,
    response: nothing,
    async handle({ id }, { services, caller }: Client) {
      const found = await ownWebhook(services, caller, id);
      if (!isProved(found)) throw refuse('webhookUnproved', { number: id });
      await services.webhooks.change(caller, { number: id }, { state });
      return undefined;
    },
  });
}

export const webhookOperations: readonly Operation<Services>[] = [
  listWebhooks,
  addWebhook,
  sendTest,
  showWebhook,
  changeWebhook,
  removeWebhook,
  sendChallenge,
  checkChallenge,
  activateWebhook,
  deactivateWebhook,
];

/** Those of this front door. */
async function ownWebhooks({ webhooks }: Services, caller: Caller): Promise<readonly Webhook[]> {
  // An account has far fewer than a page.
  const { items } = await webhooks.list(caller, { limit: pageLimit });
  return items.filter(({ dialect }) => dialect === dialectName);
}

/** @throws {CertError} notFound */
async function ownWebhook(services: Services, caller: Caller, number: number): Promise<Webhook> {
  const found = (await ownWebhooks(services, caller)).find((one) => one.number === number);
  if (found === undefined) throw refuse('notFound', { what: 'webhook', value: String(number) });
  return found;
}

function webhookToWire(one: Webhook): WireWebhook {
  const events = one.events.flatMap((event: WebhookEvent) => wireOfEvent(event) ?? []);
  const inactive = isProved(one) ? 'inactive' : 'pending';
  return {
    id: one.number,
    endpoint: one.url,
    events: [...events],
    status: one.state === 'active' ? 'active' : inactive,
    webhook_settings: settingsToWire(one),
  };
}

type WireSettings = WireWebhook['webhook_settings'];

/** Settings of a webhook that only this front door keeps: the vendor's, and whether the receiver proved itself. */
function settingsOf(settings: WireSettings | undefined, isProvedNow: boolean): Readonly<Record<string, unknown>> {
  return { webhook_settings: settings ?? {}, isProved: isProvedNow };
}

function settingsToWire({ settings }: Webhook): WireSettings {
  const parsed = webhookSettings.safeParse(settings.webhook_settings ?? {});
  return parsed.success ? parsed.data : {};
}

function isProved({ settings }: Webhook): boolean {
  return settings.isProved === true;
}

/** @throws {CertError} invalidField */
function urlFromWire(endpoint: string, { config }: Services): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const allowed = config.plainWebhooks ? ['https:', 'http:'] : ['https:'];
  if (url !== undefined && allowed.includes(url.protocol)) return endpoint;
  const scheme = allowed.map((protocol) => `${protocol}//…`).join(' / ');
  throw refuse('fieldInvalid', { field: 'endpoint', value: quoted(withoutPassword(endpoint)), expected: scheme });
}

/** Undefined where none is named: a webhook of nothing is not what an empty list means. @throws {CertError} invalidField */
function eventsFromWire(sent: readonly (string | undefined)[] | undefined): readonly WebhookEvent[] | undefined {
  const events = filled(sent).map(({ item: text, index }) => {
    if (isWireEvent(text)) return eventOfWire(text);
    throw refuse('fieldInvalid', { field: `events[${index}]`, value: quoted(text), expected: wireEvents.join(', ') });
  });
  return events.length === 0 ? undefined : events;
}

function isWireEvent(text: string): text is WireEvent {
  return (wireEvents as readonly string[]).includes(text);
}

function phraseOf(answer: Reason): Phrase {
  return { en: renderReason(answer, 'en'), zh: renderReason(answer, 'zh') };
}
