/** Port for front doors: the sessions of people who signed in (`signIn.createSession`). */
import type { Caller } from '../caller.ts';
import type { UserSession } from '../user-session.ts';

export interface Sessions {
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
