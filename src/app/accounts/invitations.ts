/**
 * Inviting a user who has no password yet: by a mail with a link, or by a link that whoever asks for it hands over. An invitation
 * is good once and for seven days, and a newer one replaces it.
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
import { recordAccount } from './account-event.ts';
import { requireGrant } from './grants.ts';
import { hashSecret } from './passwords.ts';
import { invitationSecretBytes, invitationUrl, putInvitation } from './stored-invitations.ts';
import { findUser } from './users.ts';

const validMs = 7 * 86_400_000;

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

export function createInviting(context: AppContext, limit: InvitationLimit): Pick<Users, 'invite'> {
  const { database, queue, publicUrl } = context;

  async function mail(caller: Caller, reference: string) {
    const { accountId } = await findUser(database.read, caller, reference);
    const made = await limit.counting(accountId, () =>
      database.write(async (tx) => {
        const user = await findInvitable(tx, caller, reference);
        return { user, ...(await inviteByMail(context, tx, caller, user)), url: null };
      }),
    );
    queue.wake();
    return made;
  }

  async function show(caller: Caller, reference: string) {
    const secret = base32(context.random.bytes(invitationSecretBytes));
    return database.write(async (tx) => {
      const user = await findInvitable(tx, caller, reference);
      const made = { address: null, secretHash: hashSecret(secret) };
      const { expiresAt } = await place(context, tx, caller, { user, ...made });
      return { user, address: null, expiresAt, url: invitationUrl(publicUrl, user.id, secret) };
    });
  }

  return { invite: (caller, reference, by) => (by === 'mail' ? mail(caller, reference) : show(caller, reference)) };
}

/**
 * Whoever can have the link of a user can be that user: they must hold what the user may do, as for a password that they set.
 * @throws {CertError} notFound, forbidden, wrongState
 */
async function findInvitable(tx: Stores, caller: Caller, reference: string): Promise<User> {
  const user = await findUser(tx, caller, reference);
  // Until they have a password they cannot use their roles: all of them are given now.
  await requireGrant(tx, caller, { accountId: user.accountId, before: [], after: user.roles });
  requirePasswordMissing(user);
  return user;
}

/** @throws {CertError} wrongState for everybody but a person who may sign in and has no password */
function requirePasswordMissing({ kind, username, state, passwordHash }: User): void {
  if (kind === 'service') throw refuse('userIsProgram', { username });
  if (state !== 'active') throw refuse('wrongState', { what: 'user', value: username, state, needed: 'active' });
  if (passwordHash !== null) throw refuse('userHasPassword', { username });
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
): Promise<Pick<Invitation, 'expiresAt'> & { readonly address: string }> {
  requirePasswordMissing(user);
  if (context.mailer === null) throw refuse('invitationNotSendable', { username: user.username });
  const address = mailboxOf(user);
  if (address === undefined) throw refuse('invitationAddressMissing', { username: user.username });
  const { id, expiresAt } = await queueInvitation(context, tx, caller, { user, address });
  await requireAdmission(context, tx, { id, address });
  return { address, expiresAt };
}

/** Queues the mail without a look at the mailbox: it waits for its turn, or is dropped where its reader wants none. */
export async function queueInvitation(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { user, address }: { readonly user: User; readonly address: string },
): Promise<Invitation> {
  const invitation = await place(context, tx, caller, { user, address, secretHash: null });
  const owner = user.accountId ?? 'platform';
  await tx.jobs.enqueue({ kind: 'sendInvitation', subject: user.id, runAt: context.clock.now(), owner });
  return invitation;
}

/** Makes the invitation, in the place of an earlier one, whose link is good no more. */
async function place(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { user, ...made }: Pick<Invitation, 'address' | 'secretHash'> & { readonly user: User },
): Promise<Invitation> {
  const at = context.clock.now();
  const expiresAt = new Date(at.getTime() + validMs);
  const invitation = { id: newId('invitation', context), ...made, sentAt: null, expiresAt };
  await putInvitation(tx, user, invitation);
  const { id: subject, accountId, username } = user;
  const by = made.address === null ? { by: 'link' } : { by: 'mail', address: made.address };
  await recordAccount(tx, caller, 'user.invited', { accountId, subject, data: { username, ...by, expiresAt }, at });
  return invitation;
}
