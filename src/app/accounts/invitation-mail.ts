/** Sending the mail that invites a user: a job, which tries again while the mail server is away. */
import type { User } from '../../domain/account.ts';
import { base32, isId } from '../../domain/ids.ts';
import type { Invitation } from '../../domain/invitation.ts';
import { invitationMail } from '../../domain/messages/mails/invitation.ts';
import { passwordResetMail } from '../../domain/messages/mails/password-reset.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { admitMail, stopUrl } from '../outbound/mailboxes.ts';
import { namesOf } from './account-event.ts';
import { hashSecret } from './passwords.ts';
import {
  getInvitation,
  invitationSecretBytes,
  invitationUrl,
  putInvitation,
  removeInvitation,
} from './stored-invitations.ts';

interface Due {
  readonly user: User;
  readonly invitation: Invitation;
  readonly address: string;
}

/** The invitation that is still to be mailed; undefined when it was replaced, sent, used, or has expired. */
async function findDue({ clock }: AppContext, stores: Stores, subject: string): Promise<Due | undefined> {
  const user = isId('user', subject) ? await stores.users.get(subject) : undefined;
  if (user?.state !== 'active') return undefined;
  const invitation = await getInvitation(stores, user, clock.now());
  if (invitation === undefined || invitation.address === null || invitation.sentAt !== null) return undefined;
  if (!invitation.isReset && user.passwordHash !== null) return undefined;
  return { user, invitation, address: invitation.address };
}

/**
 * 1. A fresh secret is made and its hash stored. 2. The mail is sent: the point of no return. 3. That is stored. A crash
 * between 2 and 3 sends a second mail, and only the link of the newest works.
 */
export function createSendInvitationHandler(context: AppContext): JobHandler {
  const { database, clock, random, mailer, publicUrl } = context;
  return async (job, signal) => {
    const secret = base32(random.bytes(invitationSecretBytes));
    const begun = await database.write(async (tx) => {
      const due = await findDue(context, tx, job.subject);
      if (due === undefined) return undefined;
      const { user, invitation, address } = due;
      if (mailer === null) {
        await drop(context, tx, due, { answer: 'not sent: no mail server is configured any more' });
        return undefined;
      }
      const admission = await admitMail(context, tx, { id: invitation.id, address });
      if (admission.kind === 'stopped') await drop(context, tx, due, { answer: 'not sent: its reader wants no mail' });
      if (admission.kind === 'counted') {
        await putInvitation(tx, user, { ...invitation, secretHash: hashSecret(secret) });
      }
      const account = user.accountId === null ? undefined : await tx.accounts.get(user.accountId);
      return { ...due, admission, mailer, accountName: account?.name ?? null };
    });
    if (begun === undefined || begun.admission.kind === 'stopped') return { kind: 'done' };
    if (begun.admission.kind === 'later') return { kind: 'again', at: begun.admission.at };
    const { user, invitation, address, accountName } = begun;
    const stop = stopUrl(context, address);
    const { subject, text } = (invitation.isReset ? passwordResetMail : invitationMail)({
      username: user.username,
      account: accountName,
      url: invitationUrl(publicUrl, user.id, secret),
      expiresAt: invitation.expiresAt,
      publicUrl,
      stopUrl: stop,
    });
    const outcome = await begun.mailer.send({ id: invitation.id, to: address, subject, text, stopUrl: stop }, signal);
    const { server } = outcome;
    if (!outcome.ok && !outcome.isFinal) throw new Error(`mail to ${address} through ${server}: ${outcome.detail}`);
    await database.write(async (tx) => {
      const due = await findDue(context, tx, job.subject);
      // Replaced while it was on its way: the newer one is sent by a run of its own.
      if (due?.invitation.id !== invitation.id) return;
      if (!outcome.ok) return drop(context, tx, due, { server, answer: outcome.detail });
      const { answer } = outcome;
      await putInvitation(tx, user, { ...due.invitation, sentAt: clock.now() });
      await record(context, tx, 'user.invitationSent', due, { server, answer });
    });
    return { kind: 'done' };
  };
}

/** Called when the job of a mail has failed for good. */
export async function onInvitationGivenUp(
  context: AppContext,
  tx: Stores,
  subject: string,
  attempts: number,
): Promise<void> {
  const due = await findDue(context, tx, subject);
  if (due !== undefined) await drop(context, tx, due, { answer: `given up after ${attempts} tries` });
}

/** The mail will never be sent: its link, which nobody has, ends. */
async function drop(
  context: AppContext,
  tx: Stores,
  due: Due,
  why: { readonly answer: string; readonly server?: string },
): Promise<void> {
  await removeInvitation(tx, due.user, context.clock.now());
  await record(context, tx, 'user.invitationUndelivered', due, why);
}

function record(
  { clock }: AppContext,
  tx: Stores,
  kind: 'user.invitationSent' | 'user.invitationUndelivered',
  { user: { id, accountId, username }, address }: Due,
  outcome: { readonly answer: string; readonly server?: string },
): Promise<void> {
  const data = { username, address, ...outcome };
  return tx.events.append({ kind, accountId, subject: id, data, at: clock.now(), ...namesOf(null) });
}
