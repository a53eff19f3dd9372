/** Another password, for somebody who knows the present one. */
import { refuse } from '../../domain/errors.ts';
import type { Users } from '../../domain/ports/users.ts';
import type { AppContext } from '../context.ts';
import { recordAccount } from './account-event.ts';
import { endSessions } from './end-sessions.ts';
import type { CheckPassword } from './password-check.ts';
import type { PasswordQueue } from './password-queue.ts';
import { holderOf } from './people.ts';
import { presentGiven } from './refused-passwords.ts';
import { removeInvitation } from './stored-invitations.ts';
import { hasherFor, requireGoodPassword } from './users.ts';

export function createPasswordChange(
  context: AppContext,
  passwords: PasswordQueue,
  checkPassword: CheckPassword,
): Pick<Users, 'changePassword'> {
  const { database, clock } = context;

  return {
    async changePassword(caller, { present, password }) {
      const own = await holderOf(database.read, caller.credentialId ?? caller.actor);
      if (own === undefined) throw refuse('notFound', { what: 'user', value: caller.actor });
      requireGoodPassword(password);
      const { user } = await presentGiven(context, { caller, user: own }, () =>
        checkPassword({ username: own.username, password: present }, caller, () => true),
      );
      const { id, accountId, username, passwordHash } = user;
      const hash = await hasherFor(context, passwords, caller)(password);
      const at = clock.now();
      await database.write(async (tx) => {
        // Somebody else was faster: what was checked is not the password any more.
        const isMoved = passwordHash !== null && (await tx.users.movePassword(id, passwordHash, hash));
        if (!isMoved) throw refuse('passwordWrong', { field: 'present' });
        await recordAccount(tx, caller, 'user.passwordChanged', { accountId, subject: id, data: { username }, at });
        // A link that was made because the former one was lost opens nothing any more.
        await removeInvitation(tx, user, at);
        const sessions = await tx.userSessions.listOfUser(id);
        await endSessions(tx, caller, { user, sessions, reason: 'passwordChanged', at });
      });
    },
  };
}
