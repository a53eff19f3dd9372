/**
 * Inviting a user who has no password yet, and resetting the password of one who has: by a mail with a link, or by a link that whoever
 * asks for it hands over. An invitation is good once and for seven days, a reset once and for two hours; a newer link replaces both.
 */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { type AccountId, base32, newId } from '../../domain/ids.ts';
import { type Invitation, mailboxOf } from '../../domain/invitation.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Users } from '../../domain/ports/users.ts';
import { createCommonAllowance, type LimitNode } from '../common-allowance.ts';
import type { AppContext } from '../context.ts';
import { requireAdmission } from '../outbound/mailboxes.ts';
import { type Actor, recordAccount } from './account-event.ts';
import { requireGrant } from './grants.ts';
import { hashSecret } from './passwords.ts';
import { invitationSecretBytes, invitationUrl, putInvitation } from './stored-invitations.ts';
import { findUser } from './users.ts';

const validMs = 7 * 86_400_000;
/** Whoever asked for it is waiting for it, and it opens a user who exists. */
const resetValidMs = 2 * 3_600_000;

/** Mails that an account has sent: without a limit it could write to anybody. A whole department can be invited at once. */
const mailsOfAccount = { burst: 100, everyMs: 5 * 60_000, maxKeys: 10_000 } as const;

export interface InvitationLimit {
  /** Counts the mail that `work` queues, unless it fails. @throws {CertError} rateLimited */
  counting<T>(accountId: AccountId | null, work: () => Promise<T>): Promise<T>;
}

/** Kept in memory, of which nodes let each other know: a restart forgives, and each mailbox has limits of its own that are stored. */
export function createInvitationLimit(node: LimitNode): InvitationLimit {
  const allowance = createCommonAllowance(node, 'invitationMails', mailsOfAccount);
  return {
    async counting(accountId, work) {
      const key = accountId ?? 'operators';
      // Counted before it is done, so that many at once are not all let through.
      const waitMs = allowance.tryTake(key);
      if (waitMs > 0) throw refuse('invitationsUsedUp', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
      try {
        return await work();
      } catch (thrown) {
        allowance.giveBack(key);
        throw thrown;
      }
    },
  };
}

export function createInviting(context: AppContext, limit: InvitationLimit): Pick<Users, 'invite' | 'resetPassword'> {
  const { database, queue } = context;

  async function mail(caller: Caller, reference: string, purpose: LinkPurpose) {
    const { accountId } = await findUser(database.read, caller, reference);
    const made = await limit.counting(accountId, () =>
      database.write(async (tx) => {
        const user = await findUserForLink(tx, caller, reference, purpose);
        return { user, ...(await inviteByMail(context, tx, caller, user, purpose)), url: null };
      }),
    );
    queue.wake();
    return made;
  }

  async function show(caller: Caller, reference: string, purpose: LinkPurpose) {
    return database.write(async (tx) => {
      const user = await findUserForLink(tx, caller, reference, purpose);
      return { user, address: null, ...(await makeLink(context, tx, caller, user, purpose)) };
    });
  }

  const by = (purpose: LinkPurpose) => (caller: Caller, reference: string, way: 'mail' | 'link') =>
    way === 'mail' ? mail(caller, reference, purpose) : show(caller, reference, purpose);

  return { invite: by('invitation'), resetPassword: by('reset') };
}

/** `invitation`: for somebody without a password; `reset`: whether they have one or not. */
export type LinkPurpose = 'invitation' | 'reset';

/** Makes a link for whoever asks for it to hand over, in their transaction. It is in the answer and nowhere else. */
export async function makeLink(
  context: Pick<AppContext, 'clock' | 'random' | 'publicUrl'>,
  tx: Stores,
  by: Actor,
  user: User,
  purpose: LinkPurpose,
): Promise<{ readonly url: string; readonly expiresAt: Date }> {
  const secret = base32(context.random.bytes(invitationSecretBytes));
  const made = { address: null, secretHash: hashSecret(secret), isReset: purpose === 'reset' };
  const { expiresAt } = await place(context, tx, by, { user, ...made });
  return { expiresAt, url: invitationUrl(context.publicUrl, user.id, secret) };
}

/**
 * Whoever can have the link of a user can be that user: they must hold what the user may do, as for a password that they set.
 * @throws {CertError} notFound, forbidden, wrongState
 */
async function findUserForLink(tx: Stores, caller: Caller, reference: string, purpose: LinkPurpose): Promise<User> {
  const user = await findUser(tx, caller, reference);
  // Until they have a password they cannot use their roles: all of them are given now.
  await requireGrant(tx, caller, { accountId: user.accountId, before: [], after: user.roles });
  requireFit(user, purpose);
  return user;
}

/** @throws {CertError} wrongState for everybody but a person who may sign in; for an invitation, one who has no password */
function requireFit({ kind, username, state, passwordHash }: User, purpose: LinkPurpose): void {
  if (kind === 'service') throw refuse('userIsProgram', { username });
  if (state !== 'active') throw refuse('wrongState', { what: 'user', value: username, state, needed: 'active' });
  if (purpose === 'invitation' && passwordHash !== null) throw refuse('userHasPassword', { username });
}

/**
 * Queues the mail, in the caller's transaction.
 * @throws {CertError} unsupported where no mail is configured; wrongState for a user who needs none, or has no address; validationFailed for a
 * mailbox that wants no mail, and rateLimited for one that got too many
 */
export async function inviteByMail(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  user: User,
  purpose: LinkPurpose = 'invitation',
): Promise<Pick<Invitation, 'expiresAt'> & { readonly address: string }> {
  requireFit(user, purpose);
  if (context.mailer === null) throw refuse('invitationNotSendable', { username: user.username });
  const address = mailboxOf(user);
  if (address === undefined) throw refuse('invitationAddressMissing', { username: user.username });
  const { id, expiresAt } = await queueInvitation(context, tx, caller, { user, address }, purpose);
  await requireAdmission(context, tx, { id, address });
  return { address, expiresAt };
}

/** Queues the mail without a look at the mailbox: it waits for its turn, or is dropped where its reader wants none. */
export async function queueInvitation(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { user, address }: { readonly user: User; readonly address: string },
  purpose: LinkPurpose = 'invitation',
): Promise<Invitation> {
  const isReset = purpose === 'reset';
  const invitation = await place(context, tx, caller, { user, address, secretHash: null, isReset });
  const owner = user.accountId ?? 'platform';
  await tx.jobs.enqueue({ kind: 'sendInvitation', subject: user.id, runAt: context.clock.now(), owner });
  return invitation;
}

/** Makes the invitation, in the place of an earlier one, whose link is good no more. */
async function place(
  context: Pick<AppContext, 'clock' | 'random'>,
  tx: Stores,
  caller: Actor,
  { user, ...made }: Pick<Invitation, 'address' | 'secretHash' | 'isReset'> & { readonly user: User },
): Promise<Invitation> {
  const at = context.clock.now();
  const expiresAt = new Date(at.getTime() + (made.isReset ? resetValidMs : validMs));
  const invitation = { id: newId('invitation', context), ...made, sentAt: null, expiresAt };
  await putInvitation(tx, user, invitation);
  const { id: subject, accountId, username } = user;
  const by = made.address === null ? { by: 'link' } : { by: 'mail', address: made.address };
  const kind = made.isReset ? 'user.passwordResetRequested' : 'user.invited';
  await recordAccount(tx, caller, kind, { accountId, subject, data: { username, ...by, expiresAt }, at });
  return invitation;
}
