/**
 * Mails to the people of an account about what waits for them: a request for their approval, a balance that is low. One job finds whom it
 * concerns and queues a job for each of them, so that neither an order nor a slow mail server waits for the others.
 */
import type { Account, User } from '../../domain/account.ts';
import type { Approval } from '../../domain/approval.ts';
import { administeringRoles, approvingRoles } from '../../domain/caller.ts';
import type { EventKind } from '../../domain/event.ts';
import { type AccountId, type ApprovalId, isId } from '../../domain/ids.ts';
import type { JobKind } from '../../domain/job.ts';
import { isMailbox } from '../../domain/mailbox.ts';
import { approvalMail } from '../../domain/messages/mails/approval.ts';
import { lowBalanceMail } from '../../domain/messages/mails/low-balance.ts';
import type { Mail, MailLinks } from '../../domain/messages/mails/mail.ts';
import { formatMoney } from '../../domain/money.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import type { UserMailKind } from '../../domain/user-preferences.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { namesOf } from '../accounts/account-event.ts';
import { countsAs } from '../accounts/people.ts';
import type { AppContext } from '../context.ts';
import { nextTurn, rowsAtOnce } from '../in-turns.ts';
import { admitMail, stopUrl } from './mailboxes.ts';

const rolesOfMails = {
  approvals: approvingRoles,
  balance: administeringRoles,
} as const satisfies Record<UserMailKind, readonly Role[]>;

/** Whoever the account named to be written to, who may be no user. */
const contact = 'contact';

type Subject = AccountId | ApprovalId;

/** What a mail is about, as it is now. */
type Topic =
  | { readonly kind: 'approvals'; readonly account: Account; readonly approval: Approval }
  | { readonly kind: 'balance'; readonly account: Account; readonly lowSince: Date };

interface Reader {
  readonly address: string;
  /** Null: the contact of the account. */
  readonly user: User | null;
}

/** Writes to everybody whom it concerns: the approvers of a request, the administrators of an account whose balance is low. */
export async function queueUserMails({ mailer, clock }: AppContext, tx: Stores, subject: Subject): Promise<void> {
  if (mailer === null) return;
  await tx.jobs.enqueue({ kind: 'queueUserMails', subject, runAt: clock.now() });
}

export function createUserMailHandlers(
  context: AppContext,
): Readonly<Record<Extract<JobKind, 'queueUserMails' | 'sendUserMail'>, JobHandler>> {
  return {
    async queueUserMails({ subject }, signal) {
      for (let last = await queuePage(context, subject, undefined); last !== undefined; ) {
        signal.throwIfAborted();
        await nextTurn();
        last = await queuePage(context, subject, last);
      }
      context.queue.wake();
      return { kind: 'done' };
    },
    sendUserMail: createSendUserMail(context),
  };
}

/** One page of the users of the account. @returns the last of it; undefined: there are no more */
async function queuePage(
  context: AppContext,
  subject: string,
  before: number | undefined,
): Promise<number | undefined> {
  return context.database.write(async (tx) => {
    const topic = await topicOf(tx, subject);
    if (topic === undefined) return undefined;
    const { account } = topic;
    const enqueue = (reader: string) =>
      tx.jobs.enqueue({
        kind: 'sendUserMail',
        subject: jobSubject(topic, reader),
        runAt: context.clock.now(),
        owner: account.id,
      });
    if (before === undefined && topic.kind === 'balance' && account.contactEmail !== '') await enqueue(contact);
    const users = await tx.users.list(account.id, { limit: rowsAtOnce, ...withDefined({ before }) });
    for (const user of users) if (await concerns(tx, topic, user)) await enqueue(user.id);
    return users.length < rowsAtOnce ? undefined : users.at(-1)?.number;
  });
}

/** Each crossing of the threshold is written of again, each request once. */
function jobSubject(topic: Topic, reader: string): string {
  return topic.kind === 'approvals'
    ? `${topic.approval.id}/${reader}`
    : `${topic.account.id}/${reader}/${topic.lowSince.getTime()}`;
}

/** Undefined once it is over: the request is decided, the balance is restored. */
async function topicOf(tx: Stores, subject: string): Promise<Topic | undefined> {
  if (isId('account', subject)) {
    const account = await tx.accounts.get(subject);
    if (account === undefined || account.lowSince === null) return undefined;
    return { kind: 'balance', account, lowSince: account.lowSince };
  }
  const approval = isId('approval', subject) ? await tx.approvals.get(subject) : undefined;
  if (approval === undefined || (approval.state !== 'submitted' && approval.state !== 'pending')) return undefined;
  const account = await tx.accounts.get(approval.accountId);
  return account && { kind: 'approvals', account, approval };
}

/** Reports whether they can act on it and want to know. */
async function concerns(tx: Stores, topic: Topic, user: User): Promise<boolean> {
  const { kind, account } = topic;
  const roles: readonly Role[] = rolesOfMails[kind];
  if (user.state !== 'active' || user.kind !== 'person' || user.accountId !== account.id) return false;
  if (addressOf(user) === undefined || !user.roles.some((role) => roles.includes(role))) return false;
  if (kind === 'approvals' && !(await mayApprove(tx, topic, user))) return false;
  const preferences = await tx.userPreferences.get(user.id);
  return preferences?.mutedMails.includes(kind) !== true;
}

