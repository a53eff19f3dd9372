/** Port for callers who are not signed in yet. */
import type { Account, Credential, FundedAccount } from '../account.ts';
import type { Caller, Origin } from '../caller.ts';
import type { UserSession } from '../user-session.ts';
import type { Registration } from './accounts.ts';

export interface SignIn {
  /**
   * Signs in with user name and password and makes a new credential for this device.
   * @throws {CertError} unauthenticated, rateLimited after repeated failures, unavailable while too many sign in
   */
  createDevice(
    request: { dialect: string; username: string; password: string; label: string },
    origin: Origin,
  ): Promise<{ readonly credential: Credential; readonly secret: string; readonly account: Account }>;
  /**
   * Makes an account and its first user, who may order, for somebody who knows the operator's code; both or neither.
   * @throws {CertError} forbidden for a wrong code, rateLimited after repeated ones or too many registrations, unavailable while too many sign in, conflict when the user name is taken
   */
  register(request: Registration, origin: Origin): Promise<FundedAccount>;
  /**
   * Refuses `credential` for a key that there is not, or not any more, and `credential.secret` for a wrong secret: both take the
   * same time, and a dialect whose API does not tell them apart has one word for both.
   * @throws {CertError} unauthenticated, forbidden. Constant time in the secret.
   */
  authenticate(credentials: { dialect: string; publicId: string; secret: string }, origin: Origin): Promise<Caller>;
  /**
   * Signs in a person, operators too, for as long as `sessionLimitsOf` says. The secret is in the answer and nowhere else.
   * @throws {CertError} unauthenticated, rateLimited after repeated failures, unavailable while too many sign in, forbidden
   * where the account is suspended
   */
  createSession(
    request: { dialect: string; username: string; password: string },
    origin: Origin,
  ): Promise<{ readonly session: UserSession; readonly secret: string }>;
  /**
   * The person whose session it is, with the roles that they have now. Refuses in one and the same way a session that is unknown,
   * was ended or is over, or whose person may not sign in any more.
   * @throws {CertError} unauthenticated, forbidden where the account is suspended
   */
  authenticateSession(session: { dialect: string; secret: string }, origin: Origin): Promise<Caller>;
  /**
   * The caller as an operator who acts for this account (id or number), with the rights of its administrators; events name
   * both. Anybody else may name their own account, and stays who they are.
   * @throws {CertError} notFound
   */
  actFor(caller: Caller, account: string): Promise<Caller>;
}
