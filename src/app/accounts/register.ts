/** Accounts that people make for themselves, where the operator lets those who know a code do so. */
import { networkOf } from '../../domain/address-range.ts';
import type { Origin } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Registration } from '../../domain/ports/accounts.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import { printable } from '../../domain/printable.ts';
import type { AppContext } from '../context.ts';
import { insertAccount, newAccount } from './accounts.ts';
import type { PasswordQueue } from './password-queue.ts';
import { hashPassword, hashSecret, isSecret } from './passwords.ts';
import { createCodeLimit, requireRoom } from './registration-limit.ts';
import { insertUser, newUser } from './users.ts';

/** @param passwords shared with the sign-ins: hashing a password takes as much memory here as there */
export function createRegistration(context: AppContext, passwords: PasswordQueue): Pick<SignIn, 'register'> {
  const codes = createCodeLimit({ clock: context.clock, signals: context.database.signals });

  async function make(request: Registration, network: string, { requestId }: Origin) {
    const { username, password, accountName, currency, contactEmail, limits } = request;
    const account = newAccount(context, {
      // A stranger's text, which the operator's terminal will show.
      name: printable(accountName),
      currency,
      approval: 'automatic',
      productCodes: null,
      allowedNames: null,
      contactEmail,
    });
    const hash = () => passwords.run({ from: network, isKnown: false }, () => hashPassword(password, context));
    const user = await newUser(context, { accountId: account.id, username, password, roles: ['requester'] }, hash);
    const by = { actor: user.id, requestId };
    return context.database.write(async (tx) => {
      await requireRoom(tx, { network, limits, now: context.clock.now() });
      const inserted = await insertAccount(context, tx, account, by);
      await tx.accounts.markRegistered(inserted.id, network);
      await insertUser(tx, user, by);
      return inserted;
    });
  }

  return {
    async register(request, origin) {
      const { code, limits } = request;
      const network = networkOf(origin.address);
      codes.check(network);
      if (!isSecret(code.given, hashSecret(code.expected))) {
        codes.wasWrong(network);
        throw refuse('registrationCodeWrong', { field: 'registrationCode' });
      }
      // Asked again in the transaction; here it spares the hash of the password.
      await requireRoom(context.database.read, { network, limits, now: context.clock.now() });
      return make(request, network, origin);
    },
  };
}
