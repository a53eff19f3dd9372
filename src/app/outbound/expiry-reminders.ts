/**
 * Expiry reminders: for an order's coverage, its certificate and the verification of an organization; by mail and to
 * webhooks. A cursor for each number of days says up to where reminders were queued, and moves in the transaction that queues
 * them: none is lost in a crash, and none is sent twice.
 */
import type { Certificate } from '../../domain/certificate.ts';
import type { EndingReminder, ExpiryReminder } from '../../domain/expiry-reminder.ts';
import { type IssuanceId, isId, newId } from '../../domain/ids.ts';
import type { JobKind } from '../../domain/job.ts';
import { isMailbox } from '../../domain/mailbox.ts';
import { expiryReminderMail } from '../../domain/messages/mails/expiry-reminder.ts';
import type { MailLinks } from '../../domain/messages/mails/mail.ts';
import { type Order, reissueDue, stateAt } from '../../domain/order.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import type { Cursor, Ending, EndingWindow } from '../../domain/ports/stores/expiry-reminders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { WebhookEvent } from '../../domain/webhook.ts';
import type { AppContext } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';
import { viewOrder } from '../orders/order-view.ts';
import { certificateText } from './certificate-mail.ts';
import { queueDeliveries } from './deliveries.ts';
import { admitMail, stopUrl } from './mailboxes.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** What one transaction looks at, with up to some ten rows written for each: a few milliseconds. */
const atOnce = 20;

/** One kind of thing that ends. */
interface Sweep<I> {
  readonly event: WebhookEvent;
  list(tx: Stores, window: EndingWindow): Promise<readonly Ending<I>[]>;
  announce(context: AppContext, tx: Stores, ending: Ending<I> & { readonly days: number }): Promise<void>;
}

function sweep<I>(description: Sweep<I>): (context: AppContext, days: number, now: Date) => Promise<number> {
  return (context, days, now) => step(context, description, { days, now });
}

const orderEndings = sweep({
  event: 'orderExpiring',
  list: (tx, window) => tx.expiryReminders.listOrdersEnding(window),
  async announce(context, tx, { id, endsAt, days }) {
    const order = await tx.orders.get(id);
    if (order === undefined || !wantsReminder(order) || isTooSoon(order.coverageFrom, endsAt, days)) return;
    await announceOrder(context, tx, { event: 'orderExpiring', order, issuanceId: order.issuanceId, endsAt });
  },
});

const certificateEndings = sweep({
  event: 'certificateExpiring',
  list: (tx, window) => tx.expiryReminders.listCertificatesEnding(window),
  async announce(context, tx, { id, endsAt, days }) {
    const certificate = await tx.certificates.get(id);
    const order = certificate && (await tx.orders.get(certificate.orderId));
    if (certificate === undefined || order === undefined || !wantsReminder(order)) return;
    const { issuanceId, notBefore } = certificate;
    if (endsWithCoverage(order, endsAt) || isTooSoon(notBefore, endsAt, days)) return;
    if (!(await isNewest(tx, order, issuanceId))) return;
    if (await willBeReissued(context, tx, { order, issuanceId, certificate })) return;
    await announceOrder(context, tx, { event: 'certificateExpiring', order, issuanceId, endsAt });
  },
});

const organizationEndings = (event: 'organizationExpiring' | 'organizationExpired') =>
  sweep({
    event,
    list: (tx, window) => tx.expiryReminders.listValidationsEnding(window),
    async announce(context, tx, { id }) {
      const organization = await tx.organizations.get(id);
      if (organization?.state === 'active') await queueDeliveries(context, tx, { event, organization });
    },
  });

const domainEndings = (event: 'domainExpiring' | 'domainExpired') =>
  sweep({
    event,
    list: (tx, window) => tx.expiryReminders.listDomainsEnding(window),
    async announce(context, tx, { id }) {
      const domain = await tx.managedDomains.get(id);
      if (domain?.state === 'active') await queueDeliveries(context, tx, { event, domain });
    },
  });

const before = [
  orderEndings,
  certificateEndings,
  organizationEndings('organizationExpiring'),
  domainEndings('domainExpiring'),
];
const expiredDomains = domainEndings('domainExpired');
const after = [organizationEndings('organizationExpired')];

export function createReminderHandlers(
  context: AppContext,
): Readonly<Record<Extract<JobKind, 'announceEndings' | 'sendReminder'>, JobHandler>> {
  return {
    announceEndings: async (_, signal) => {
      const now = context.clock.now();
      // While the clock is wrong no reminders are sent.
      if (context.clockGuard.fault() !== undefined) return { kind: 'again', at: new Date(now.getTime() + hourMs) };
      const rounds = [
        ...context.reminderDays.flatMap((days) => before.map((run) => () => run(context, days, now))),
        ...after.map((run) => () => run(context, 0, now)),
      ];
      for (const run of rounds) while ((await run()) === atOnce) signal.throwIfAborted();
      context.queue.wake();
      return { kind: 'again', at: new Date(now.getTime() + hourMs) };
    },
    sendReminder: createSendReminder(context),
  };
}

