/** The authorizations of an account: which names it controls, by which evidence, until when. */
import type { Authorization } from '../authorization.ts';
import type { Caller } from '../caller.ts';
import type { Identifier } from '../identifier.ts';
import type { AuthorizationId } from '../ids.ts';
import type { Order } from '../order.ts';
import type { Counting, Total } from '../page.ts';
import type { ValidationMethod } from '../validation-method.ts';
import type { OrderReference } from './orders.ts';

export interface AuthorizationView {
  /** With its challenges and the newest check of each, which says why it proves nothing yet. */
  readonly authorization: Authorization;
  /** The end of what is valid; of what is pending, the last moment at which a proof is looked for. Null: there is none. */
  readonly expiresAt: Date | null;
  /** By which the caller can prove it, of the challenges that were offered; null: by all. */
  readonly methods: readonly ValidationMethod[] | null;
}

export interface AuthorizationQuery extends Counting {
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: AuthorizationId;
}

export interface AuthorizationPage {
  readonly items: readonly AuthorizationView[];
  /** What the next page comes after; null at the end. */
  readonly next: AuthorizationId | null;
  /** Where the query wants it. */
  readonly total?: Total;
}

export interface NewAuthorizations {
  readonly names: readonly Identifier[];
  /** What will be ordered: its rules say which names and which methods are accepted. */
  readonly productCode: string;
  /** Never used before in the dialect by this account; seeds the challenges. */
  readonly proofReference: string;
  readonly preferredMethod: ValidationMethod;
  /** What the dialect's proof maker needs to know. */
  readonly dialectData: Order['dialectData'];
  /** Those that are not proved by then expire; within 30 days. */
  readonly pendingUntil: Date;
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
  /** Those that the caller asked for with `create`, in any state, newest first. @throws {CertError} fieldInvalid */
  listOwn(caller: Caller, query: AuthorizationQuery): Promise<AuthorizationPage>;
  /**
   * Authorizations without an order, one for each name and in their order: a valid one of the account where it serves (pending ones
   * are nobody else's), else a new one, which is checked on request. Orders of the account use what was proved.
   * @throws {CertError} refusedName and its like with a part for each name, unknownProduct, fieldInvalid, conflict for a
   * `proofReference` that was used
   */
  create(caller: Caller, request: NewAuthorizations): Promise<readonly AuthorizationView[]>;
  /**
   * Starts the check of one challenge, by its position, and answers once it has looked, or after `withinMs`: at once by default.
   * `attempt` of the authorization says what was asked for.
   * It looks a few times within half a minute and then decides for good: `valid`, or `invalid` with the evidence of the last look.
   * While it runs, the same challenge again makes it look at once. One that is not checked on request is looked for as ever.
   * @throws {CertError} notFound, wrongState for one that is decided or whose other challenge is being checked, fieldInvalid
   */
  check(caller: Caller, id: string, challenge: number, withinMs?: number): Promise<AuthorizationView>;
  /** Those of an order's newest issuance, in any state, in the order of its names; one of several names once. @throws {CertError} notFound */
  listOfOrder(caller: Caller, reference: OrderReference): Promise<readonly AuthorizationView[]>;
  /**
   * From now on it proves nothing (RFC 8555 §7.5.2): no order uses it again, and those that wait for it need another proof.
   * Certificates stay as they are. Nothing changes where it is deactivated already.
   * @throws {CertError} notFound, wrongState for one that is invalid or expired
   */
  deactivate(caller: Caller, id: string): Promise<AuthorizationView>;
  /**
   * The same for a client that shares the account with others. What it asked for itself is deactivated; what others have proved goes on
   * serving them, and proves nothing to this client from now on: its orders that are not placed yet need another proof.
   * @throws {CertError} as `deactivate`
   */
  renounce(caller: Caller, id: string): Promise<AuthorizationView>;
}
