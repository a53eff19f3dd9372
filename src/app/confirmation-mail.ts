/**
 * The mail that asks whoever reads a domain's mail to confirm a certificate (BR §3.2.2.4.4). Choosing an address queues it;
 * a job sends it, and tries again while the mail server is away.
 */
import { hash } from 'node:crypto';
import type { Authorization } from '../domain/authorization.ts';
import type { CheckResult } from '../domain/challenge.ts';
import { type Confirmation, confirmationDays, confirmationTransitions } from '../domain/confirmation.ts';
import { type Reason, reason, refuse } from '../domain/errors.ts';
import { base32, isId, newId } from '../domain/ids.ts';
import type { Caller } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import type { MailOutcome } from '../domain/system.ts';
import { statesAccepting } from '../domain/transition.ts';
import type { JobHandler } from '../domain/work.ts';
import { confirmationText } from './confirmation-text.ts';
import type { AppContext } from './context.ts';
import { type ProofPurpose, purposeOf, recordProof } from './proof-event.ts';

/** Between two mails to the same address about the same name, so that nobody's mailbox can be filled. */
const mailGapSeconds = 300;
/** 256 bits; BR §3.2.2.4.4 asks for 112. */
const tokenBytes = 32;
const dayMs = 86_400_000;

/** Queues a mail in the transaction that chose the address. Earlier mails about the name are good no more. */
export async function requestMail(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  input: { readonly purpose: ProofPurpose; readonly authorization: Authorization; readonly address: string },
): Promise<void> {
  const { purpose, authorization, address } = input;
  const now = context.clock.now();
  const earlier = await tx.confirmations.listOfAuthorization(authorization.id);
  requireGap(earlier, address, now);
  for (const { id } of earlier) {
    await tx.confirmations.move(id, statesAccepting(confirmationTransitions, 'withdraw'), 'withdrawn');
  }
  const id = newId('confirmation', context);
  await tx.confirmations.insert({
    id,
    accountId: authorization.accountId,
    orderId: 'order' in purpose ? purpose.order.id : null,
    issuanceId: 'order' in purpose ? purpose.issuance.id : null,
    authorizationId: authorization.id,
    address,
    tokenHash: null,
    state: 'pending',
    requestedBy: caller?.actor ?? 'system',
    // A reissue that nobody asked for: the reader is told that it came from this server.
    requestedFrom: caller?.address ?? new URL(context.publicUrl).host,
    requestedAt: now,
    sentAt: null,
    expiresAt: new Date(now.getTime() + confirmationDays * dayMs),
    decidedFrom: null,
    decidedAt: null,
  });
  const name = authorization.identifier.value;
  await recordProof(tx, caller, 'validation.mailRequested', purpose, { now, name, address });
  await tx.jobs.enqueue({ kind: 'sendMail', subject: id, runAt: now });
}

/** @throws {CertError} rateLimited */
function requireGap(earlier: readonly Confirmation[], address: string, now: Date): void {
  const last = earlier.find((one) => one.address === address && one.state !== 'undelivered');
  if (last === undefined) return;
  const from = last.sentAt ?? last.requestedAt;
  const retryAfterSeconds = Math.ceil(mailGapSeconds - (now.getTime() - from.getTime()) / 1000);
  if (retryAfterSeconds > 0) throw refuse('mailTooSoon', { address, retryAfterSeconds });
}

export function hashOfToken(token: string): Uint8Array {
  return hash('sha256', token, 'buffer');
}

/** What the mail of a confirmation tells, as far as it is still to be sent. */
async function findDue(context: AppContext, id: string) {
  const { read } = context.database;
  const confirmation = isId('confirmation', id) ? await read.confirmations.get(id) : undefined;
  if (confirmation?.state !== 'pending' || confirmation.sentAt !== null) return undefined;
  const [purpose, authorization, account] = await Promise.all([
    purposeOf(read, confirmation),
    read.authorizations.get(confirmation.authorizationId),
    read.accounts.get(confirmation.accountId),
  ]);
  // The order may have ended, or the name may have been proved otherwise, before the mail could be sent.
  if (authorization?.state !== 'pending' || purpose === undefined || account === undefined) return undefined;
  if ('issuance' in purpose && purpose.issuance.state !== 'awaitingValidation') return undefined;
  const product = 'order' in purpose ? ((await read.products.get(purpose.order.productId)) ?? null) : null;
  return { confirmation, purpose, authorization, account, product };
}

/**
 * 1. A fresh secret is made and its hash stored. 2. The mail is sent: the point of no return. 3. That is stored. A crash
 * between 2 and 3 sends a second mail, and only the link of the newest works: nothing that was lost can be confirmed.
 */
