/**
 * What a front door may ask of the core: the waist of the hourglass. Domain types only. Every method checks that what it
 * touches belongs to the caller's account; what does not is `notFound`, as if it did not exist.
 */
import type { Account, Credential, LedgerEntry, Role, User } from '../account.ts';
import type { Approval } from '../approval.ts';
import type { Authority } from '../authority.ts';
import type { CaaAnswer } from '../caa.ts';
import type { Caller, Origin, Reference } from '../caller.ts';
import type { Certificate, RevocationReason } from '../certificate.ts';
import type { CheckedChallenge, CheckResult, MethodChoice } from '../challenge.ts';
import type { Event } from '../event.ts';
import type { Identifier } from '../identifier.ts';
import type { Note, OrderState } from '../order.ts';
import type { Mailbox } from '../outgoing-mail.ts';
import type { CountedPage, Page } from '../page.ts';
import type { Product } from '../product.ts';
import type { RoleGrant } from '../role-grant.ts';
import type { AccountChange, NewAccount, Registration } from './accounts.ts';
import type { ApprovalQuery, ApprovalSummary, ApprovalView, ApprovalWish } from './approvals.ts';
import type { ProductChange } from './catalogue.ts';
import type { CertificateView } from './certificates.ts';
import type { NewCredential } from './credentials.ts';
import type { Job } from './jobs.ts';
import type { KeyRegister } from './key-register.ts';
import type { KeyEncryption } from './master-keys.ts';
import type {
  CsrSource,
  IssuanceView,
  NameChoice,
  OrderChange,
  OrderReference,
  OrderSearch,
  OrderSummary,
  OrderView,
  PlaceOrder,
  Reissue,
} from './orders.ts';
import type { GrantTarget } from './role-grants.ts';
import type { NewUser, UserChange } from './users.ts';

