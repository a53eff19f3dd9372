/** Users that somebody makes, with their invitation where one is wanted. */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { mailboxOf } from '../../domain/invitation.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { NewUser, Users } from '../../domain/ports/users.ts';
import type { AppContext } from '../context.ts';
import { findAccount, requireManagerOf } from '../scope.ts';
import { requireGrant } from './grants.ts';
import { type InvitationLimit, inviteByMail, queueInvitation } from './invitations.ts';
import type { PasswordQueue } from './password-queue.ts';
import { addUser, containerOf, hasherFor, newUser, type UserToInsert } from './users.ts';

/**
 * Runs `work`, whose transaction calls `add` with the user once it knows their account and container. The user and the mail that
 * invites them are one: neither is without the other.
 */
export type AddingUser = <T>(
  caller: Caller,
  wanted: { readonly user: UserToInsert; readonly invitation: NewUser['invitation'] },
  work: (add: (tx: Stores, user: UserToInsert) => Promise<User>) => Promise<T>,
) => Promise<T>;

export function createAddingUser(context: AppContext, limit: InvitationLimit): AddingUser {
  return async (caller, { user, invitation }, work) => {
    const address = invitation === 'wherePossible' ? reachable(context, user) : undefined;
    if (invitation !== 'required' && address === undefined) return work((tx, added) => addUser(tx, added, caller));
    const done = await limit.counting(user.accountId, () =>
      work(async (tx, added) => {
        const made = await addUser(tx, added, caller);
        if (address === undefined) await inviteByMail(context, tx, caller, made);
        else await queueInvitation(context, tx, caller, { user: made, address });
        return made;
      }),
    );
    context.queue.wake();
    return done;
  };
}

export function createNewUsers(
  context: AppContext,
  passwords: PasswordQueue,
  adding: AddingUser,
): Pick<Users, 'create'> {
  const { database } = context;
  const read = database.read;
  return {
    async create(caller, request) {
      const { accountId, roles, invitation } = request;
      requireManagerOf(caller, accountId, roles);
      // Before a tenth of a second is spent on the password, and again where it counts.
      await requireGrant(read, caller, { accountId, before: [], after: roles });
      if (accountId !== null) await findAccount(read, caller, accountId);
      const containerId = await containerOf(read, caller, request);
      const hash = hasherFor(context, passwords, caller);
      const user = { ...(await newUser(context, request, hash)), containerId };
      return adding(caller, { user, invitation }, (add) => database.write((tx) => add(tx, user)));
    },
  };
}

/** The mailbox of a person without a password, where mail is sent at all. */
function reachable({ mailer }: AppContext, user: UserToInsert): string | undefined {
  return mailer !== null && user.kind === 'person' && user.passwordHash === null ? mailboxOf(user) : undefined;
}
