/** Users that somebody makes, with their invitation where one is wanted. */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { mailboxOf } from '../../domain/invitation.ts';
import type { Users } from '../../domain/ports/users.ts';
import type { AppContext } from '../context.ts';
import { findAccount, requireManagerOf } from '../scope.ts';
import { requireGrant } from './grants.ts';
import { type InvitationLimit, inviteByMail, queueInvitation } from './invitations.ts';
import type { PasswordQueue } from './password-queue.ts';
import { addUser, containerOf, hasherFor, newUser, type UserToInsert } from './users.ts';

export function createNewUsers(
  context: AppContext,
  passwords: PasswordQueue,
  limit: InvitationLimit,
): Pick<Users, 'create'> {
  const { database, queue } = context;
  const read = database.read;

  /** The user and the mail are one: neither is without the other. */
  async function addInvited(caller: Caller, user: UserToInsert, address: string | null): Promise<User> {
    const made = await limit.counting(user.accountId, () =>
      database.write(async (tx) => {
        const added = await addUser(tx, user, caller);
        if (address === null) await inviteByMail(context, tx, caller, added);
        else await queueInvitation(context, tx, caller, { user: added, address });
        return added;
      }),
    );
    queue.wake();
    return made;
  }

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
      if (invitation === 'required') return addInvited(caller, user, null);
      const address = invitation === 'wherePossible' ? reachable(context, user) : undefined;
      if (address !== undefined) return addInvited(caller, user, address);
      return database.write((tx) => addUser(tx, user, caller));
    },
  };
}

function reachable({ mailer }: AppContext, user: UserToInsert): string | undefined {
  return mailer !== null && user.kind === 'person' && user.passwordHash === null ? mailboxOf(user) : undefined;
}
