/** A password that somebody who manages the user sets for them. */
import { refuse } from '../../domain/errors.ts';
import type { Users } from '../../domain/ports/users.ts';
import type { AppContext } from '../context.ts';
import { recordAccount } from './account-event.ts';
import { endSessions } from './end-sessions.ts';
import { requireGrant } from './grants.ts';
import type { PasswordQueue } from './password-queue.ts';
import { removeInvitation } from './stored-invitations.ts';
import { findUser, hasherFor, refuseOwn, requireGoodPassword } from './users.ts';

export function createSettingPassword(context: AppContext, passwords: PasswordQueue): Pick<Users, 'setPassword'> {
  const { database, clock } = context;
  return {
    async setPassword(caller, reference, password) {
      requireGoodPassword(password);
      // Before the work of hashing is done for somebody who may not.
      const { id } = await findUser(database.read, caller, reference);
      const hash = await hasherFor(context, passwords, caller)(password);
      return database.write(async (tx) => {
        const user = await findUser(tx, caller, id);
        const { accountId, username, kind, roles, passwordHash } = user;
        // Their own password is changed by whoever knows it.
        await refuseOwn(tx, caller, user);
        // Whoever sets the password of a user can be that user.
        await requireGrant(tx, caller, { accountId, before: [], after: roles });
        if (kind === 'service') throw refuse('userIsProgram', { username });
        const isSet =
          passwordHash === null
            ? await tx.users.setFirstPassword(id, hash)
            : await tx.users.movePassword(id, passwordHash, hash);
        if (!isSet) throw refuse('databaseBusy', {});
        const at = clock.now();
        await removeInvitation(tx, user, at);
        await recordAccount(tx, caller, 'user.passwordSet', { accountId, subject: id, data: { username }, at });
        const sessions = await tx.userSessions.listOfUser(id);
        await endSessions(tx, caller, { user, sessions, reason: 'passwordChanged', at });
        return { ...user, passwordHash: hash };
      });
    },
  };
}