export interface Platform extends KeyRegister {
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
  register(request: Registration, origin: Origin): Promise<Account>;
  /**
   * Refuses `credential` for a key that there is not, or not any more, and `credential.secret` for a wrong secret: both take the
   * same time, and a dialect whose API does not tell them apart has one word for both.
   * @throws {CertError} unauthenticated, forbidden. Constant time in the secret.
   */
  authenticate(credentials: { dialect: string; publicId: string; secret: string }, origin: Origin): Promise<Caller>;
  account(caller: Caller): Promise<Account>;
  /** What the caller's account may order through the caller's dialect (native: of every dialect). */
  products(caller: Caller): Promise<readonly Product[]>;
  /** @throws {CertError} unknownProduct, badName, refusedName, tooManyNames, badCsr, badKey, insufficientBalance, … */
  placeOrder(caller: Caller, request: PlaceOrder): Promise<OrderView>;
  /** Refuses what `placeOrder` would refuse before it stores anything, the balance apart; for APIs with a dry run. Makes no key. */
  checkOrder(caller: Caller, request: PlaceOrder): Promise<void>;
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
  ): Promise<Page<OrderSummary>>;
  /** Starts a check now, if none runs; answers at once. @throws {CertError} notFound, wrongState */
  recheck(caller: Caller, reference: OrderReference): Promise<OrderView>;
  /**
   * Says how names will be proved, all or none; any offered method is still accepted. Choosing e-mail sends one mail to each
   * address for all its names; choosing the same address again sends another, not sooner than some minutes after the last.
   * @throws {CertError} notFound, wrongState, validationFailed (not offered, or a mailbox that wants no mail), unsupported
   * (no mail server), rateLimited
   */
  chooseMethods(caller: Caller, reference: OrderReference, choices: readonly NameChoice[]): Promise<OrderView>;
  /** As `chooseMethods`, of one name. */
  chooseMethod(caller: Caller, reference: OrderReference, name: Identifier, choice: MethodChoice): Promise<OrderView>;
  /**
   * Takes names out of an order whose newest issuance is not being signed yet, and refunds what they cost. At least one
   * stays. `unproved`: all that are not proved now.
   * @throws {CertError} notFound, wrongState, invalidField
   */
  removeNames(caller: Caller, reference: OrderReference, names: readonly Identifier[] | 'unproved'): Promise<OrderView>;
  /** With offset and total, for dialects whose lists count; `orders` is cheaper. */
  searchOrders(caller: Caller, search: OrderSearch): Promise<CountedPage<OrderSummary>>;
  /** The issuances of the order, duplicates too, newest first, each as the order was seen with it; no more than 1,000. */
  issuances(caller: Caller, reference: OrderReference): Promise<readonly IssuanceView[]>;
  /** Orders to which something happened between the two moments, the latest first; no more than 1,000. */
  changedOrders(
    caller: Caller,
    between: { readonly from: Date; readonly until: Date },
  ): Promise<readonly OrderSummary[]>;
  changeOrder(caller: Caller, reference: OrderReference, change: OrderChange): Promise<OrderView>;
  addNote(caller: Caller, reference: OrderReference, text: string): Promise<Note>;
  /** Newest first. */
  notes(caller: Caller, reference: OrderReference): Promise<readonly Note[]>;
  /** The CSR of an order that was placed without one. @throws {CertError} wrongState, badCsr, badKey */
  provideCsr(caller: Caller, reference: OrderReference, csr: CsrSource): Promise<OrderView>;
  reissue(caller: Caller, reference: OrderReference, request: Reissue): Promise<OrderView>;
  /** Gives up a reissue that is not being signed yet: the order stands as before it. @throws {CertError} wrongState */
  withdrawReissue(caller: Caller, reference: OrderReference): Promise<OrderView>;
  /**
   * One more certificate of an active order beside its newest one, which stays what it is. The same names, or fewer.
   * @returns the view of the duplicate
   */
  duplicate(caller: Caller, reference: OrderReference, request: Reissue): Promise<OrderView>;
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
  /**
   * Revokes every valid certificate of the order, which ends it; an order without one yet is rejected instead. For dialects
   * that have no words for an approval: where the caller needs one, it is asked for, and the view's `approval` says so.
   */
  revoke(caller: Caller, reference: OrderReference, reason: RevocationReason): Promise<OrderView>;
  /**
   * Asks for the revocation of an order's certificates, or of one (an id, a number or a serial in hex): at once where no
   * approval is needed (`approval` null, or approved where it was not to be skipped), else when it is given. A refusal leaves
   * everything as it is.
   */
  requestRevocation(
    caller: Caller,
    target: { readonly order: OrderReference } | { readonly certificate: string },
    request: { readonly reason: RevocationReason; readonly wish: ApprovalWish },
  ): Promise<{ readonly view: OrderView; readonly approval: Approval | null }>;
  /**
   * Gives up an order that has no certificate yet and refunds it. `issuedWithinDays`: one whose first certificate is no older
   * as well; its certificates are revoked (cessationOfOperation).
   */
  cancel(
    caller: Caller,
    reference: OrderReference,
    options?: { readonly issuedWithinDays?: number; readonly note?: string },
  ): Promise<OrderView>;
  /** Decides the request of the order that is waiting. */
  decide(caller: Caller, reference: OrderReference, decision: { approve: boolean; note: string }): Promise<OrderView>;
  approvals(caller: Caller, query: ApprovalQuery): Promise<CountedPage<ApprovalSummary>>;
  approval(caller: Caller, reference: Reference): Promise<ApprovalView>;
  /**
   * @throws {CertError} forbidden without the role, for the requester where the account separates duties, and for whoever
   * took the first of two steps; wrongState once it is decided
   */
  decideApproval(
    caller: Caller,
    reference: Reference,
    decision: { readonly approve: boolean; readonly note: string },
  ): Promise<ApprovalView>;
  /** The CAA records that govern the name, looked up now (RFC 8659 §3). @throws {CertError} unavailable */
  caa(caller: Caller, name: Identifier): Promise<CaaAnswer>;
  certificates(
    caller: Caller,
    query: { limit: number; before?: number; name?: string; serial?: string },
  ): Promise<Page<Certificate>>;
  certificate(caller: Caller, idOrNumber: string): Promise<CertificateView>;
  /**
   * Mails a certificate and those above it, as PEM, to each of the addresses.
   * @throws {CertError} certificateNotIssued, mailNotConfigured, invalidField, rateLimited
   */
  sendCertificate(caller: Caller, reference: OrderReference, addresses: readonly string[]): Promise<void>;
  /** As `revoke`, of one certificate. `approval`: what it waits for now; null when it is done. */
  revokeCertificate(
    caller: Caller,
    idOrNumber: string,
    reason: RevocationReason,
  ): Promise<CertificateView & { readonly approval: Approval | null }>;
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
  /**
   * A suspended account is refused at every call. Its orders under way rest until it is resumed, and those with names that are
   * not allowed any more until they are again; what is being signed already is finished.
   */
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
  /** Open to every role of the account, as `user` is: orders and requests name them anyway. */
  users(caller: Caller, page: { limit: number; before?: number }): Promise<Page<User>>;
  /** By id, number or user name. */
  user(caller: Caller, reference: string): Promise<User>;
  changeUser(caller: Caller, reference: string, change: UserChange): Promise<User>;
  /** By id, number or user name. Every key of the user is revoked with it. @throws {CertError} forbidden for the caller's own user */
  disableUser(caller: Caller, idOrName: string): Promise<User>;
  /** May sign in again; the keys stay revoked. */
  enableUser(caller: Caller, idOrName: string): Promise<User>;
  /** The secret is in the answer and nowhere else. */
  createCredential(
    caller: Caller,
    request: NewCredential,
  ): Promise<{ readonly credential: Credential; readonly secret: string }>;
  credentials(caller: Caller, page: { limit: number; before?: number }): Promise<Page<Credential>>;
  changeCredential(
    caller: Caller,
    idOrNumber: string,
    change: { readonly label?: string; readonly roles?: readonly Role[] },
  ): Promise<Credential>;
  /** By id or number. */
  revokeCredential(caller: Caller, idOrNumber: string): Promise<Credential>;
  /**
   * Proposes what a user or a key may do from now on, for another administrator to confirm: where an account separates
   * duties, that is how approvers and administrators are made. @throws {CertError} forbidden, conflict when one waits
   */
  proposeGrant(
    caller: Caller,
    request: { readonly target: GrantTarget; readonly roles: readonly Role[] },
  ): Promise<RoleGrant>;
  roleGrants(caller: Caller, page: { limit: number; before?: number }): Promise<Page<RoleGrant>>;
  /** @throws {CertError} forbidden for whoever proposed it, and where they do not hold the roles any more; wrongState */
  confirmGrant(caller: Caller, reference: Reference): Promise<RoleGrant>;
  /** For whoever manages users. @throws {CertError} wrongState */
  withdrawGrant(caller: Caller, reference: Reference): Promise<RoleGrant>;
  changeProduct(caller: Caller, dialect: string, code: string, change: ProductChange): Promise<Product>;
  events(caller: Caller, query: { limit: number; before?: number; subject?: string }): Promise<Page<Event>>;
  authorities(caller: Caller): Promise<readonly Authority[]>;
  /** Mailboxes whose readers want no mail, or that an operator stopped; the latest first. For operators. */
  stoppedMailboxes(caller: Caller): Promise<readonly Mailbox[]>;
  stopMail(caller: Caller, address: string): Promise<Mailbox>;
  /** The mailbox gets mail again. @throws {CertError} notFound for one that was not stopped */
  liftMailStop(caller: Caller, address: string): Promise<Mailbox>;
  failedJobs(caller: Caller): Promise<readonly Job[]>;
  /** The master key, and the newest change of it. For operators. */
  keyEncryption(caller: Caller): Promise<KeyEncryption>;
  /**
   * Makes a new master key and has everything sealed anew under it, by a job. While that is under way it only makes sure that the
   * job runs. For operators. @throws {CertError} wrongState where the operator keeps the key
   */
  rotateMasterKey(caller: Caller): Promise<KeyEncryption>;
}
