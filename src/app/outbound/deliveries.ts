/**
 * Webhook deliveries to a customer's own server. Queued in the transaction of the event, written once, sent until the
 * server takes it or three days are over. Every try is a line in the audit log.
 */

import { createHmac } from 'node:crypto';
import type { AccountBalance, Delivery, Occasion, RefundLine, WebhookMessage } from '../../domain/delivery.ts';
import { CertError, type Reason, reason, refuse, renderReason } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import { customersFailure } from '../../domain/evidence.ts';
import {
  type AccountId,
  type DeliveryId,
  type IssuanceId,
  isId,
  type ManagedDomainId,
  newId,
} from '../../domain/ids.ts';
import { renderKept } from '../../domain/kept-reason.ts';
import type { ManagedDomain } from '../../domain/managed-domain.ts';
import type { Order } from '../../domain/order.ts';
import type { Organization } from '../../domain/organization.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { SealedObject } from '../../domain/ports/key-sealer.ts';
import type { DeliveryResult } from '../../domain/ports/meter.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Webhook, WebhookEvent } from '../../domain/webhook.ts';
import type { AppContext } from '../context.ts';
import { viewOrder } from '../orders/order-view.ts';
import { openKey } from '../orders/subscriber-key.ts';
import { serverSecret, webhookSecretName } from '../upkeep/server-secrets.ts';
import { maySendKeyTo } from './outbound-url.ts';
import { secretOf } from './webhook-secret.ts';

/** `sha256=` and the HMAC of the body under the account's secret, in hex. */
const signatureHeader = 'X-Certmux-Signature';

/** An event, and its subject. */
export type News = { readonly event: WebhookEvent } & (
  | { readonly order: Order; readonly issuanceId: IssuanceId; readonly refund?: RefundLine }
  | { readonly domain: Pick<ManagedDomain, 'id' | 'accountId'> }
  | { readonly organization: Pick<Organization, 'id' | 'accountId'> }
  | { readonly account: AccountId }
);

/**
 * Queues the telling of it to every webhook of the account that wants to know, in the transaction that makes it true. After
 * the commit, wake the queue.
 * @returns true if any webhook wants it
 */
export async function queueDeliveries(context: AppContext, tx: Stores, news: News): Promise<boolean> {
  const { accountId, dialect, ...about } = aboutOf(news);
  let isQueued = false;
  for (const webhook of await tx.webhooks.listActive(accountId)) {
    if (!wants(context, webhook, news.event, dialect) || !context.webhookWriters.has(webhook.dialect)) continue;
    const { id: webhookId, url } = webhook;
    await queue(context, tx, { ...about, accountId, event: news.event, webhookId, dialect: webhook.dialect, url });
    isQueued = true;
  }
  return isQueued;
}

/** Queues the deliveries for a certificate that was just stored: to the order's own URL, and to the account's webhooks. */
export async function queueIssuedDeliveries(
  context: AppContext,
  tx: Stores,
  work: { readonly order: Order; readonly issuanceId: IssuanceId },
): Promise<boolean> {
  const { order, issuanceId } = work;
  const event = 'certificateIssued';
  const isQueued = await queueDeliveries(context, tx, { event, order, issuanceId });
  if (order.notifyUrl === null) return isQueued;
  const { accountId, dialect, notifyUrl: url } = order;
  const about = { orderId: order.id, issuanceId, domainId: null, organizationId: null, refund: null };
  await queue(context, tx, { ...about, accountId, event, webhookId: null, dialect, url });
  return true;
}

type About = Pick<Delivery, 'accountId' | 'orderId' | 'issuanceId' | 'domainId' | 'organizationId' | 'refund'>;

/** `dialect` null: it did not happen through one front door. */
function aboutOf(news: News): About & { readonly dialect: string | null } {
  const none = { orderId: null, issuanceId: null, domainId: null, organizationId: null, refund: null, dialect: null };
  if ('domain' in news) return { ...none, accountId: news.domain.accountId, domainId: news.domain.id };
  if ('account' in news) return { ...none, accountId: news.account };
  if ('organization' in news) {
    const { id, accountId } = news.organization;
    return { ...none, accountId, organizationId: id };
  }
  const { id, accountId, dialect } = news.order;
  return { ...none, accountId, dialect, orderId: id, issuanceId: news.issuanceId, refund: news.refund ?? null };
}

function wants({ widest }: AppContext, webhook: Webhook, event: WebhookEvent, dialect: string | null): boolean {
  const isOfItsDoor = dialect === null || widest.has(webhook.dialect) || webhook.dialect === dialect;
  return isOfItsDoor && webhook.events.includes(event);
}

/** A delivery to be made, or made again. */
export type DeliveryContent = About & Pick<Delivery, 'event' | 'webhookId' | 'dialect' | 'url'>;