/** Tells of the domains whose proof is over at `now`: before their authorizations are marked so, and are found no more. */
export async function announceExpiredDomains(context: AppContext, now: Date): Promise<void> {
  while ((await expiredDomains(context, 0, now)) === atOnce);
  context.queue.wake();
}

/** One transaction: the next of what crosses the line of so many days. @returns how many it looked at */
async function step<I>(
  context: AppContext,
  { event, list, announce }: Sweep<I>,
  { days, now }: { readonly days: number; readonly now: Date },
): Promise<number> {
  const key = `reminders.${event}.${days}`;
  const until = new Date(now.getTime() + days * dayMs);
  const whole: Cursor = { endsAt: until, number: Number.MAX_SAFE_INTEGER };
  // Most rounds find nothing, and then write nothing: the cursor may stay behind as long as nothing lies between.
  const { read } = context.database;
  const known = cursorOf(await read.settings.get(key));
  if (known !== undefined && (await list(read, { after: known, until, limit: 1 })).length === 0) return 0;
  return context.database.write(async (tx) => {
    const from = cursorOf(await tx.settings.get(key));
    // A number of days that is new in the settings counts from today: no reminders are sent for what was due long ago.
    const endings = from === undefined ? [] : await list(tx, { after: from, until, limit: atOnce });
    for (const ending of endings) {
      if (isStillAhead(context, ending.endsAt, { days, now })) await announce(context, tx, { ...ending, days });
    }
    const last = endings.length === atOnce ? endings.at(-1) : undefined;
    const { endsAt, number } = last ?? whole;
    await tx.settings.put(key, { endsAt: endsAt.getTime(), number });
    return endings.length;
  });
}

/** After the server was away, only the nearest of the reminders that fell due meanwhile is sent, and none after the end. */
function isStillAhead(
  { reminderDays }: AppContext,
  endsAt: Date,
  { days, now }: { readonly days: number; readonly now: Date },
): boolean {
  if (days === 0) return true;
  const leftMs = endsAt.getTime() - now.getTime();
  return leftMs > 0 && !reminderDays.some((fewer) => fewer < days && leftMs <= fewer * dayMs);
}

/** No reminder in the first half of a period: for a certificate of 90 days none 60 days before its end. */
function isTooSoon(begin: Date | null, endsAt: Date, days: number): boolean {
  return begin !== null && endsAt.getTime() - begin.getTime() < 2 * days * dayMs;
}

function cursorOf(value: unknown): Cursor | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { endsAt, number } = value as { readonly endsAt?: unknown; readonly number?: unknown };
  if (typeof endsAt !== 'number' || typeof number !== 'number') return undefined;
  return { endsAt: new Date(endsAt), number };
}

function wantsReminder({ state, reminders, renewedBy, renewalMark }: Order): boolean {
  if (state !== 'active' || reminders.isOff || renewalMark === 'renewed') return false;
  return renewedBy === null || renewalMark === 'notRenewed';
}

/** The reminder is then for the end of the order, not for that of its last certificate as well. */
function endsWithCoverage({ coverageUntil }: Order, endsAt: Date): boolean {
  return coverageUntil === null || coverageUntil.getTime() - endsAt.getTime() < dayMs;
}

/** True if the platform's own reissue is still ahead. One that was due a day ago and has not come is no reason to be silent. */
async function willBeReissued(
  { proofMakers, clock }: AppContext,
  tx: Stores,
  input: { readonly order: Order; readonly issuanceId: IssuanceId; readonly certificate: Certificate },
): Promise<boolean> {
  const { order, issuanceId, certificate } = input;
  const issuance = await tx.issuances.get(issuanceId);
  if (
    order.coverageUntil === null ||
    issuance === undefined ||
    proofMakers.get(order.dialect)?.nextProofs === undefined
  )
    return false;
  const due = reissueDue(certificate, { coverageUntil: order.coverageUntil, validity: issuance.validity });
  return due !== undefined && due.getTime() + dayMs > clock.now().getTime();
}

/** True if no later certificate has replaced it. A duplicate stands beside another one and gets no reminder. */
async function isNewest(tx: Stores, order: Order, issuanceId: IssuanceId): Promise<boolean> {
  const issued = (await tx.issuances.listOfOrder(order.id)).filter(
    ({ kind, certificateId }) => kind !== 'duplicate' && certificateId !== null,
  );
  return issued.toSorted((a, b) => b.number - a.number)[0]?.id === issuanceId;
}

