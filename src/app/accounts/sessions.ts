/**
 * The sessions of people: begun with a password, checked at every request, ended by themselves or by somebody.
 *
 * A session gets another secret whenever it becomes more than it was: at each confirmation, and when its person has other roles. Whoever
 * knew the one before has nothing any more.
 */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { isId, newId } from '../../domain/ids.ts';
import type { Sessions } from '../../domain/ports/sessions.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Role } from '../../domain/role.ts';
import {
  confirmedUntil,
  isForRoles,
  isOver,
  sessionLimitsOf,
  sessionRequests,
  sessionsPerUser,
  sessionUsePrecisionMs,
  type UserSession,
} from '../../domain/user-session.ts';
import type { AppContext } from '../context.ts';
import { accountFilter, seesAllAccounts } from '../scope.ts';
import { type Actor, recordAccount } from './account-event.ts';
import { noted, noteSignIn, requireActive } from './admission.ts';
import { endSessions } from './end-sessions.ts';
import { requireGrant } from './grants.ts';
import type { CheckPassword } from './password-check.ts';
import { hashSecret } from './passwords.ts';
import { holderOf, rolesOfPerson } from './people.ts';
import { confirmed, signedIn } from './refused-passwords.ts';
import { createRequestLimiter } from './request-limits.ts';
import { findUser } from './users.ts';

const secretBytes = 32;

export function createSessionSignIn(
  context: AppContext,
  checkPassword: CheckPassword,
): Pick<SignIn, 'createSession' | 'authenticateSession'> {
  const { database, clock, random } = context;
  const limiter = createRequestLimiter(clock, 'sessionTooManyRequests');

  return {
    async createSession({ dialect, username, password, replaces }, origin) {
      const one = { username: username.trim().toLowerCase(), password };
      const { user, network } = await signedIn(context, one.username, origin, async () => {
        const found = await checkPassword(one, origin, (person) => rolesOfPerson(person).length > 0);
        await requireActive(context, found.user.accountId);
        return found;
      });
      const now = clock.now();
      const { idleMs, longestMs } = sessionLimitsOf(context.sessionLimits, user);
      const secret = newSecret(random);
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
        confirmedAt: now,
        roles: rolesOfPerson(user),
      };
      const by = { actor: user.id, requestId: origin.requestId };
      await database.write(async (tx) => {
        // Disabled, or given another password, since it was checked: what ended their sessions ends this one.
        const current = await tx.users.get(user.id);
        if (current?.state !== 'active' || current.passwordHash !== user.passwordHash) throw refuse('loginFailed', {});
        await endReplaced(tx, { dialect, replaces, by, at: now });
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

    async authenticateSession({ dialect, secret, isUse = true }, origin) {
      // Found by the hash of 256 random bits: there is nothing to compare byte by byte, and nothing to guess.
      const session = await database.read.userSessions.getBySecretHash(hashSecret(secret));
      const now = clock.now();
      if (session === undefined || session.dialect !== dialect || isOver(session, now)) throw refuse('sessionOver', {});
      limiter.take(session.id, [sessionRequests]);
      const user = await database.read.users.get(session.userId);
      const roles = rolesOfPerson(user);
      if (user === undefined || roles.length === 0) throw refuse('sessionOver', {});
      await requireActive(context, session.accountId);
      if (isUse) await noteSessionUse(context, session, user);
      const renewed = isForRoles(session, roles) ? null : await renewSecret(context, session, { roles });
      const caller: Caller = {
        dialect,
        seesAllDialects: context.widest.has(dialect),
        // Outside of accounts there are only roles of the server (`rolesOfPerson`).
        scope: session.accountId ?? 'all',
        isActingFor: false,
        actor: user.id,
        credentialId: null,
        sessionId: session.id,
        isConfirmed: confirmedUntil(session, now) !== null,
        roles,
        address: origin.address,
        requestId: origin.requestId,
      };
      return { caller, session, renewedSecret: renewed };
    },
  };
}

export function createSessions(context: AppContext, checkPassword: CheckPassword): Sessions {
  const { database, clock } = context;

  return {
    async current({ sessionId }) {
      return sessionId === undefined ? undefined : database.read.userSessions.get(sessionId);
    },

    async confirm(caller, password) {
      const session =
        caller.sessionId === undefined ? undefined : await database.read.userSessions.get(caller.sessionId);
      if (session === undefined) throw refuse('sessionNeeded', {});
      const user = await database.read.users.get(session.userId);
      if (user === undefined) throw refuse('sessionOver', {});
      await confirmed(context, { caller, session, user }, async () => {
        const found = await checkPassword({ username: user.username, password }, caller, ({ id }) => id === user.id);
        // Given another password since it was looked up: that ended the session.
        if (found.user.passwordHash !== user.passwordHash) throw refuse('sessionOver', {});
      });
      const at = clock.now();
      const roles = rolesOfPerson(user);
      const secret = await renewSecret(context, session, { roles, confirmedBy: caller, at });
      return { session: { ...session, secretHash: hashSecret(secret), confirmedAt: at, roles }, secret };
    },

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
  if (user.id !== own?.id && !seesAllAccounts(caller))
    await requireGrant(stores, caller, { accountId: user.accountId, before: user.roles, after: [] });
  return user;
}

async function noteSessionUse(context: AppContext, session: UserSession, user: User): Promise<void> {
  const now = context.clock.now();
  if (now.getTime() - session.lastUsedAt.getTime() < sessionUsePrecisionMs) return;
  const idleEndsAt = new Date(now.getTime() + sessionLimitsOf(context.sessionLimits, user).idleMs);
  await noted(context, (tx) => tx.userSessions.updateUse(session.id, { lastUsedAt: now, idleEndsAt }));
}

const newSecret = (random: AppContext['random']) => Buffer.from(random.bytes(secretBytes)).toString('base64url');

/**
 * Gives the session another secret.
 * @param change.confirmedBy the caller who has just typed the password
 * @throws {CertError} unauthenticated where another request was faster, or the session has ended
 */
async function renewSecret(
  { database, random }: AppContext,
  session: UserSession,
  { roles, confirmedBy, at }: { readonly roles: readonly Role[]; readonly confirmedBy?: Caller; readonly at?: Date },
): Promise<string> {
  const secret = newSecret(random);
  const to = { secretHash: hashSecret(secret), confirmedAt: at ?? session.confirmedAt, roles };
  await database.write(async (tx) => {
    if (!(await tx.userSessions.moveSecret(session.id, session.secretHash, to))) throw refuse('sessionOver', {});
    if (confirmedBy === undefined || at === undefined) return;
    await recordAccount(tx, confirmedBy, 'session.confirmed', {
      accountId: session.accountId,
      subject: session.id,
      data: { dialect: session.dialect, address: confirmedBy.address },
      at,
    });
  });
  return secret;
}

/** The session of the same browser before, whoever it belonged to: its cookie is about to be overwritten. */
async function endReplaced(
  tx: Stores,
  {
    dialect,
    replaces,
    by,
    at,
  }: { readonly dialect: string; readonly replaces: string | undefined; readonly by: Actor; readonly at: Date },
): Promise<void> {
  const session = replaces === undefined ? undefined : await tx.userSessions.getBySecretHash(hashSecret(replaces));
  if (session === undefined || session.dialect !== dialect) return;
  const user = await tx.users.get(session.userId);
  if (user !== undefined) await endSessions(tx, by, { user, sessions: [session], reason: 'replaced', at });
}
