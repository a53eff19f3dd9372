/** The sessions of people: begun with a password, checked at every request, ended by themselves or by somebody. */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { isId, newId } from '../../domain/ids.ts';
import type { Sessions } from '../../domain/ports/sessions.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import {
  isOver,
  sessionLimitsOf,
  sessionsPerUser,
  sessionUsePrecisionMs,
  type UserSession,
} from '../../domain/user-session.ts';
import type { AppContext } from '../context.ts';
import { accountFilter } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { noted, noteSignIn, requireActive } from './admission.ts';
import { endSessions } from './end-sessions.ts';
import { requireGrant } from './grants.ts';
import type { CheckPassword } from './password-check.ts';
import { hashSecret } from './passwords.ts';
import { holderOf, rolesOfPerson } from './people.ts';
import { findUser } from './users.ts';

const secretBytes = 32;

export function createSessionSignIn(
  context: AppContext,
  checkPassword: CheckPassword,
): Pick<SignIn, 'createSession' | 'authenticateSession'> {
  const { database, clock, random } = context;

  return {
    async createSession({ dialect, username, password }, origin) {
      const one = { username: username.trim().toLowerCase(), password };
      const { user, network } = await checkPassword(one, origin, (found) => rolesOfPerson(found).length > 0);
      await requireActive(context, user.accountId);
      const now = clock.now();
      const { idleMs, longestMs } = sessionLimitsOf(user);
      const secret = Buffer.from(random.bytes(secretBytes)).toString('base64url');
      const session: UserSession = {
        id: newId('userSession', context),
        userId: user.id,
        accountId: user.accountId,
        dialect,
        secretHash: hashSecret(secret),
        address: origin.address,
        createdAt: now,
        lastUsedAt: now,
        idleEndsAt: new Date(now.getTime() + idleMs),
        expiresAt: new Date(now.getTime() + longestMs),
      };
      const by = { actor: user.id, requestId: origin.requestId };
      await database.write(async (tx) => {
        // Disabled, or given another password, since it was checked: what ended their sessions ends this one.
        const current = await tx.users.get(user.id);
        if (current?.state !== 'active' || current.passwordHash !== user.passwordHash) throw refuse('loginFailed', {});
        const earlier = await tx.userSessions.listOfUser(user.id);
        const byUse = earlier.toSorted((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime());
        await endSessions(tx, by, { user, sessions: byUse.slice(sessionsPerUser - 1), reason: 'tooMany', at: now });
        await tx.userSessions.insert(session);
        await recordAccount(tx, by, 'session.started', {
          accountId: user.accountId,
          subject: session.id,
          data: { username: user.username, dialect, address: origin.address },
          at: now,
        });
      });
      await noteSignIn(context, user.id, network);
      return { session, secret };
    },

    async authenticateSession({ dialect, secret }, origin) {
      // Found by the hash of 256 random bits: there is nothing to compare byte by byte, and nothing to guess.
      const session = await database.read.userSessions.getBySecretHash(hashSecret(secret));
      const now = clock.now();
      if (session === undefined || session.dialect !== dialect || isOver(session, now)) throw refuse('sessionOver', {});
      const user = await database.read.users.get(session.userId);
      const roles = rolesOfPerson(user);
      if (user === undefined || roles.length === 0) throw refuse('sessionOver', {});
      await requireActive(context, session.accountId);
      await noteSessionUse(context, session, user);
      return {
        dialect,
        seesAllDialects: context.widest.has(dialect),
        // Outside of accounts there are only operators (`rolesOfPerson`).
        scope: session.accountId ?? 'all',
        isActingFor: false,
        actor: user.id,
        credentialId: null,
        sessionId: session.id,
        roles,
        address: origin.address,
        requestId: origin.requestId,
      };
    },
  };
}

export function createSessions({ database, clock }: AppContext): Sessions {
  return {
    async list(caller, reference) {
      const user = await personOf(database.read, caller, reference);
      if (user === undefined) return [];
      const sessions = await database.read.userSessions.listOfUser(user.id);
      return sessions.filter((session) => !isOver(session, clock.now()));
    },

    async end(caller, id) {
      const at = clock.now();
      await database.write(async (tx) => {
        const session = isId('userSession', id) ? await tx.userSessions.get(id) : undefined;
        const user = session === undefined || isOver(session, at) ? undefined : await tx.users.get(session.userId);
        const isOwn = user !== undefined && (await holderOf(tx, caller.credentialId ?? caller.actor))?.id === user.id;
        const scope = accountFilter(caller);
        if (session === undefined || user === undefined || !(isOwn || scope === null || scope === user.accountId)) {
          throw refuse('notFound', { what: 'session', value: quoted(id) });
        }
        if (!isOwn) await requireGrant(tx, caller, { accountId: user.accountId, before: user.roles, after: [] });
        const reason = isOwn ? 'signedOut' : 'endedByManager';
        await endSessions(tx, caller, { user, sessions: [session], reason, at });
      });
    },
  };
}

async function personOf(stores: Stores, caller: Caller, reference: string | null): Promise<User | undefined> {
  const own = await holderOf(stores, caller.credentialId ?? caller.actor);
  if (reference === null) return own;
  const user = await findUser(stores, caller, reference);
  if (user.id !== own?.id)
    await requireGrant(stores, caller, { accountId: user.accountId, before: user.roles, after: [] });
  return user;
}

async function noteSessionUse(context: AppContext, session: UserSession, user: User): Promise<void> {
  const now = context.clock.now();
  if (now.getTime() - session.lastUsedAt.getTime() < sessionUsePrecisionMs) return;
  const idleEndsAt = new Date(now.getTime() + sessionLimitsOf(user).idleMs);
  await noted(context, (tx) => tx.userSessions.updateUse(session.id, { lastUsedAt: now, idleEndsAt }));
}