export async function queue(context: AppContext, tx: Stores, content: DeliveryContent): Promise<Delivery> {
  const now = context.clock.now();
  const delivery: Delivery = {
    ...content,
    id: newId('delivery', context),
    state: 'waiting',
    message: null,
    attempts: 0,
    lastAnswer: null,
    tries: [],
    replayedAs: null,
    createdAt: now,
    endedAt: null,
  };
  await tx.deliveries.insert(delivery);
  await tx.jobs.enqueue({ kind: 'deliver', subject: delivery.id, runAt: now, owner: delivery.accountId });
  return delivery;
}

/** The secret that signs an account's deliveries; the account's administrator may see it. */
export async function webhookSecret(context: AppContext, accountId: AccountId): Promise<string> {
  return Buffer.from(await serverSecret(context, webhookSecretName(accountId))).toString('hex');
}

export function createDeliverHandler(context: AppContext): JobHandler {
  const { database } = context;
  return async (job, signal) => {
    const delivery = isId('delivery', job.subject) ? await database.read.deliveries.get(job.subject) : undefined;
    if (delivery?.state !== 'waiting') return { kind: 'done' };
    const message = await messageOf(context, delivery);
    if (message === null) {
      await database.write((tx) => tx.deliveries.remove(delivery.id));
      return { kind: 'done' };
    }
    const at = context.clock.now();
    const attempt = (await refusal(context, delivery)) ?? (await send(context, delivery, message, signal));
    const ms = Math.max(context.clock.now().getTime() - at.getTime(), 0);
    // A server that stops has not found out anything: the next start sends again.
    signal.throwIfAborted();
    await database.write((tx) => recordTry(context, tx, { delivery, at, ms, ...attempt }));
    if (attempt.result !== undefined) context.meter.delivered(delivery.url, attempt.result);
    // The job's own attempts count the tries and set the waits between them.
    const { isTaken, evidence, status } = attempt;
    if (isTaken) return { kind: 'done' };
    throw status === null ? new CertError(evidence) : refuse('httpStatus', { url: shownUrl(delivery.url), status });
  };
}

/**
 * Written at the first try and kept, so that the receiver can recognize a repetition by its bytes.
 * @returns null where there is nothing (more) to send
 */
async function messageOf(context: AppContext, delivery: Delivery): Promise<Written | null> {
  const { database, keySealer, webhookWriters } = context;
  const { id, message, webhookId, dialect } = delivery;
  const webhook = webhookId === null ? null : await database.read.webhooks.get(webhookId);
  if (webhook === undefined) return null;
  if (message !== null) {
    const sealed = Buffer.from(keySealer.open(message.sealedBody, sealedObject(id))).toString('utf8');
    const { body, headers = {} }: Pick<Written, 'body'> & Partial<Written> = JSON.parse(sealed);
    return { contentType: message.contentType, body, headers };
  }
  const webhookWriter = webhookWriters.get(dialect);
  if (webhookWriter === undefined) throw new Error(`the dialect ${dialect} is not open or tells nothing`);
  const occasion = await occasionOf(context, delivery, webhook);
  const made = occasion && webhookWriter(occasion);
  if (made === null) return null;
  const written = withSecret(made, webhook && secretOf(context, webhook));
  const { contentType, body, headers } = written;
  const text = Buffer.from(JSON.stringify({ body, headers }));
  await database.write((tx) =>
    tx.deliveries.putMessage(id, { contentType, sealedBody: keySealer.seal(text, sealedObject(id)) }),
  );
  return written;
}

/** A message with the headers of its receiver. */
interface Written extends Omit<WebhookMessage, 'secretHeader'> {
  readonly headers: Readonly<Record<string, string>>;
}

export function withSecret({ secretHeader, ...message }: WebhookMessage, secret: string | null): Written {
  const hasSecret = secretHeader !== undefined && secret !== null;
  return { ...message, headers: hasSecret ? { [secretHeader]: secret } : {} };
}

/** Null: what it is about is gone. */
async function occasionOf(
  context: AppContext,
  { accountId, event, orderId, issuanceId, domainId, organizationId, refund }: Delivery,
  webhook: Webhook | null,
): Promise<Occasion | null> {
  const { read } = context.database;
  const order = orderId === null ? null : await read.orders.get(orderId);
  const organization = organizationId === null ? null : await read.organizations.get(organizationId);
  const domain = domainId === null ? null : await domainOf(context, domainId);
  const balance = event === 'balanceLow' ? await balanceOf(read, accountId) : null;
  if (order === undefined || organization === undefined || domain === undefined || balance === undefined) return null;
  // The view as of the event's issuance: a reissue since then has a delivery of its own.
  const view = order && (await viewOrder(context, order, issuanceId ?? order.issuanceId));
  const sealedKey = webhook === null ? view?.issuance.sealedKey : undefined;
  return {
    event,
    view,
    // An account's webhook gets every order for years: the key is sent only where the order itself named the URL.
    privateKey: view === null || sealedKey == null ? null : openKey(context, view.issuance.id, sealedKey),
    domain,
    organization,
    refund,
    balance,
    webhook: webhook && { number: webhook.number, settings: webhook.settings },
    now: context.clock.now(),
  };
}

async function balanceOf({ accounts, ledger }: Stores, id: AccountId): Promise<AccountBalance | undefined> {
  const account = await accounts.get(id);
  return account && { ...account, balanceMinor: await ledger.balance(id) };
}

