/**
 * What a front door may ask of the core: the waist of the hourglass. Domain types only. Every method checks that what it
 * touches belongs to the caller's account; what does not is `notFound`, as if it did not exist.
 */
import type { Account, Credential, LedgerEntry, Role, User } from './account.ts';
import type { Authority } from './authority.ts';
import type { Authorization } from './authorization.ts';
import type { Certificate, RevocationReason } from './certificate.ts';
import type { Challenge, CheckedChallenge, CheckResult, MethodChoice, ValidationMethod } from './challenge.ts';
import type { Event } from './event.ts';
import type { Identifier } from './identifier.ts';
import type { AccountId, CredentialId, OrderId, UserId } from './ids.ts';
import type { Issuance } from './issuance.ts';
import type { Approval, Contact, Order, OrderState, Organization } from './order.ts';
import type { Prices, Product } from './product.ts';
import type { KeyKind } from './profile.ts';
import type { Job } from './work.ts';

/** Who asks, once authenticated. */
export interface Caller {
  /** The front door they came through. A dialect other than `native` sees only orders placed through it. */
  readonly dialect: string;
  /** Null: an operator, who sees every account. */
  readonly accountId: AccountId | null;
  /** What the audit log names. */
  readonly actor: UserId | CredentialId;
  readonly credentialId: CredentialId | null;
  readonly roles: readonly Role[];
  readonly address: string;
  readonly requestId: string;
}

/** Where a request comes from, before it is known who sends it. */
export interface Origin {
  readonly address: string;
  readonly requestId: string;
}

/** An order by the number its dialect shows, or by id. */
export type OrderReference = { readonly number: number } | { readonly id: string };

export interface PlaceOrder {
  readonly productCode: string;
  /** The request's own word for the product, for messages: `pid`. */
  readonly productField: string;
  readonly names: readonly Identifier[];
  readonly csr: CsrSource;
  /** The configured issuer that is to serve the order instead of the product's. */
  readonly issuerId?: string;
  /** Where to tell of the certificate, in the dialect's words (`DialectServer.notification`): an http or https URL. */
  readonly notifyUrl?: string;
  /** Unique in the dialect, never used before; seeds the proofs. */
  readonly proofReference: string;
  /** What the dialect offers as proof of each name. */
  readonly challengesFor: (identifier: Identifier) => readonly Challenge[];
  readonly preferredMethod: ValidationMethod;
  readonly renewalOf: OrderReference | null;
  readonly organization: Organization | null;
  readonly contact: Contact | null;
  readonly extension: Readonly<Record<string, unknown>>;
  /**
   * The same key with the same fingerprint inside `windowSeconds` answers the first order and charges nothing, unless that
   * order ended without a certificate.
   */
  readonly idempotency: Idempotency | null;
}

export interface Idempotency {
  readonly key: string;
  /** What the request asks for; the same key with another fingerprint is a `conflict`. */
  readonly fingerprint: string;
  readonly windowSeconds: number;
}

/** PKCS#10 DER; or the wish that certmux makes the key and the CSR. The key is then sealed, and told by `privateKey`. */
export type CsrSource = Uint8Array | { readonly make: KeyKind };

export interface Reissue {
  readonly names: readonly Identifier[];
  readonly csr: CsrSource;
  readonly proofReference: string;
  readonly challengesFor: (identifier: Identifier) => readonly Challenge[];
  readonly preferredMethod: ValidationMethod;
}

/** Everything a dialect projects its replies from. */
export interface OrderView {
  readonly order: Order;
  readonly product: Product;
  readonly account: Account;
  /** The newest issuance. */
  readonly issuance: Issuance;
  /** One per name of the newest issuance, in its order. */
  readonly authorizations: readonly Authorization[];
  /** Of the newest issuance; null until it is issued. */
  readonly certificate: Certificate | null;
  /** Issuing certificates of `certificate`, nearest first: of our own authorities up to the root, of an upstream as it sent them; empty until issued. */
  readonly chain: readonly Uint8Array[];
  readonly approval: Approval | null;
  /** The moment the view was read, so that what depends on the date is the same everywhere. */
  readonly now: Date;
}

