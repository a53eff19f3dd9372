/** The check of a person's password: through the queue of hashes, with the limits on guessing. */
import type { User } from '../../domain/account.ts';
import { networkOf } from '../../domain/address-range.ts';
import type { Origin } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { UserId } from '../../domain/ids.ts';
import type { AppContext } from '../context.ts';
import type { PasswordQueue } from './password-queue.ts';
import { isPassword } from './passwords.ts';
import { createSignInLimit } from './sign-in-limit.ts';

export interface PasswordTry {
  /** Lower case. */
  readonly username: string;
  readonly password: string;
}

/**
 * The active user whose password it is. One whom the door does not let in counts as a wrong password.
 * @throws {CertError} unauthenticated, rateLimited after repeated failures, unavailable while too many wait
 */
export type CheckPassword = (
  one: PasswordTry,
  origin: Origin,
  isLetIn: (user: User) => boolean,
) => Promise<{ readonly user: User; readonly network: string }>;

const nobodyId = 'usr_nobody' as UserId;

export function createPasswordCheck(context: AppContext, passwords: PasswordQueue): CheckPassword {
  const { clock, database } = context;
  const { users } = database.read;
  const limit = createSignInLimit({ clock, signals: database.signals });

  return async ({ username, password }, origin, isLetIn) => {
    const network = networkOf(origin.address);
    // Looked up for somebody who is not there, too: both answers take the same time.
    const isKnown = await users.hasNetwork((await users.getByUsername(username))?.id ?? nobodyId, network);
    const one = { username, network, isKnown };
    // Those who must wait anyway take no place in the queue.
    limit.check(one);
    return passwords.run({ from: network, isKnown }, async () => {
      // Counted only now, so that those who wait do not count against each other.
      const attempt = limit.begin(one);
      const user = await users.getByUsername(username);
      const isRight = await isPassword(password, user?.passwordHash ?? undefined, context.passwordCost);
      if (user === undefined || !isRight || user.state !== 'active' || !isLetIn(user)) throw refuse('loginFailed', {});
      attempt.succeeded();
      return { user, network };
    });
  };
}