/** @throws while no domains are kept, of which nobody could tell anything */
async function domainOf(context: AppContext, id: ManagedDomainId): Promise<ManagedDomain | undefined> {
  return context.database.read.managedDomains.get(id);
}

/**
 * The reason not to send it: it would carry a private key in the clear, which was allowed when the order was placed, or did
 * not carry one then. It is tried again, since the operator may allow it.
 */
async function refusal(context: AppContext, delivery: Delivery): Promise<Attempt | undefined> {
  const { webhookId, issuanceId, url } = delivery;
  if (webhookId !== null || issuanceId === null || maySendKeyTo(context, new URL(url))) return undefined;
  const issuance = await context.database.read.issuances.get(issuanceId);
  if (issuance?.sealedKey == null) return undefined;
  const answer = reason('keyNotSentInClear', { url: shownUrl(url) });
  return { status: null, answer, evidence: answer, isTaken: false };
}

/** Outcome of a try: as its customer may read it, and in full. */
export interface Attempt {
  readonly isTaken: boolean;
  /** Null: there was no answer. */
  readonly status: number | null;
  readonly answer: Reason;
  readonly evidence: Reason;
  /** What its server did with it; absent where it was not sent. */
  readonly result?: DeliveryResult;
}

/** Posts it once, signed and guarded. */
export async function send(
  context: AppContext,
  { id, url, accountId }: Pick<Delivery, 'id' | 'url' | 'accountId'>,
  { contentType, body, headers: more }: Written,
  signal: AbortSignal,
): Promise<Attempt> {
  const signature = createHmac('sha256', await webhookSecret(context, accountId))
    .update(body)
    .digest('hex');
  const headers = {
    ...more,
    'Content-Type': contentType,
    [signatureHeader]: `sha256=${signature}`,
    'X-Certmux-Notification': id,
  };
  const outcome = await context.fetchUntrusted({ url, signal, post: { body, headers } });
  if (outcome.ok) {
    const { status } = outcome;
    const answer = reason('webhookStatus', { status });
    const isTaken = status >= 200 && status < 300;
    return { status, answer, evidence: answer, isTaken, result: isTaken ? 'delivered' : 'refused' };
  }
  const { problem, isPublic } = outcome;
  // Whoever sets the URL must not find out which ports of an internal network are open.
  const answer = customersFailure(problem, { url, isPublic });
  return { status: null, answer, evidence: problem, isTaken: false, result: 'unanswered' };
}

async function recordTry(
  context: AppContext,
  tx: Stores,
  input: { readonly delivery: Delivery; readonly at: Date; readonly ms: number } & Attempt,
): Promise<void> {
  const { delivery, at, ms, status, answer, evidence, isTaken } = input;
  const { id, url, webhookId, issuanceId } = delivery;
  const now = context.clock.now();
  // It was sent, whatever has become of the delivery meanwhile: the log says so in any case.
  await tx.deliveries.recordTry(id, { at, status, ms, answer });
  const kind: EventKind = isTaken ? 'notification.delivered' : 'notification.tried';
  // The status in English is what the log of an account keeps of it; the reason shows in everybody's language.
  const why = isTaken ? {} : { reason: answer };
  await record(tx, kind, delivery, { now, url: shownUrl(url), answer: renderReason(evidence, 'en'), ...why });
  if (!isTaken) return;
  if (!(await tx.deliveries.end(id, 'delivered', now))) return;
  const issuance = webhookId === null && issuanceId !== null ? await tx.issuances.get(issuanceId) : undefined;
  if (issuance?.sealedKey == null) return;
  await record(tx, 'key.delivered', delivery, { now, issuance: issuance.id, to: shownUrl(url) });
}

/** A line in the audit log about a delivery: of the order, the domain or the organization. */
function record(
  tx: Stores,
  kind: EventKind,
  { id, accountId, event, orderId, domainId, organizationId }: Delivery,
  { now, ...data }: { readonly now: Date } & Readonly<Record<string, unknown>>,
): Promise<void> {
  return tx.events.append({
    kind,
    accountId,
    actor: 'system',
    subject: orderId ?? domainId ?? organizationId ?? id,
    data: { delivery: id, event, ...data },
    requestId: null,
    at: now,
  });
}

/** No more tries: the row and the audit log say so, and the message is deleted. */
export async function giveUpDelivery(context: AppContext, tx: Stores, id: DeliveryId, attempts: number): Promise<void> {
  const now = context.clock.now();
  const delivery = await tx.deliveries.get(id);
  if (delivery === undefined || !(await tx.deliveries.end(id, 'failed', now))) return;
  const { url, lastAnswer } = delivery;
  const answer = lastAnswer && renderKept(lastAnswer, 'en');
  await record(tx, 'notification.failed', delivery, { now, url: shownUrl(url), answer, attempts });
}

function sealedObject(id: DeliveryId): SealedObject {
  return { kind: 'delivery', id };
}

/** Leaves out parts that may be a secret of the receiver: user, password and query. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  return url.origin + url.pathname;
}