export interface Registration {
  /** Compared in constant time. `field` is the request's own word for it. */
  readonly code: { readonly given: string; readonly expected: string; readonly field: string };
  readonly username: string;
  readonly password: string;
  readonly accountName: string;
  readonly currency: string;
  readonly contactEmail: string;
}

/** A page and the cursor of the next; null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: number | null;
}

export interface Platform {
  /**
   * Signs in with user name and password and makes a new credential for this device.
   * @throws {CertError} unauthenticated, rateLimited after repeated failures
   */
  createDevice(
    request: { dialect: string; username: string; password: string; label: string },
    origin: Origin,
  ): Promise<{ readonly credential: Credential; readonly secret: string; readonly account: Account }>;
  /**
   * Makes an account and its first user, who may order, for somebody who knows the operator's code; both or neither.
   * @throws {CertError} forbidden for a wrong code, rateLimited after repeated ones, conflict when the user name is taken
   */
  register(request: Registration, origin: Origin): Promise<Account>;
  /**
   * `field` is the request's own word for the key. A dialect whose API tells a key that there is not, or not any more, from a
   * wrong secret gives `secretField` as well, and then it names the half that is wrong. Both take the same time.
   * @throws {CertError} unauthenticated, forbidden. Constant time in the secret.
   */
  authenticate(
    credentials: { dialect: string; publicId: string; secret: string; field: string; secretField?: string },
    origin: Origin,
  ): Promise<Caller>;
  account(caller: Caller): Promise<Account>;
  /** What the caller's account may order through the caller's dialect (native: of every dialect). */
  products(caller: Caller): Promise<readonly Product[]>;
  /** @throws {CertError} unknownProduct, badName, refusedName, tooManyNames, badCsr, badKey, insufficientBalance, … */
  placeOrder(caller: Caller, request: PlaceOrder): Promise<OrderView>;
  /** When work on the order is under way at this moment, waits for it a little, so that a poll sees its result. */
  order(caller: Caller, reference: OrderReference): Promise<OrderView>;
  /**
   * For APIs that answer a certificate in one call: the order once the look for its proofs and the signing that are under
   * way or due have ended, or after `withinMs`. It never waits for a person, nor for a later look.
   */
  settle(caller: Caller, reference: OrderReference, withinMs: number): Promise<OrderView>;
  orders(
    caller: Caller,
    query: { limit: number; before?: number; state?: OrderState; name?: string },
  ): Promise<Page<OrderView>>;
  /** Starts a check now, if none runs; answers at once. @throws {CertError} notFound, wrongState */
  recheck(caller: Caller, reference: OrderReference): Promise<OrderView>;
  /**
   * Says how a name will be proved; any offered method is still accepted. Choosing e-mail sends a mail; choosing the same
   * address again sends another, not sooner than some minutes after the last.
   * @throws {CertError} notFound, wrongState, validationFailed (not offered), unsupported (no mail server), rateLimited
   */
  chooseMethod(caller: Caller, reference: OrderReference, name: Identifier, choice: MethodChoice): Promise<OrderView>;
  /**
   * Takes names out of an order whose newest issuance is not being signed yet, and refunds what they cost. At least one
   * stays. `unproved`: all that are not proved now.
   * @throws {CertError} notFound, wrongState, invalidField
   */
  removeNames(caller: Caller, reference: OrderReference, names: readonly Identifier[] | 'unproved'): Promise<OrderView>;
  reissue(caller: Caller, reference: OrderReference, request: Reissue): Promise<OrderView>;
  /**
   * The PKCS#8 of the key that was made for the newest issuance, once that is issued. Only for the account that owns the
   * order, no operator; every delivery is an event.
   * @throws {CertError} notFound when the key is not ours, wrongState before the certificate is there
   */
  privateKey(caller: Caller, reference: OrderReference): Promise<Uint8Array>;
  /**
   * Looks for each proof over the network now, without an order: for dialects whose clients place proofs first. Answers in
   * the order of the requests; stores nothing and proves nothing by itself.
   */
  checkChallenges(
    caller: Caller,
    requests: readonly { readonly identifier: Identifier; readonly challenge: CheckedChallenge }[],
  ): Promise<readonly CheckResult[]>;
  /** Revokes every valid certificate of the order, which ends it; an order without one yet is rejected instead. */
  revoke(caller: Caller, reference: OrderReference, reason: RevocationReason): Promise<OrderView>;
  /** Gives up an order that has no certificate yet and refunds it. */
  cancel(caller: Caller, reference: OrderReference): Promise<OrderView>;
  decide(caller: Caller, reference: OrderReference, decision: { approve: boolean; note: string }): Promise<OrderView>;
  certificates(
    caller: Caller,
    query: { limit: number; before?: number; name?: string; serial?: string },
  ): Promise<Page<Certificate>>;
  certificate(caller: Caller, idOrNumber: string): Promise<CertificateView>;
  revokeCertificate(caller: Caller, idOrNumber: string, reason: RevocationReason): Promise<CertificateView>;
}

