/** Port for front doors: the sessions of people who signed in (`signIn.createSession`). */
import type { Caller } from '../caller.ts';
import type { UserSession } from '../user-session.ts';

export interface Sessions {
  /** The session by which the caller came; undefined: they came by a key. */
  current(caller: Caller): Promise<UserSession | undefined>;
  /**
   * Types the password again, which for `confirmationMs` lets the session do what needs a confirmation. It has another secret from
   * then on, which is in the answer and nowhere else.
   * @throws {CertError} forbidden for a caller without a session, invalidField for a wrong password, rateLimited after repeated ones,
   * unauthenticated where the session has ended meanwhile
   */
  confirm(caller: Caller, password: string): Promise<{ readonly session: UserSession; readonly secret: string }>;
  /**
   * Those that have not ended, the newest first: of the caller's own person, or of a user (id, number or user name) that the
   * caller may manage.
   * @throws {CertError} notFound, forbidden
   */
  list(caller: Caller, user: string | null): Promise<readonly UserSession[]>;
  /**
   * Ends one at once: signs out, where it is the caller's own (`caller.sessionId`).
   * @throws {CertError} notFound, also for one that has ended; forbidden
   */
  end(caller: Caller, id: string): Promise<void>;
}
