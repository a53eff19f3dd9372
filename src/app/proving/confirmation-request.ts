/**
 * Asking whoever reads a domain's mail to confirm (BR §3.2.2.4.4): one mail to each mailbox about all names of an order that
 * chose it. Queued in the transaction that chose the address.
 */
import type { Authorization } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { type Confirmation, confirmationDays } from '../../domain/confirmation.ts';
import { reason, refuse } from '../../domain/errors.ts';
import { type ConfirmationId, newId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { confirmationTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { proofsOf } from '../orders/order-view.ts';
import { admitMail, requireAdmission } from '../outbound/mailboxes.ts';
import { storeMailCheck } from './confirmation-check.ts';
import { type ProofPurpose, recordProof } from './proof-event.ts';

/** Between two mails to the same mailbox about the same order, so that nobody's mailbox can be filled. */
const mailGapSeconds = 300;
const dayMs = 86_400_000;

export interface WantedMail {
  readonly authorization: Authorization;
  readonly address: string;
}

export async function requestMails(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  { purpose, wanted }: { readonly purpose: ProofPurpose; readonly wanted: readonly WantedMail[] },
): Promise<void> {
  for (const address of new Set(wanted.map((one) => one.address))) {
    const authorizations = wanted.filter((one) => one.address === address).map((one) => one.authorization);
    await requestMail(context, tx, caller, { purpose, address, authorizations });
  }
}

interface Request {
  readonly purpose: ProofPurpose;
  readonly address: string;
  readonly authorizations: readonly Authorization[];
}

/**
 * A mail that went out a moment ago takes further names of the order in: its page shows them. Otherwise a new mail asks about
 * these names and those that still wait at this mailbox, and the earlier link is invalid.
 */
async function requestMail(context: AppContext, tx: Stores, caller: Caller | null, request: Request): Promise<void> {
  const { purpose, address, authorizations } = request;
  const now = context.clock.now();
  const earlier = await requestedBefore(tx, request);
  const open = earlier.filter(({ state, expiresAt }) => state === 'pending' && expiresAt > now);
  const last = newestMail(earlier);
  const retryAfterSeconds =
    last === undefined ? 0 : mailGapSeconds - Math.floor((now.getTime() - sentAtOf(last)) / 1000);
  // A reader who has confirmed everything in the last mail has nothing left to answer there.
  if (retryAfterSeconds > 0 && last?.some(({ state }) => state !== 'confirmed')) {
    const asksAgain = authorizations.some(({ id }) => last.some(({ authorizationId }) => authorizationId === id));
    const joined = last.find(({ id }) => open.some((one) => one.id === id));
    if (asksAgain || joined === undefined) throw refuse('mailTooSoon', { address, retryAfterSeconds });
    await withdrawOthers(tx, authorizations);
    await insertAll(context, tx, caller, request, joined);
    return;
  }
  const mailId = newId('confirmation', context);
  const runAt = await admit(context, tx, caller, { id: mailId, address, request });
  if (runAt === undefined) return;
  const joined = await stillPending(tx, open, authorizations);
  for (const { id } of open) await withdraw(tx, id);
  await withdrawOthers(tx, authorizations);
  const all = { purpose, address, authorizations: [...authorizations, ...joined] };
  const expiresAt = new Date(now.getTime() + confirmationDays * dayMs);
  await insertAll(context, tx, caller, all, { mailId, sentAt: null, expiresAt });
  const { accountId: owner } = 'domain' in purpose ? purpose.domain : purpose.order;
  await tx.jobs.enqueue({ kind: 'sendMail', subject: mailId, runAt, owner });
}

/** Confirmations requested from this mailbox for the same purpose, newest first. */
async function requestedBefore(tx: Stores, { purpose, address, authorizations }: Request) {
  if ('issuance' in purpose) return tx.confirmations.listOfMailbox(purpose.issuance.id, address);
  const [authorization] = authorizations;
  const all = authorization === undefined ? [] : await tx.confirmations.listOfAuthorization(authorization.id);
  return all.filter((one) => one.address === address);
}

/** The names of the newest mail that were not undelivered. */
function newestMail(earlier: readonly Confirmation[]): readonly Confirmation[] | undefined {
  const last = earlier.find(({ state }) => state !== 'undelivered');
  return last && earlier.filter(({ mailId }) => mailId === last.mailId);
}

/** The time it was sent, or requested where it is not sent yet. */
function sentAtOf(mail: readonly Confirmation[]): number {
  return Math.min(...mail.map((one) => (one.sentAt ?? one.requestedAt).getTime()));
}

/**
 * The time at which the mail may be sent. A request of a person is refused where that is not now; one that the platform starts
 * itself waits, or is left out, which the check of each name then says.
 * @throws {CertError} mailboxStopped, rateLimited
 */
async function admit(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  { id, address, request }: { readonly id: ConfirmationId; readonly address: string; readonly request: Request },
): Promise<Date | undefined> {
  const at = context.clock.now();
  if (caller !== null) {
    await requireAdmission(context, tx, { id, address });
    return at;
  }
  const admission = await admitMail(context, tx, { id, address });
  if (admission.kind === 'later') return admission.at;
  if (admission.kind === 'counted') return at;
  const problem = reason('mailNotWanted', { address });
  for (const { id: authorizationId } of request.authorizations) {
    await storeMailCheck(tx, { authorizationId }, { at, durationMs: 0, address, answeredBy: [], answer: '', problem });
  }
  return undefined;
}

/** Names that the earlier mail asks about and that are not decided: the new one asks about them as well. */
async function stillPending(
  tx: Stores,
  open: readonly Confirmation[],
  authorizations: readonly Authorization[],
): Promise<readonly Authorization[]> {
  const ids = open.map(({ authorizationId }) => authorizationId);
  const others = [...new Set(ids)].filter((id) => !authorizations.some((one) => one.id === id));
  const found = await tx.authorizations.listByIds(others);
  return found.filter(({ state }) => state === 'pending');
}

/** Earlier mails about a name are invalid, also those that went to another mailbox. */
async function withdrawOthers(tx: Stores, authorizations: readonly Authorization[]): Promise<void> {
  for (const { id } of authorizations) {
    for (const earlier of await tx.confirmations.listOfAuthorization(id)) await withdraw(tx, earlier.id);
  }
}

function withdraw(tx: Stores, id: ConfirmationId): Promise<boolean> {
  return tx.confirmations.move(id, statesAccepting(confirmationTransitions, 'withdraw'), 'withdrawn');
}

async function insertAll(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  { purpose, address, authorizations }: Request,
  { mailId, sentAt, expiresAt }: Pick<Confirmation, 'mailId' | 'sentAt' | 'expiresAt'>,
): Promise<void> {
  const now = context.clock.now();
  const isJoining = (await tx.confirmations.get(mailId)) !== undefined;
  for (const [index, authorization] of authorizations.entries()) {
    await tx.confirmations.insert({
      id: index === 0 && !isJoining ? mailId : newId('confirmation', context),
      mailId,
      accountId: authorization.accountId,
      orderId: 'order' in purpose ? purpose.order.id : null,
      issuanceId: 'order' in purpose ? purpose.issuance.id : null,
      authorizationId: authorization.id,
      address,
      tokenHash: null,
      state: 'pending',
      requestedBy: caller?.actor ?? 'system',
      // A reissue that nobody requested: the reader sees that it came from this server.
      requestedFrom: caller?.address ?? new URL(context.publicUrl).host,
      requestedAt: now,
      sentAt,
      // End of the secret in the mail: names that join it later get no longer time.
      expiresAt,
      decidedFrom: null,
      decidedAt: null,
    });
    if (sentAt === null) continue;
    const problem = reason('mailUnanswered', { address });
    const check = { at: now, durationMs: 0, address, answeredBy: [], answer: '', problem };
    await storeMailCheck(tx, { authorizationId: authorization.id }, check);
  }
  const names = authorizations.map(({ identifier }) => identifier.value);
  await recordProof(tx, caller, 'validation.mailRequested', purpose, { now, names, address });
}

/** The address for the mail, where e-mail was chosen. */
export function chosenAddress({ challenges, preferredMethod }: Pick<Authorization, 'challenges' | 'preferredMethod'>) {
  const challenge = challenges.find(({ method }) => method === 'email' && preferredMethod === 'email');
  return challenge?.method === 'email' ? challenge.chosen : undefined;
}

/**
 * Queues the mails that were chosen while ordering: when validation begins. Says whether there were any.
 * @param created the authorizations that the issuance created itself; read if not known
 */
export async function sendChosenMails(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  input: { readonly order: Order; readonly issuance: Issuance; readonly created?: readonly Authorization[] },
): Promise<boolean> {
  const { order, issuance } = input;
  const requested = input.created ?? new Set((await proofsOf(tx, issuance)).map((proof) => proof.authorization));
  const wanted = [...requested].flatMap((authorization) => {
    // Where the upstream checks a name, it sends the mail as well.
    const isOurs = authorization.state === 'pending' && authorization.checkedBy === null;
    const address = isOurs ? chosenAddress(authorization) : undefined;
    return address === undefined ? [] : [{ authorization, address }];
  });
  await requestMails(context, tx, caller, { purpose: { order, issuance }, wanted });
  return wanted.length > 0;
}
