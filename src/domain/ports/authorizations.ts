/** The authorizations of an account: which names it controls, by which evidence, until when. */
import type { Authorization } from '../authorization.ts';
import type { Caller } from '../caller.ts';
import type { AuthorizationId } from '../ids.ts';
import type { OrderReference } from './orders.ts';

export interface AuthorizationView {
  /** With its challenges and the newest check of each, which says why it proves nothing yet. */
  readonly authorization: Authorization;
  /** The end of what is valid; of what is pending, the last moment at which a proof is looked for. Null: there is none. */
  readonly expiresAt: Date | null;
}

export interface AuthorizationQuery {
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: AuthorizationId;
}

export interface AuthorizationPage {
  readonly items: readonly AuthorizationView[];
  /** What the next page comes after; null at the end. */
  readonly next: AuthorizationId | null;
}

/**
 * They belong to the account, whatever front door they came through: a name that was proved through one of them may be
 * ordered through all.
 */
export interface Authorizations {
  /** @throws {CertError} notFound, the same for another account's as for none */
  get(caller: Caller, id: string): Promise<AuthorizationView>;
  /** Those of the account that are valid now, by name. @throws {CertError} accountNeeded, fieldInvalid */
  list(caller: Caller, query: AuthorizationQuery): Promise<AuthorizationPage>;
  /** Those of an order's newest issuance, in any state, in the order of its names; one of several names once. @throws {CertError} notFound */
  listOfOrder(caller: Caller, reference: OrderReference): Promise<readonly AuthorizationView[]>;
  /**
   * From now on it proves nothing (RFC 8555 §7.5.2): no order uses it again, and those that wait for it need another proof.
   * Certificates stay as they are. Nothing changes where it is deactivated already.
   * @throws {CertError} notFound, wrongState for one that is invalid or expired
   */
  deactivate(caller: Caller, id: string): Promise<AuthorizationView>;
}
