/**
 * What a front door may ask of the core: the waist of the hourglass. Domain types only. Every method checks that what it
 * touches belongs to the caller's account; what does not is `notFound`, as if it did not exist.
 */
import type { Account, Credential, LedgerEntry, Role, User } from './account.ts';
import type { Approval, ApprovalState } from './approval.ts';
import type { Authority } from './authority.ts';
import type { Authorization } from './authorization.ts';
import type { Certificate, RevocationReason } from './certificate.ts';
import type { Challenge, CheckedChallenge, CheckResult, MethodChoice, ValidationMethod } from './challenge.ts';
import type { CustomValue } from './custom-field.ts';
import type { NewOrganizationContact } from './directory.ts';
import type { Event } from './event.ts';
import type { Identifier } from './identifier.ts';
import type { AccountId, CredentialId, UserId } from './ids.ts';
import type { Issuance, IssuanceSummary, RequestedValidity } from './issuance.ts';
import type { KeyRegister } from './key-register.ts';
import type { KeyEncryption } from './master-keys.ts';
import type { Note } from './note.ts';
import type { Contact, ExpiryNotices, Order, OrderStanding, OrderState } from './order.ts';
import type { Organization, OrganizationDetails } from './organization.ts';
import type { Mailbox } from './outgoing-mail.ts';
import type { Person } from './person.ts';
import type { Prices, Product } from './product.ts';
import type { KeyKind } from './profile.ts';
import type { RoleGrant } from './role-grant.ts';
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

/**
 * An order by the number its dialect shows, or by id; or by one of its issuances: by the number of that, or by the proof
 * reference, which a dialect may show as its own id; each account has its own, and an operator none. Then the view is of that
 * issuance instead of the newest.
 */
export type OrderReference =
  | { readonly number: number }
  | { readonly id: string }
  | { readonly issuanceNumber: number }
  | { readonly proofReference: string };

/** Something of the account by number or by id. */
export type Reference = { readonly number: number } | { readonly id: string };

/** An organization of the account, or the details of one: then one with the same details is taken, or made. */
export type OrganizationChoice = Reference | OrganizationDetails;

export interface PlaceOrder {
  readonly productCode: string;
  /** The request's own word for the product, for messages: `pid`. */
  readonly productField: string;
  readonly names: readonly Identifier[];
  /** Null, where the product allows it: it comes later (`provideCsr`), and validation goes on meanwhile. */
  readonly csr: CsrSource | null;
  /** Whole periods of the product's coverage; one unless told. The price is multiplied. */
  readonly periods?: number;
  /** The request's own word for the periods, for messages: `years`. */
  readonly periodsField?: string;
  /** Certificates that are shorter than the profile would have them. */
  readonly validity?: RequestedValidity | null;
  /** The configured issuer that is to serve the order instead of the product's. */
  readonly issuerId?: string;
  /** Where to tell of the certificate, in the dialect's words (`DialectServer.notification`): an http or https URL. */
  readonly notifyUrl?: string;
  /** Never used before in the dialect by this account; seeds the proofs. */
  readonly proofReference: string;
  /** What the dialect offers as proof of each name. `csr`: of the issuance, also where it is made here; null where there is none yet. */
  readonly challengesFor: ChallengesFor;
  readonly preferredMethod: ValidationMethod;
  /**
   * How single names will be proved, where that differs. A mail is sent to a chosen address as soon as the order is approved.
   */
  readonly choiceFor?: (identifier: Identifier) => MethodChoice | undefined;
  readonly renewalOf: OrderReference | null;
  /** Orders of OV and EV products need one, and wait until it is verified. */
  readonly organization: OrganizationChoice | null;
  /** Who speaks for the organization, where the order makes it; one that there is keeps its own. */
  readonly organizationContacts?: readonly NewOrganizationContact[];
  /** What is said anew of users, changed with the order. Only of somebody who may change users. */
  readonly persons?: readonly { readonly userNumber: number; readonly person: Person }[];
  readonly contact: Contact | null;
  readonly container?: Reference | null;
  /** Given, even empty: the account's required fields are asked for. */
  readonly customValues?: readonly Pick<CustomValue, 'fieldNumber' | 'value'>[];
  readonly alternativeReference?: string | null;
  readonly isAutoRenewed?: boolean;
  readonly notices?: ExpiryNotices;
  readonly approval?: ApprovalWish;
  readonly extension: Readonly<Record<string, unknown>>;
  /**
   * The same key with the same fingerprint inside `windowSeconds` answers the first order and charges nothing, unless that
   * order ended without a certificate.
   */
  readonly idempotency: Idempotency | null;
}