async function announceOrder(
  context: AppContext,
  tx: Stores,
  {
    order,
    ...about
  }: Pick<ExpiryReminder, 'issuanceId' | 'endsAt'> & { readonly event: EndingReminder; readonly order: Order },
): Promise<void> {
  const now = context.clock.now();
  await queueDeliveries(context, tx, { event: about.event, order, issuanceId: about.issuanceId });
  if (context.mailer === null) return;
  const account = await tx.accounts.get(order.accountId);
  const addresses = [account?.contactEmail ?? '', ...order.reminders.addresses].map((text) =>
    text.trim().toLowerCase(),
  );
  for (const address of new Set(addresses.filter(isMailbox))) {
    const id = newId('expiryReminder', context);
    const { id: orderId, accountId } = order;
    const rest = { address, state: 'waiting', lastAnswer: null, createdAt: now, endedAt: null } as const;
    await tx.expiryReminders.insert({ ...about, ...rest, id, orderId, accountId });
    await tx.jobs.enqueue({ kind: 'sendReminder', subject: id, runAt: now, owner: accountId });
  }
}

/**
 * 1. The mail is sent: the point of no return. 2. That is stored. A crash between them sends the same mail again, under the
 * same Message-ID.
 */
function createSendReminder(context: AppContext): JobHandler {
  const { database, clock, log, mailer } = context;
  return async (job, signal) => {
    const reminder = isId('expiryReminder', job.subject)
      ? await database.read.expiryReminders.get(job.subject)
      : undefined;
    if (reminder?.state !== 'waiting') return { kind: 'done' };
    const order = await database.read.orders.get(reminder.orderId);
    const now = clock.now();
    if (order === undefined || mailer === null || isOverdue(reminder, order, now)) {
      // Dropped by this run or ended by another one: either way there is nothing left to send.
      const isDropped = await database.write((tx) =>
        tx.expiryReminders.end(reminder.id, 'dropped', { answer: null, at: now }),
      );
      if (isDropped)
        log.debug({ reminder: reminder.id }, 'a reminder is not sent: what it would say is not true any more');
      return { kind: 'done' };
    }
    const { id, address } = reminder;
    // Mail that nobody requested waits for its turn; a reminder is dropped when it is overdue by then.
    const admission = await database.write((tx) => admitMail(context, tx, { id, address }));
    if (admission.kind === 'later') return { kind: 'again', at: admission.at };
    if (admission.kind === 'stopped') {
      const answer = 'not sent: its reader wants no mail';
      await database.write((tx) => end(tx, { reminder, order, answer, isSent: false, now }));
      return { kind: 'done' };
    }
    const view = await viewOrder(context, { ...order, state: stateAt(order, now) }, reminder.issuanceId);
    const links = { publicUrl: context.publicUrl, stopUrl: stopUrl(context, address) };
    const outcome = await mailer.send(
      { id, to: address, stopUrl: links.stopUrl, ...textOf(reminder, view, links) },
      signal,
    );
    if (!outcome.ok && !outcome.isFinal)
      throw new Error(`mail to ${address} through ${outcome.server}: ${outcome.detail}`);
    const answer = outcome.ok ? outcome.answer : outcome.detail;
    await database.write((tx) => end(tx, { reminder, order, answer, isSent: outcome.ok, now }));
    return { kind: 'done' };
  };
}

/** True if the reminder is out of date. A certificate that was requested never is. */
function isOverdue({ event, endsAt }: ExpiryReminder, order: Order, now: Date): boolean {
  return event !== 'certificateSent' && (!wantsReminder(order) || endsAt <= now);
}

function textOf({ event, endsAt }: ExpiryReminder, view: OrderView, links: MailLinks) {
  if (event === 'certificateSent') return certificateText(view, links);
  const { order, product, account, issuance, now } = view;
  return expiryReminderMail({
    ...links,
    ending: event,
    endsAt,
    now,
    names: issuance.names.map(({ identifier }) => identifier.value),
    product: product.name,
    account: account.name,
    orderNumber: order.number,
    ownMessage: order.reminders.message,
  });
}

async function end(
  tx: Stores,
  input: {
    readonly reminder: ExpiryReminder;
    readonly order: Order;
    readonly answer: string;
    readonly isSent: boolean;
    readonly now: Date;
  },
): Promise<void> {
  const { reminder, order, answer, isSent, now } = input;
  const { id, event, address, endsAt } = reminder;
  if (!(await tx.expiryReminders.end(id, isSent ? 'sent' : 'failed', { answer, at: now }))) return;
  const kind = isSent ? 'notice.sent' : 'notice.undelivered';
  await recordChange(tx, null, kind, order, { now, event, address, endsAt, answer });
}

/** Called when the job of a reminder has failed for good. */
export async function onReminderGivenUp(
  tx: Stores,
  subject: string,
  { attempts, now }: { readonly attempts: number; readonly now: Date },
): Promise<void> {
  const reminder = isId('expiryReminder', subject) ? await tx.expiryReminders.get(subject) : undefined;
  const order = reminder && (await tx.orders.get(reminder.orderId));
  if (reminder === undefined || order === undefined) return;
  await end(tx, { reminder, order, answer: `given up after ${attempts} tries`, isSent: false, now });
}
