/** Wrong passwords in the audit log: at sign-in, and where somebody who is signed in confirms what they do, or wants another. */
import type { User } from '../../domain/account.ts';
import type { Caller, Origin } from '../../domain/caller.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import type { UserSession } from '../../domain/user-session.ts';
import type { AppContext } from '../context.ts';
import { recordAccount } from './account-event.ts';
import { noted } from './admission.ts';

/** In the place of a user's id. What was typed as a name may be a password in the wrong field: it is written nowhere. */
const unknownUser = 'unknown';

/**
 * The sign-in of somebody by this user name. One that is refused for the password, or since the account is suspended, leaves a line, the
 * same for a user whom there is not, so that both answers take the same time. One that is refused before the password is looked at
 * leaves none: a line for each would fill the disk.
 */
export async function signedIn<T>(
  context: AppContext,
  username: string,
  { address, requestId }: Origin,
  check: () => Promise<T>,
): Promise<T> {
  try {
    return await check();
  } catch (thrown) {
    const why = thrown instanceof CertError ? reasonOf(thrown) : undefined;
    if (why === undefined) throw thrown;
    const at = context.clock.now();
    await noted(context, async (tx) => {
      const user = await tx.users.getByUsername(username);
      await recordAccount(tx, { actor: 'system', requestId }, 'session.refused', {
        accountId: user?.accountId ?? null,
        subject: user?.id ?? unknownUser,
        data: { address, reason: why, ...(user === undefined ? {} : { username: user.username }) },
        at,
      });
    });
    throw thrown;
  }
}

/**
 * The confirmation of a session by its password. A wrong one leaves a line, and is refused as a wrong field: the session itself goes on.
 * @throws {CertError} invalidField
 */
export async function confirmed(
  context: AppContext,
  { caller, session, user }: { readonly caller: Caller; readonly session: UserSession; readonly user: User },
  check: () => Promise<void>,
): Promise<void> {
  try {
    await check();
  } catch (thrown) {
    if (!(thrown instanceof CertError) || thrown.reason.key !== 'loginFailed') throw thrown;
    const at = context.clock.now();
    await noted(context, (tx) =>
      recordAccount(tx, caller, 'session.confirmationRefused', {
        accountId: user.accountId,
        subject: session.id,
        data: { username: user.username, dialect: session.dialect, address: caller.address },
        at,
      }),
    );
    throw refuse('passwordWrong', { field: 'password' }, { cause: thrown });
  }
}

/**
 * The present password, given by somebody who has signed in already and wants another. A wrong one leaves a line, and is a wrong field:
 * it says nothing of their session.
 * @throws {CertError} invalidField
 */
export async function presentGiven<T>(
  context: AppContext,
  { caller, user }: { readonly caller: Caller; readonly user: User },
  check: () => Promise<T>,
): Promise<T> {
  try {
    return await check();
  } catch (thrown) {
    if (!(thrown instanceof CertError) || thrown.reason.key !== 'loginFailed') throw thrown;
    const { id: subject, accountId, username } = user;
    const at = context.clock.now();
    const data = { username, address: caller.address };
    await noted(context, (tx) =>
      recordAccount(tx, caller, 'user.passwordChangeRefused', { accountId, subject, data, at }),
    );
    throw refuse('passwordWrong', { field: 'present' }, { cause: thrown });
  }
}

/** Undefined for what says nothing of the password. */
function reasonOf({ reason: { key } }: CertError): string | undefined {
  if (key === 'loginFailed') return 'wrong user name or password';
  return key === 'accountSuspended' ? 'the account is suspended' : undefined;
}