/** What the one who asks says of the approval it may need. */
export interface ApprovalWish {
  /** For the approver. */
  readonly comments?: string;
  /**
   * No approval step: honoured of somebody who might approve it themselves (`approver`, `administrator`) in an account that
   * does not separate duties and asks for one step; of anyone else the request waits all the same.
   */
  readonly skip?: boolean;
}

export interface Idempotency {
  readonly key: string;
  /** What the request asks for; the same key with another fingerprint is a `conflict`. */
  readonly fingerprint: string;
  readonly windowSeconds: number;
}

/** How one name will be proved. */
export interface NameChoice {
  readonly name: Identifier;
  readonly choice: MethodChoice;
}

export type ChallengesFor = (identifier: Identifier, csr: Uint8Array | null) => readonly Challenge[];

/** PKCS#10 DER; or the wish that certmux makes the key and the CSR. The key is then sealed, and told by `privateKey`. */
export type CsrSource = Uint8Array | { readonly make: KeyKind };

/** How the names of a new issuance can be proved. */
export interface Proofs {
  readonly proofReference: string;
  readonly challengesFor: ChallengesFor;
  readonly preferredMethod: ValidationMethod;
  readonly choiceFor?: (identifier: Identifier) => MethodChoice | undefined;
}

/** An extension, or how it follows from the one there is: then two changes that come together both count. */
export type ExtensionChange = Order['extension'] | ((current: Order['extension']) => Order['extension']);

export interface Reissue extends Proofs {
  readonly names: readonly Identifier[];
  /** `same`: the CSR of the newest issued one again; of a key that we made, a new key of the same kind. */
  readonly csr: CsrSource | 'same';
  readonly validity?: RequestedValidity | null;
  readonly approval?: ApprovalWish;
  /** Told instead of the order's own from now on. */
  readonly extension?: ExtensionChange;
  readonly idempotency?: Idempotency | null;
}

/** Everything a dialect projects its replies from. */
export interface OrderView {
  readonly order: Order;
  readonly product: Product;
  readonly account: Account;
  /** The newest issuance, duplicates aside; or the one that was asked for (`OrderReference`). */
  readonly issuance: Issuance;
  /** One per name of that issuance, in its order. */
  readonly authorizations: readonly Authorization[];
  /** Of that issuance; null until it is issued. */
  readonly certificate: Certificate | null;
  /** Issuing certificates of `certificate`, nearest first: of our own authorities up to the root, of an upstream as it sent them; empty until issued. */
  readonly chain: readonly Uint8Array[];
  /** The newest request of the order, whatever it asks for. */
  readonly approval: Approval | null;
  /** What an OV or EV order waits for. */
  readonly organization: Organization | null;
  /** The moment the view was read, so that what depends on the date is the same everywhere. */
  readonly now: Date;
}

/** One issuance among those of its order: with its certificate, without the proofs of its names. */
export type IssuanceView = Omit<OrderView, 'authorizations'>;

/** An order as lists show it. The proofs of a page of orders with many names are megabytes, so that no list reads them. */
export interface OrderSummary extends Omit<OrderView, 'issuance' | 'authorizations' | 'chain'> {
  readonly issuance: IssuanceSummary;
}

export interface Registration {
  /** Compared in constant time. `field` is the request's own word for it. */
  readonly code: { readonly given: string; readonly expected: string; readonly field: string };
  readonly username: string;
  readonly password: string;
  readonly accountName: string;
  readonly currency: string;
  readonly contactEmail: string;
  /** How many accounts may be made in an hour: in all, and from one network. */
  readonly limits: { readonly perHour: number; readonly perHourAndNetwork: number };
}

/** A page and the cursor of the next; null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: number | null;
}

/** A page of a list that counts: newest first unless sorted otherwise. */
export interface CountedPage<T> {
  readonly items: readonly T[];
  /** How many there are in all. */
  readonly total: number;
}

export interface OffsetQuery {
  readonly limit: number;
  readonly offset: number;
}

