/** Signing in and out of the console. The secret of a session travels in its cookie, never in a body. */
import { refuse } from '../../../domain/errors.ts';
import { confirmedUntil, type UserSession } from '../../../domain/user-session.ts';
import { dialectName } from '../name.ts';
import { wholeToWire } from '../paging.ts';
import { sessionApi, sessionsApi } from '../schema/sessions.ts';
import type { WireSession } from '../schema.ts';
import { handled, handledForAll } from '../services.ts';
import { clearSessionCookie, requireConsole, sessionSecretOf, setSessionCookie } from '../session-cookie.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';

export function sessionToWire(
  session: UserSession,
  { now, currentId }: { readonly now: Date; readonly currentId: string | undefined },
): WireSession {
  return {
    id: session.id,
    isCurrent: session.id === currentId,
    address: session.address,
    createdAt: timeToWire(session.createdAt),
    lastUsedAt: timeToWire(session.lastUsedAt),
    idleEndsAt: timeToWire(session.idleEndsAt),
    expiresAt: timeToWire(session.expiresAt),
    confirmedUntil: optionalTimeToWire(confirmedUntil(session, now)),
  };
}

export const sessionOperations = [
  handledForAll(sessionApi.create, async ({ username, password }, { services, origin: peer, request, reply }) => {
    // Before the password is looked at: nobody signs another browser in from elsewhere (login CSRF), or in clear.
    requireConsole(request, { peer, publicUrl: services.publicUrl });
    if (request.headers.has('authorization')) throw refuse('twoCredentials', {});
    const replaces = sessionSecretOf(request, peer);
    const { session, secret } = await services.signIn.createSession(
      { dialect: dialectName, username, password, ...(replaces === undefined ? {} : { replaces }) },
      { address: peer.address, requestId: peer.requestId },
    );
    setSessionCookie(reply, { secret, session, peer });
    return sessionToWire(session, { now: services.clock.now(), currentId: session.id });
  }),

  handled(sessionApi.end, async (_, { caller, services, origin: peer, reply }) => {
    if (caller.sessionId === undefined) throw refuse('sessionNeeded', {});
    await services.sessions.end(caller, caller.sessionId);
    clearSessionCookie(reply, peer);
    return { ended: true } as const;
  }),

  handled(sessionApi.confirm, async ({ password }, { caller, services, origin: peer, reply }) => {
    const { session, secret } = await services.sessions.confirm(caller, password);
    setSessionCookie(reply, { secret, session, peer });
    return sessionToWire(session, { now: services.clock.now(), currentId: session.id });
  }),

  handled(sessionsApi.list, async ({ user = null }, { caller, services }) => {
    const now = services.clock.now();
    const found = await services.sessions.list(caller, user);
    return wholeToWire(found, (one) => sessionToWire(one, { now, currentId: caller.sessionId }));
  }),

  handled(sessionsApi.end, async ({ session }, { caller, services, origin: peer, reply }) => {
    await services.sessions.end(caller, session);
    if (session === caller.sessionId) clearSessionCookie(reply, peer);
    return { ended: true } as const;
  }),
];
