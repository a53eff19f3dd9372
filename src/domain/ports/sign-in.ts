/** What strangers ask: to be let in. */
import type { Account, Credential, FundedAccount } from '../account.ts';
import type { Caller, Origin } from '../caller.ts';
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
   * `field` is the request's own word for the key. A dialect whose API tells a key that there is not, or not any more, from a
   * wrong secret gives `secretField` as well, and then it names the half that is wrong. Both take the same time.
   * @throws {CertError} unauthenticated, forbidden. Constant time in the secret.
   */
  authenticate(
    credentials: { dialect: string; publicId: string; secret: string; field: string; secretField?: string },
    origin: Origin,
  ): Promise<Caller>;
}