export function createSendMailHandler(context: AppContext): JobHandler {
  const { database, clock, random, mailer, publicUrl } = context;
  return async (job, signal) => {
    const due = await findDue(context, job.subject);
    if (due === undefined) return { kind: 'done' };
    if (mailer === null) throw refuse('mailNotConfigured', {});
    const { confirmation } = due;
    const { id, address } = confirmation;
    const token = base32(random.bytes(tokenBytes));
    await database.write((tx) => tx.confirmations.updateToken(id, hashOfToken(token)));
    const startedMs = clock.monotonicMs();
    const at = clock.now();
    const { subject, text } = confirmationText({ ...due, url: `${publicUrl}/confirm/${token}` });
    const outcome = await mailer.send({ id, to: address, subject, text }, signal);
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    await database.write((tx) => storeOutcome(tx, { due, outcome, at, durationMs }));
    if (outcome.ok || outcome.isFinal) return { kind: 'done' };
    throw new Error(`mail to ${address} through ${outcome.server}: ${outcome.detail}`);
  };
}

type Due = NonNullable<Awaited<ReturnType<typeof findDue>>>;

async function storeOutcome(
  tx: Stores,
  {
    due,
    outcome,
    at,
    durationMs,
  }: { readonly due: Due; readonly outcome: MailOutcome; readonly at: Date; readonly durationMs: number },
): Promise<void> {
  const { confirmation, purpose, authorization } = due;
  const { id, address } = confirmation;
  const { server } = outcome;
  const data = { now: at, name: authorization.identifier.value, address, server };
  const answer = outcome.ok ? outcome.answer : outcome.detail;
  const check = { at, durationMs, address, answeredBy: [server], answer };
  if (outcome.ok) {
    await tx.confirmations.updateSent(id, at);
    await storeMailCheck(tx, confirmation, { ...check, problem: reason('mailUnanswered', { address }) });
    await recordProof(tx, null, 'validation.mailSent', purpose, { ...data, answer });
    return;
  }
  const { detail, isFinal } = outcome;
  const key = isFinal ? 'mailRefused' : 'mailNotSent';
  await storeMailCheck(tx, confirmation, { ...check, problem: reason(key, { address, server, detail }) });
  if (isFinal) await giveUpMail(tx, confirmation, { ...data, detail });
}

async function giveUpMail(
  tx: Stores,
  confirmation: Confirmation,
  data: { readonly now: Date } & Readonly<Record<string, unknown>>,
): Promise<void> {
  const from = statesAccepting(confirmationTransitions, 'giveUp');
  const purpose = await purposeOf(tx, confirmation);
  if (!(await tx.confirmations.move(confirmation.id, from, 'undelivered')) || purpose === undefined) return;
  await recordProof(tx, null, 'validation.mailUndelivered', purpose, data);
}

/** The job of a mail was given up: the customer is told, and may choose the address again at once. */
export async function onMailGivenUp(
  tx: Stores,
  subject: string,
  { attempts, now }: { readonly attempts: number; readonly now: Date },
): Promise<void> {
  const confirmation = isId('confirmation', subject) ? await tx.confirmations.get(subject) : undefined;
  if (confirmation?.state !== 'pending' || confirmation.sentAt !== null) return;
  const { address } = confirmation;
  const problem = reason('mailGivenUp', { address, attempts });
  await storeMailCheck(tx, confirmation, { at: now, durationMs: 0, address, answeredBy: [], answer: '', problem });
  await giveUpMail(tx, confirmation, { now, address, attempts });
}

/** What became of the mail, as the newest check of the e-mail challenge; checks of other methods stay. */
export async function storeMailCheck(
  tx: Stores,
  { authorizationId }: Pick<Confirmation, 'authorizationId'>,
  found: {
    readonly at: Date;
    readonly durationMs: number;
    readonly address: string;
    readonly answeredBy: readonly string[];
    readonly answer: string;
    readonly problem?: Reason;
  },
): Promise<CheckResult> {
  const { at, durationMs, address, answeredBy, answer, problem } = found;
  const check: CheckResult = {
    method: 'email',
    binding: 'server',
    proved: problem === undefined,
    checkedAt: at,
    durationMs,
    asked: `mail to ${address}`,
    answeredBy,
    answer,
    ...(problem === undefined ? {} : { problem }),
  };
  const current = await tx.authorizations.get(authorizationId);
  const others = current?.checks.filter(({ method }) => method !== 'email') ?? [];
  await tx.authorizations.updateChecks(authorizationId, [...others, check]);
  return check;
}
