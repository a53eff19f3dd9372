/** Accounts that people make for themselves, where the operator lets those who know a code do so. */
import { refuse } from '../domain/errors.ts';
import type { Platform } from '../domain/platform.ts';
import { printable } from '../domain/printable.ts';
import { insertAccount, newAccount } from './accounts.ts';
import type { AppContext } from './context.ts';
import type { Gate } from './gate.ts';
import { hashSecret, isSecret } from './passwords.ts';
import { createSignInLimit } from './sign-in-limit.ts';
import { insertUser, newUser } from './users.ts';

/** @param oneOfFew shared with the sign-ins: hashing a password takes as much memory here as there */
export function createRegistration(context: AppContext, oneOfFew: Gate): Pick<Platform, 'register'> {
  // Its own: whoever guesses codes from an address must not keep the customers behind it from signing in.
  const limit = createSignInLimit(context.clock);

  return {
    register({ code, username, password, accountName, currency, contactEmail }, origin) {
      return oneOfFew(async () => {
        limit.check(username, origin.address);
        if (!isSecret(code.given, hashSecret(code.expected))) {
          limit.failed(username, origin.address);
          throw refuse('registrationCodeWrong', { field: code.field });
        }
        const account = newAccount(context, {
          // A stranger's text, which the operator's terminal will show.
          name: printable(accountName),
          currency,
          approval: 'automatic',
          productCodes: null,
          allowedNames: null,
          contactEmail,
        });
        const user = await newUser(context, { accountId: account.id, username, password, roles: ['requester'] });
        const by = { actor: user.id, requestId: origin.requestId };
        return context.database.write(async (tx) => {
          const inserted = await insertAccount(context, tx, account, by);
          await insertUser(tx, user, by);
          return inserted;
        });
      });
    },
  };
}
