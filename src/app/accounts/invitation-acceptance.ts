/** What the link of an invitation leads to: the user, and the password that they choose. */
import type { User } from '../../domain/account.ts';
import { networkOf } from '../../domain/address-range.ts';
import type { Origin } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { mailboxOf } from '../../domain/invitation.ts';
import type { Invitations, InvitationView } from '../../domain/ports/invitations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { createCommonAllowance } from '../common-allowance.ts';
import type { AppContext } from '../context.ts';
import { recordAccount } from './account-event.ts';
import { endSessions } from './end-sessions.ts';
import type { PasswordQueue } from './password-queue.ts';
import { hashPassword, isSecret } from './passwords.ts';
import { getInvitation, readInvitationToken, removeInvitation } from './stored-invitations.ts';
import { requireGoodPassword } from './users.ts';

/**
 * Links that are not good, by network. Nobody guesses 256 bits: this only bounds the work that trying makes. Whoever opens an old
 * link a few times never meets it.
 */
const badLinks = { burst: 30, everyMs: 10_000, maxKeys: 50_000 } as const;

interface Found {
  readonly user: User;
  readonly view: InvitationView;
}

export function createInvitations(context: AppContext, passwords: PasswordQueue): Invitations {
  const { database, clock } = context;
  const allowance = createCommonAllowance({ clock, signals: database.signals }, 'invitationLinks', badLinks);

  async function find(stores: Stores, token: string): Promise<Found | undefined> {
    const read = readInvitationToken(token);
    const user = read && (await stores.users.get(read.userId));
    if (read === undefined || user?.state !== 'active') return undefined;
    const invitation = await getInvitation(stores, user, clock.now());
    if (invitation === undefined || !isSecret(read.secret, invitation.secretHash ?? new Uint8Array(32))) {
      return undefined;
    }
    const { address, expiresAt, isReset } = invitation;
    if (!isReset && user.passwordHash !== null) return undefined;
    // Their address has changed since: whoever reads the former one may not be them.
    if (address !== null && address !== mailboxOf(user)) return undefined;
    const account = user.accountId === null ? undefined : await stores.accounts.get(user.accountId);
    return { user, view: { username: user.username, accountName: account?.name ?? null, expiresAt, isReset } };
  }

  /** Counts as not good until it is known, so that many at once are not all let through. */
  async function open(token: string, { address }: Origin): Promise<Found | undefined> {
    const network = networkOf(address);
    const waitMs = allowance.tryTake(network);
    if (waitMs > 0) throw refuse('linksRateLimited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
    const found = await find(database.read, token);
    if (found !== undefined) allowance.giveBack(network);
    return found;
  }

  return {
    async show(token, origin) {
      return (await open(token, origin))?.view;
    },

    async accept(token, password, origin) {
      const opened = await open(token, origin);
      if (opened === undefined) return undefined;
      requireGoodPassword(password);
      // They hold a link of ours, and each user has only some of the places.
      const place = { from: `invitation of ${opened.user.id}`, isKnown: true };
      const hash = await passwords.run(place, () => hashPassword(password, context));
      return database.write(async (tx) => {
        // Somebody else was faster, or the user was disabled or invited again, while the password was hashed.
        const found = await find(tx, token);
        if (found === undefined) return undefined;
        const { id, accountId, username, passwordHash } = found.user;
        const isSet =
          passwordHash === null
            ? await tx.users.setFirstPassword(id, hash)
            : await tx.users.movePassword(id, passwordHash, hash);
        if (!isSet) return undefined;
        const at = clock.now();
        await removeInvitation(tx, found.user, at);
        const data = { username, from: origin.address };
        const by = { actor: id, requestId: origin.requestId };
        const kind = found.view.isReset ? 'user.passwordReset' : 'user.passwordChosen';
        await recordAccount(tx, by, kind, { accountId, subject: id, data, at });
        const sessions = await tx.userSessions.listOfUser(id);
        await endSessions(tx, by, { user: found.user, sessions, reason: 'passwordReset', at });
        return found.view;
      });
    },
  };
}
