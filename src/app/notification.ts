/**
 * Webhooks: what a customer's own server is told. Queued in the transaction that made it true, written once, sent until the
 * server takes it or three days are over. Every try is a line in the audit log.
 */
import { createHmac } from 'node:crypto';
import { renderReason } from '../domain/errors.ts';
import type { EventKind } from '../domain/event.ts';
import { type AccountId, isId, type NotificationId, newId } from '../domain/ids.ts';
import type { Notification } from '../domain/notification.ts';
import type { Order } from '../domain/order.ts';
import type { Stores } from '../domain/stores.ts';
import type { JobHandler } from '../domain/work.ts';
import type { AppContext } from './context.ts';
import type { IssueWork } from './handover.ts';
import { recordChange } from './order-event.ts';
import { viewOrder } from './order-view.ts';
import { openKey } from './subscriber-key.ts';

/** `sha256=` and the HMAC of the body under the account's secret, in hex. */
const signatureHeader = 'X-Certmux-Signature';

/** Queues the telling of a certificate that was just stored, where the order asked for it. */
export async function queueNotification(context: AppContext, tx: Stores, work: IssueWork): Promise<void> {
  const { order, issuance } = work;
  if (order.notifyUrl === null) return;
  const now = context.clock.now();
  const id = newId('notification', context);
  await tx.notifications.insert({
    id,
    accountId: order.accountId,
    event: 'certificateIssued',
    orderId: order.id,
    issuanceId: issuance.id,
    domainId: null,
    organizationId: null,
    webhookId: null,
    dialect: order.dialect,
    url: order.notifyUrl,
    state: 'waiting',
    message: null,
    attempts: 0,
    lastAnswer: null,
    createdAt: now,
    endedAt: null,
  });
  await tx.jobs.enqueue({ kind: 'notify', subject: id, runAt: now });
}

/** The secret that signs what an account is told; the account's administrator may see it. */
export function webhookSecret(context: AppContext, accountId: AccountId): string {
  return Buffer.from(context.keySealer.derive(`webhook/${accountId}`)).toString('hex');
}

export function createNotifyHandler(context: AppContext): JobHandler {
  const { database } = context;
  return async (job, signal) => {
    const notification = isId('notification', job.subject)
      ? await database.read.notifications.get(job.subject)
      : undefined;
    if (notification?.state !== 'waiting') return { kind: 'done' };
    const order = notification.orderId === null ? undefined : await database.read.orders.get(notification.orderId);
    if (order === undefined) return { kind: 'done' };
    const message = await messageOf(context, notification, order);
    const { answer, isTaken } = await send(context, notification, message, signal);
    // A server that stops has not found out anything: the next start sends again.
    signal.throwIfAborted();
    await database.write((tx) => recordTry(context, tx, { notification, order, answer, isTaken }));
    // The job's own attempts count the tries and set the waits between them.
    if (!isTaken) throw new Error(`the webhook ${shownUrl(notification.url)} answered: ${answer}`);
    return { kind: 'done' };
  };
}

/** Written at the first try and kept, so that the receiver can tell a repetition by its bytes. */
async function messageOf(
  context: AppContext,
  notification: Notification,
  order: Order,
): Promise<{ readonly contentType: string; readonly body: string }> {
  const { database, keySealer, notifiers } = context;
  const { id, message } = notification;
  if (message !== null) {
    const body = Buffer.from(keySealer.open(message.sealedBody, sealingContext(id))).toString('utf8');
    return { contentType: message.contentType, body };
  }
  const notifier = notifiers.get(notification.dialect);
  if (notifier === undefined) throw new Error(`the dialect ${notification.dialect} is not open or tells nothing`);
  // A reissue since then is told by a notification of its own.
  const view = await viewOrder(context, order, notification.issuanceId ?? order.issuanceId);
  const { sealedKey } = view.issuance;
  const made = notifier({
    event: notification.event,
    view,
    privateKey: sealedKey === null ? null : openKey(context, view.issuance.id, sealedKey),
    domain: null,
    organization: null,
    webhook: null,
    secret: null,
    now: context.clock.now(),
  });
  if (made === null) throw new Error(`the dialect ${notification.dialect} has no words for ${notification.event}`);
  const sealedBody = keySealer.seal(Buffer.from(made.body), sealingContext(id));
  await database.write((tx) => tx.notifications.putMessage(id, { contentType: made.contentType, sealedBody }));
  return made;
}

async function send(
  context: AppContext,
  { id, url, accountId }: Notification,
  { contentType, body }: { readonly contentType: string; readonly body: string },
  signal: AbortSignal,
): Promise<{ readonly answer: string; readonly isTaken: boolean }> {
  const signature = createHmac('sha256', webhookSecret(context, accountId)).update(body).digest('hex');
  const headers = {
    'Content-Type': contentType,
    [signatureHeader]: `sha256=${signature}`,
    'X-Certmux-Notification': id,
  };
  const outcome = await context.fetchUntrusted({ url, signal, post: { body, headers } });
  if (!outcome.ok) return { answer: renderReason(outcome.problem, 'en'), isTaken: false };
  return { answer: `HTTP status ${outcome.status}`, isTaken: outcome.status >= 200 && outcome.status < 300 };
}

async function recordTry(
  context: AppContext,
  tx: Stores,
  input: {
    readonly notification: Notification;
    readonly order: Order;
    readonly answer: string;
    readonly isTaken: boolean;
  },
): Promise<void> {
  const { notification, order, answer, isTaken } = input;
  const now = context.clock.now();
  await tx.notifications.recordTry(notification.id, answer);
  const kind: EventKind = isTaken ? 'notification.delivered' : 'notification.tried';
  const url = shownUrl(notification.url);
  await recordChange(tx, null, kind, order, { now, notification: notification.id, url, answer });
  if (!isTaken) return;
  await tx.notifications.end(notification.id, 'delivered', now);
  const { issuanceId } = notification;
  const issuance = issuanceId === null ? undefined : await tx.issuances.get(issuanceId);
  if (issuance?.sealedKey != null) {
    await recordChange(tx, null, 'key.delivered', order, { now, issuance: issuance.id, to: url });
  }
}

/** No more tries: the row and the audit log say so, and what was to be told is forgotten. */
export async function giveUpNotification(
  context: AppContext,
  tx: Stores,
  id: NotificationId,
  attempts: number,
): Promise<void> {
  const now = context.clock.now();
  const notification = await tx.notifications.get(id);
  if (notification === undefined || !(await tx.notifications.end(id, 'failed', now))) return;
  const order = notification.orderId === null ? undefined : await tx.orders.get(notification.orderId);
  if (order === undefined) return;
  const { url, lastAnswer: answer } = notification;
  await recordChange(tx, null, 'notification.failed', order, {
    now,
    notification: id,
    url: shownUrl(url),
    answer,
    attempts,
  });
}

function sealingContext(id: NotificationId): string {
  return `notification:${id}`;
}

/** Without what may be a secret of the receiver: user, password and query. */
function shownUrl(text: string): string {
  const url = new URL(text);
  return url.origin + url.pathname;
}