export interface CertificateView {
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
}

export interface NewAccount {
  readonly name: string;
  readonly currency: string;
  readonly approval: Account['approval'];
  readonly productCodes: readonly string[] | null;
  readonly allowedNames: readonly string[] | null;
  readonly contactEmail: string;
}

export interface AccountChange {
  readonly name?: string;
  readonly state?: Account['state'];
  readonly approval?: Account['approval'];
  readonly productCodes?: readonly string[] | null;
  readonly allowedNames?: readonly string[] | null;
  readonly contactEmail?: string;
}

export interface NewUser {
  readonly accountId: AccountId | null;
  readonly username: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

export interface NewCredential {
  readonly accountId: AccountId | null;
  readonly userId: UserId | null;
  readonly dialect: string;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly allowedAddresses: readonly string[] | null;
}

export interface ProductChange {
  readonly isForSale?: boolean;
  readonly prices?: Prices;
  readonly listPrices?: Prices;
  readonly name?: string;
}

/**
 * What running the server asks of the core. Most of it needs the role `operator`; an account's `administrator` may do the
 * same to their own account's users and credentials.
 */
export interface Administration {
  createAccount(caller: Caller, request: NewAccount): Promise<Account>;
  accounts(caller: Caller, page: { limit: number; before?: number }): Promise<Page<Account>>;
  /** By id or number. */
  account(caller: Caller, idOrNumber: string): Promise<Account>;
  /** A suspended account is refused at every call; its orders under way go on. */
  changeAccount(caller: Caller, idOrNumber: string, change: AccountChange): Promise<Account>;
  creditAccount(
    caller: Caller,
    idOrNumber: string,
    request: { amountMinor: number; note: string },
  ): Promise<LedgerEntry>;
  /** What signs the webhooks of the account: the key of the HMAC, as text. For its administrator; the same for good. */
  webhookSecret(caller: Caller, idOrNumber: string): Promise<string>;
  ledger(caller: Caller, idOrNumber: string, limit: number): Promise<readonly LedgerEntry[]>;
  createUser(caller: Caller, request: NewUser): Promise<User>;
  users(caller: Caller): Promise<readonly User[]>;
  /** By id or user name. Every key of the user is revoked with it. @throws {CertError} forbidden for the caller's own user */
  disableUser(caller: Caller, idOrName: string): Promise<User>;
  /** May sign in again; the keys stay revoked. */
  enableUser(caller: Caller, idOrName: string): Promise<User>;
  /** The secret is in the answer and nowhere else. */
  createCredential(
    caller: Caller,
    request: NewCredential,
  ): Promise<{ readonly credential: Credential; readonly secret: string }>;
  credentials(caller: Caller): Promise<readonly Credential[]>;
  revokeCredential(caller: Caller, id: string): Promise<Credential>;
  changeProduct(caller: Caller, dialect: string, code: string, change: ProductChange): Promise<Product>;
  events(caller: Caller, query: { limit: number; before?: number; subject?: string }): Promise<Page<Event>>;
  authorities(caller: Caller): Promise<readonly Authority[]>;
  failedJobs(caller: Caller): Promise<readonly Job[]>;
}

/** An order's id, for the messages that name it. */
export function referenceText(reference: OrderReference): string {
  return 'number' in reference ? String(reference.number) : (reference.id as OrderId);
}