/** Nobody approves their own request where duties are separate, nor both steps of one. */
async function mayApprove(
  tx: Stores,
  { account, approval }: Extract<Topic, { kind: 'approvals' }>,
  user: User,
): Promise<boolean> {
  const others = [
    ...(account.separatesDuties && approval.requestedBy !== null ? [approval.requestedBy] : []),
    ...approval.decisions.flatMap(({ by }) => by ?? []),
  ];
  for (const other of others) if ((await countsAs(tx, account, other)) === user.id) return false;
  return true;
}

/** Where no address is noted, the user name may be one. */
function addressOf({ person, username }: User): string | undefined {
  return [person.email, username].map((text) => text.toLowerCase()).find(isMailbox);
}

interface Due extends Reader {
  readonly topic: Topic;
  readonly mail: (links: MailLinks) => Mail;
}

/** The mail that is still to be sent; undefined: what it would say is not true any more, or not theirs to know. */
async function findDue({ publicUrl }: AppContext, tx: Stores, subject: string): Promise<Due | undefined> {
  const [about = '', to = ''] = subject.split('/');
  const topic = await topicOf(tx, about);
  if (topic === undefined || jobSubject(topic, to) !== subject) return undefined;
  const reader = await readerOf(tx, topic, to);
  if (reader === undefined) return undefined;
  const language = reader.user && ((await tx.userPreferences.get(reader.user.id))?.language ?? null);
  const { account } = topic;
  if (topic.kind === 'balance') {
    const { currency, lowBalanceMinor } = account;
    const balance = formatMoney({ minor: await tx.ledger.balance(account.id), currency });
    const threshold = formatMoney({ minor: lowBalanceMinor ?? 0, currency });
    const url = `${publicUrl}/console/accounts/${account.number}`;
    const facts = { account: account.name, balance, threshold, url, language };
    return { ...reader, topic, mail: (links) => lowBalanceMail({ ...links, ...facts }) };
  }
  const { approval } = topic;
  const order = await tx.orders.get(approval.orderId);
  const issuance = await tx.issuances.get(approval.issuanceId);
  const facts = {
    asks: approval.asks,
    names: issuance?.names.map(({ identifier }) => identifier.value) ?? [],
    account: account.name,
    orderNumber: order?.number ?? 0,
    requestedAt: approval.createdAt,
    comments: approval.comments,
    url: `${publicUrl}/console/approvals/${approval.number}`,
    language,
  };
  return { ...reader, topic, mail: (links) => approvalMail({ ...links, ...facts }) };
}

async function readerOf(tx: Stores, topic: Topic, to: string): Promise<Reader | undefined> {
  if (to === contact) {
    const address = topic.account.contactEmail.toLowerCase();
    return isMailbox(address) ? { address, user: null } : undefined;
  }
  const user = isId('user', to) ? await tx.users.get(to) : undefined;
  if (user === undefined || !(await concerns(tx, topic, user))) return undefined;
  const address = addressOf(user);
  return address === undefined ? undefined : { address, user };
}

/**
 * 1. The mail is sent: the point of no return. 2. That is recorded. A crash between them sends the same mail again, under the same
 * Message-ID.
 */
function createSendUserMail(context: AppContext): JobHandler {
  const { database, mailer, publicUrl } = context;
  return async ({ subject }, signal) => {
    const begun = await database.write(async (tx) => {
      const due = await findDue(context, tx, subject);
      if (due === undefined || mailer === null) return undefined;
      return { ...due, admission: await admitMail(context, tx, { id: mailId(subject), address: due.address }) };
    });
    // A mailbox that wants no mail gets none.
    if (begun === undefined || mailer === null || begun.admission.kind === 'stopped') return { kind: 'done' };
    if (begun.admission.kind === 'later') return { kind: 'again', at: begun.admission.at };
    const { address, mail } = begun;
    const stop = stopUrl(context, address);
    const text = mail({ publicUrl, stopUrl: stop });
    const outcome = await mailer.send({ id: mailId(subject), to: address, stopUrl: stop, ...text }, signal);
    if (!outcome.ok && !outcome.isFinal)
      throw new Error(`mail to ${address} through ${outcome.server}: ${outcome.detail}`);
    const answer = outcome.ok ? outcome.answer : outcome.detail;
    await database.write((tx) => record(context, tx, begun, { answer, isSent: outcome.ok }));
    return { kind: 'done' };
  };
}

/** Stands in the Message-ID, which has no slashes. */
function mailId(subject: string): string {
  return subject.replaceAll('/', '.');
}

/** Called when the job of such a mail has failed for good. */
export async function onUserMailGivenUp(
  context: AppContext,
  tx: Stores,
  subject: string,
  attempts: number,
): Promise<void> {
  const due = await findDue(context, tx, subject);
  if (due !== undefined) await record(context, tx, due, { answer: `given up after ${attempts} tries`, isSent: false });
}

async function record(
  { clock }: AppContext,
  tx: Stores,
  { topic, address }: Pick<Due, 'topic' | 'address'>,
  { answer, isSent }: { readonly answer: string; readonly isSent: boolean },
): Promise<void> {
  const kind: EventKind = isSent ? 'notice.sent' : 'notice.undelivered';
  const isRequest = topic.kind === 'approvals';
  const about = isRequest ? { event: 'approvalWaiting', request: topic.approval.number } : { event: 'balanceLow' };
  const subject = isRequest ? topic.approval.orderId : topic.account.id;
  const data = { ...about, address, answer };
  await tx.events.append({ kind, accountId: topic.account.id, subject, data, at: clock.now(), ...namesOf(null) });
}
