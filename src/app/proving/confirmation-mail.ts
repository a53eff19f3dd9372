/**
 * Sending the mail that asks whoever reads a domain's mail to confirm (BR §3.2.2.4.4): a job, which tries again while the
 * mail server is away.
 */

import { hash } from 'node:crypto';
import type { Authorization } from '../../domain/authorization.ts';
import type { Confirmation } from '../../domain/confirmation.ts';
import { type Reason, reason, refuse } from '../../domain/errors.ts';
import { base32, isId } from '../../domain/ids.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { MailOutcome } from '../../domain/ports/system.ts';
import { confirmationTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { admitMail, stopUrl } from '../outbound/mailboxes.ts';
import { type MailFinding, storeMailCheck } from './confirmation-check.ts';
import { confirmationText } from './confirmation-text.ts';
import { type ProofPurpose, purposeOf, recordProof } from './proof-event.ts';

/** 256 bits; BR §3.2.2.4.4 asks for 112. */
const tokenBytes = 32;

export function hashOfToken(token: string): Uint8Array {
  return hash('sha256', token, 'buffer');
}

/** One name that a mail asks about. */
export interface NameToConfirm {
  readonly confirmation: Confirmation;
  readonly authorization: Authorization;
}

/** The content of a mail still to be sent: the names that wait for it. */
async function findDue(stores: Stores, id: string) {
  const lead = isId('confirmation', id) ? await stores.confirmations.get(id) : undefined;
  if (lead === undefined || lead.sentAt !== null) return undefined;
  const found = await waitingOf(stores, lead);
  const [first] = found;
  const [purpose, account] = await Promise.all([purposeOf(stores, lead), stores.accounts.get(lead.accountId)]);
  // The order may have ended, or the names may have been proved otherwise, before the mail could be sent.
  if (first === undefined || purpose === undefined || account === undefined) return undefined;
  if ('issuance' in purpose && purpose.issuance.state !== 'awaitingValidation') return undefined;
  const product = 'order' in purpose ? ((await stores.products.get(purpose.order.productId)) ?? null) : null;
  return { lead, waiting: inOrderOf(purpose, found), purpose, account, product };
}

/** Sorts as the order lists its names; ids have no such order. */
export function inOrderOf<T extends NameToConfirm>(
  purpose: ProofPurpose | undefined,
  names: readonly T[],
): readonly T[] {
  if (purpose === undefined || 'domain' in purpose) return names;
  const places = new Map(purpose.issuance.names.map(({ authorizationId }, index) => [authorizationId, index]));
  const placeOf = ({ authorization }: T) => places.get(authorization.id) ?? places.size;
  return names.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** The names of a mail that are neither decided nor proved otherwise. */
async function waitingOf(stores: Stores, { mailId }: Confirmation): Promise<readonly NameToConfirm[]> {
  const pending = (await stores.confirmations.listOfMail(mailId)).filter(({ state }) => state === 'pending');
  const known = await stores.authorizations.listByIds(pending.map(({ authorizationId }) => authorizationId));
  return pending.flatMap((confirmation) => {
    const authorization = known.find(({ id }) => id === confirmation.authorizationId);
    return authorization?.state === 'pending' ? [{ confirmation, authorization }] : [];
  });
}

/**
 * 1. A fresh secret is made and its hash stored. 2. The mail is sent: the point of no return. 3. That is stored. A crash
 * between 2 and 3 sends a second mail, and only the link of the newest works: nothing that was lost can be confirmed.
 */
export function createSendMailHandler(context: AppContext): JobHandler {
  const { database, clock, random, mailer, publicUrl } = context;
  return async (job, signal) => {
    const due = await findDue(database.read, job.subject);
    if (due === undefined) return { kind: 'done' };
    if (mailer === null) throw refuse('mailNotConfigured', {});
    const { id, address } = due.lead;
    const token = base32(random.bytes(tokenBytes));
    const at = clock.now();
    // Its reader may have stopped the mail since it was requested; one that waited for its turn is counted only now.
    const admission = await database.write(async (tx) => {
      const admitted = await admitMail(context, tx, { id, address });
      if (admitted.kind === 'counted') await tx.confirmations.updateToken(id, hashOfToken(token));
      if (admitted.kind === 'stopped')
        await giveUp(tx, due, { now: at, problem: reason('mailNotWanted', { address }) });
      return admitted;
    });
    if (admission.kind === 'later') return { kind: 'again', at: admission.at };
    if (admission.kind === 'stopped') return { kind: 'done' };
    const startedMs = clock.monotonicMs();
    const links = { url: `${publicUrl}/confirm/${token}`, stopUrl: stopUrl(context, address) };
    const { subject, text } = confirmationText({
      ...due,
      confirmation: due.lead,
      names: namesOf(due.waiting),
      ...links,
    });
    const outcome = await mailer.send({ id, to: address, subject, text, stopUrl: links.stopUrl }, signal);
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
  const { lead, purpose } = due;
  const { address } = lead;
  const { server } = outcome;
  const answer = outcome.ok ? outcome.answer : outcome.detail;
  const finding = { at, durationMs, address, answeredBy: [server], answer };
  if (outcome.ok) {
    await tx.confirmations.updateSent(lead.id, at);
    await storeChecks(tx, lead, { ...finding, problem: reason('mailUnanswered', { address }) });
    const names = namesOf(due.waiting);
    await recordProof(tx, null, 'validation.mailSent', purpose, { now: at, names, address, server, answer });
    return;
  }
  const { detail, isFinal } = outcome;
  const problem = reason(isFinal ? 'mailRefused' : 'mailNotSent', { address, server, detail });
  if (isFinal) await giveUp(tx, due, { now: at, problem, finding, data: { server, detail } });
  else await storeChecks(tx, lead, { ...finding, problem });
}

/** Covers every name that waits for the mail now: some may have joined it while it was on its way. */
async function storeChecks(tx: Stores, lead: Confirmation, finding: MailFinding): Promise<readonly NameToConfirm[]> {
  const waiting = await waitingOf(tx, lead);
  for (const { confirmation } of waiting) await storeMailCheck(tx, confirmation, finding);
  return waiting;
}

/** The mail will never be sent: the customer sees why, and may choose the address again at once. */
async function giveUp(
  tx: Stores,
  { lead, purpose }: { readonly lead: Confirmation; readonly purpose: ProofPurpose | undefined },
  outcome: {
    readonly now: Date;
    readonly problem: Reason;
    readonly finding?: MailFinding;
    readonly data?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { now, problem, finding, data } = outcome;
  const { address } = lead;
  const nothing = { at: now, durationMs: 0, address, answeredBy: [], answer: '' };
  const waiting = await storeChecks(tx, lead, { ...(finding ?? nothing), problem });
  const from = statesAccepting(confirmationTransitions, 'giveUp');
  const undelivered: NameToConfirm[] = [];
  for (const name of waiting) {
    if (await tx.confirmations.move(name.confirmation.id, from, 'undelivered')) undelivered.push(name);
  }
  if (purpose === undefined || undelivered.length === 0) return;
  await recordProof(tx, null, 'validation.mailUndelivered', purpose, {
    now,
    names: namesOf(undelivered),
    address,
    ...data,
  });
}

/** Called when the job of a mail has failed for good. */
export async function onMailGivenUp(
  tx: Stores,
  subject: string,
  { attempts, now }: { readonly attempts: number; readonly now: Date },
): Promise<void> {
  const lead = isId('confirmation', subject) ? await tx.confirmations.get(subject) : undefined;
  if (lead === undefined || lead.sentAt !== null) return;
  const problem = reason('mailGivenUp', { address: lead.address, attempts });
  await giveUp(tx, { lead, purpose: await purposeOf(tx, lead) }, { now, problem, data: { attempts } });
}

function namesOf(names: readonly NameToConfirm[]): readonly string[] {
  return names.map(({ authorization }) => authorization.identifier.value);
}