export const orderSortKeys = [
  'number',
  'createdAt',
  'coverageUntil',
  'certificateUntil',
  'commonName',
  'productName',
] as const;

/** Every condition must hold; within one, any of the values. Ranges include both ends. */
export interface OrderSearch extends OffsetQuery {
  readonly standings?: readonly OrderStanding[];
  readonly productCodes?: readonly string[];
  readonly numbers?: readonly number[];
  /** The first name of the newest issuance, exactly. */
  readonly commonName?: string;
  /** Any name of the newest issuance, exactly. */
  readonly name?: string;
  /** Part of a name, or of the alternative reference, or the number of the order. `isExact`: all of it. */
  readonly text?: { readonly value: string; readonly isExact: boolean };
  readonly serial?: string;
  readonly certificateNumber?: number;
  readonly organizationNumber?: number;
  readonly containerNumber?: number;
  readonly alternativeReference?: string;
  readonly customFieldNumber?: number;
  readonly isRenewed?: boolean;
  readonly createdFrom?: Date;
  readonly createdUntil?: Date;
  /** Of the newest certificate. */
  readonly expiresFrom?: Date;
  readonly expiresUntil?: Date;
  readonly sort?: readonly { readonly by: (typeof orderSortKeys)[number]; readonly descending: boolean }[];
}

/** What may be changed of an order without anybody's approval. */
export interface OrderChange {
  readonly customValues?: readonly Pick<CustomValue, 'fieldNumber' | 'value'>[];
  readonly notices?: ExpiryNotices;
  readonly renewalMark?: Order['renewalMark'];
  readonly isAutoRenewed?: boolean;
  readonly alternativeReference?: string | null;
  readonly extension?: ExtensionChange;
}

export interface ApprovalQuery extends OffsetQuery {
  readonly states?: readonly ApprovalState[];
  readonly asks?: readonly Approval['asks'][];
  readonly containerNumber?: number;
  /** Every request of one order. */
  readonly orderNumber?: number;
}

export interface ApprovalView {
  readonly approval: Approval;
  /** The order as of the issuance that the request is about. */
  readonly view: OrderView;
}

/** A request as lists show it. */
export interface ApprovalSummary {
  readonly approval: Approval;
  readonly view: OrderSummary;
}

/** One record of a CAA look-up (RFC 8659 §4). */
export interface CaaRecord {
  readonly flags: number;
  readonly tag: string;
  readonly value: string;
}

export interface CaaAnswer {
  /** Where the records stand: the name or its nearest parent that has some; null: nowhere. */
  readonly foundAt: string | null;
  readonly records: readonly CaaRecord[];
}

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

export interface CertificateView {
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
}

export interface NewAccount {
  readonly name: string;
  readonly currency: string;
  readonly approval: Account['approval'];
  /** False unless told. */
  readonly separatesDuties?: boolean;
  readonly productCodes: readonly string[] | null;
  readonly allowedNames: readonly string[] | null;
  readonly contactEmail: string;
}

export interface AccountChange {
  readonly name?: string;
  readonly state?: Account['state'];
  readonly approval?: Account['approval'];
  readonly separatesDuties?: boolean;
  readonly productCodes?: readonly string[] | null;
  readonly allowedNames?: readonly string[] | null;
  readonly contactEmail?: string;
}

export interface NewUser {
  readonly accountId: AccountId | null;
  readonly username: string;
  /** Null: `service`, or somebody who is to sign in later. */
  readonly password: string | null;
  readonly roles: readonly Role[];
  /** `person` unless told. */
  readonly kind?: User['kind'];
  readonly person?: Person;
  readonly container?: Reference | null;
}

export interface UserChange {
  readonly roles?: readonly Role[];
  readonly person?: Person;
  readonly container?: Reference | null;
}

export interface NewCredential {
  readonly accountId: AccountId | null;
  readonly userId: UserId | null;
  readonly dialect: string;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly allowedAddresses: readonly string[] | null;
}

/** By id or number, a user also by name. */
export type GrantTarget = { readonly user: string } | { readonly credential: string };

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

/** An order's id, for the messages that name it. */
export function referenceText(reference: OrderReference): string {
  if ('number' in reference) return String(reference.number);
  if ('id' in reference) return reference.id;
  return 'issuanceNumber' in reference ? String(reference.issuanceNumber) : reference.proofReference;
}
