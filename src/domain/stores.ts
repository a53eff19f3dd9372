/**
 * What the core keeps. One interface per noun; one test suite runs against every engine.
 *
 * Contract for all of them: methods named `insert…`, `move…`, `update…` run inside a transaction; `move…` is a
 * compare-and-set that answers false when the row was not in one of the expected states, and then changes nothing.
 * Objects of an account are looked up with its id wherever a caller is behind the look-up: `null` as the account means
 * the operator or the platform itself.
 */
import type { Account, Credential, LedgerEntry, User } from './account.ts';
import type { Approval, ApprovalDecision, ApprovalState } from './approval.ts';
import type { Authority, Crl } from './authority.ts';
import type { Authorization, AuthorizationState } from './authorization.ts';
import type { BlockedKey } from './blocked-key.ts';
import type { Certificate, RevocationReason } from './certificate.ts';
import type { Binding, Challenge, CheckResult, ValidationMethod } from './challenge.ts';
import type { Confirmation, ConfirmationState } from './confirmation.ts';
import type { Container } from './container.ts';
import type { CustomField } from './custom-field.ts';
import type { ManagedDomainQuery } from './directory.ts';
import type { Reason } from './errors.ts';
import type { Event, NewEvent } from './event.ts';
import type { ExternalAccountKey } from './external-account-key.ts';
import type {
  AccountId,
  ApprovalId,
  AuthorityId,
  AuthorizationId,
  CertificateId,
  ConfirmationId,
  ContainerId,
  CredentialId,
  CustomFieldId,
  ExternalAccountKeyId,
  IssuanceId,
  ManagedDomainId,
  NoticeId,
  NotificationId,
  OrderId,
  OrganizationId,
  ProductId,
  RoleGrantId,
  UserId,
  WebhookId,
} from './ids.ts';
import type { Issuance, IssuanceName, IssuancePlan, IssuanceState, IssuanceSummary, Rest } from './issuance.ts';
import type { SealedRow } from './key-sealer.ts';
import type { ManagedDomain } from './managed-domain.ts';
import type { KeyRotation } from './master-keys.ts';
import type { Note } from './note.ts';
import type { Notice } from './notice.ts';
import type { Notification, SealedMessage } from './notification.ts';
import type { Order, OrderState } from './order.ts';
import type { Organization, OrganizationContact, OrganizationDetails, OrganizationValidation } from './organization.ts';
import type { Mailbox, StoppedMail } from './outgoing-mail.ts';
import type { OrderSearch } from './platform.ts';
import type { Product } from './product.ts';
import type { RoleGrant, RoleGrantState } from './role-grant.ts';
import type { Webhook } from './webhook.ts';
import type { Job, JobKind } from './work.ts';

/** A page of a list, newest first. `before` is the cursor: the last item's number (or sequence) of the page before. */
export interface PageQuery {
  readonly limit: number;
  readonly before?: number;
}

export interface AccountStore {
  insert(account: Omit<Account, 'number'>): Promise<Account>;
  get(id: AccountId): Promise<Account | undefined>;
  getByNumber(number: number): Promise<Account | undefined>;
  list(page: PageQuery): Promise<readonly Account[]>;
  update(
    id: AccountId,
    change: Partial<
      Pick<
        Account,
        'name' | 'state' | 'approval' | 'separatesDuties' | 'productCodes' | 'allowedNames' | 'contactEmail'
      >
    >,
  ): Promise<void>;
}

/** See `UserStore.putNetwork`: more than somebody works from, and few enough for each row to stay small. */
export const networksPerUser = 20;

export interface UserStore {
  insert(user: Omit<User, 'number'>): Promise<User>;
  get(id: UserId): Promise<User | undefined>;
  getByNumber(number: number): Promise<User | undefined>;
  getByUsername(username: string): Promise<User | undefined>;
  /** Newest first. Null: of every account, and the operators. */
  list(accountId: AccountId | null, page: PageQuery): Promise<readonly User[]>;
  update(id: UserId, change: Partial<Pick<User, 'roles' | 'person' | 'containerId'>>): Promise<void>;
  updateLastSignIn(id: UserId, at: Date): Promise<void>;
  /** Whether the user is known to have signed in from there. */
  hasNetwork(id: UserId, network: string): Promise<boolean>;
  /** The user signed in from there. The newest `networksPerUser` are kept. */
  putNetwork(id: UserId, network: string, at: Date): Promise<void>;
  move(id: UserId, from: User['state'], to: User['state']): Promise<boolean>;
}

export interface CredentialStore {
  insert(credential: Omit<Credential, 'number'>): Promise<Credential>;
  get(id: CredentialId): Promise<Credential | undefined>;
  getByNumber(number: number): Promise<Credential | undefined>;
  getByPublicId(dialect: string, publicId: string): Promise<Credential | undefined>;
  /** Newest first. Null: of every account and of the operators. */
  list(accountId: AccountId | null, page: PageQuery): Promise<readonly Credential[]>;
  /** Those that are not revoked. */
  listUsableOfUser(userId: UserId): Promise<readonly Credential[]>;
  update(id: CredentialId, change: Partial<Pick<Credential, 'label' | 'roles'>>): Promise<void>;
  updateLastUsed(id: CredentialId, at: Date): Promise<void>;
  /** False when it is revoked already. */
  moveToRevoked(id: CredentialId, at: Date): Promise<boolean>;
}

export interface RoleGrantStore {
  insert(grant: Omit<RoleGrant, 'number'>): Promise<RoleGrant>;
  get(id: RoleGrantId): Promise<RoleGrant | undefined>;
  getByNumber(number: number): Promise<RoleGrant | undefined>;
  /** The one of this user or key that waits. */
  getPending(subject: RoleGrant['subject']): Promise<RoleGrant | undefined>;
  /** Newest first. Null: of every account. */
  list(query: PageQuery & { readonly accountId: AccountId | null }): Promise<readonly RoleGrant[]>;
  /** False when it waits no more. */
  moveFromPending(
    id: RoleGrantId,
    to: Exclude<RoleGrantState, 'pending'>,
    decision: { readonly by: UserId | CredentialId; readonly at: Date },
  ): Promise<boolean>;
}

export interface ProductStore {
  /** Adds the product, or replaces the one with the same dialect and code, keeping its id. */
  put(product: Product): Promise<void>;
  get(id: ProductId): Promise<Product | undefined>;
  getByCode(dialect: string, code: string): Promise<Product | undefined>;
  /** In order of code, of one dialect or of all. */
  list(dialect: string | null): Promise<readonly Product[]>;
}

export interface LedgerStore {
  /**
   * Changes the balance by `amountMinor` and appends the line. A charge that would leave less than zero changes nothing
   * and answers undefined.
   */
  append(entry: Omit<LedgerEntry, 'balanceAfterMinor'>): Promise<LedgerEntry | undefined>;
  list(accountId: AccountId, limit: number): Promise<readonly LedgerEntry[]>;
  /** The sum of all lines, to be compared with the balance. */
  sum(accountId: AccountId): Promise<number>;
}

export interface ContainerStore {
  insert(container: Omit<Container, 'number'>): Promise<Container>;
  get(id: ContainerId): Promise<Container | undefined>;
  getByNumber(number: number): Promise<Container | undefined>;
  /** All of the account, the root first. */
  list(accountId: AccountId): Promise<readonly Container[]>;
}

export interface CustomFieldStore {
  insert(field: Omit<CustomField, 'number'>): Promise<CustomField>;
  get(id: CustomFieldId): Promise<CustomField | undefined>;
  getByNumber(number: number): Promise<CustomField | undefined>;
  /** In order of the number. */
  list(accountId: AccountId): Promise<readonly CustomField[]>;
  update(field: CustomField): Promise<void>;
}

export interface OrganizationSearch {
  readonly accountId: AccountId | null;
  readonly state?: Organization['state'];
  readonly containerId?: ContainerId;
  /** Part of the name in any case, or all of it exactly. */
  readonly text?: { readonly value: string; readonly isExact: boolean };
  readonly isAwaitingVerification?: boolean;
  readonly sort?: { readonly by: 'number' | 'name'; readonly descending: boolean };
  readonly limit: number;
  readonly offset: number;
}

export interface OrganizationStore {
  insert(organization: Omit<Organization, 'number'>): Promise<Organization>;
  get(id: OrganizationId): Promise<Organization | undefined>;
  getByNumber(number: number): Promise<Organization | undefined>;
  listByIds(ids: readonly OrganizationId[]): Promise<readonly Organization[]>;
  /** Those of the account with exactly these details, newest first. */
  listByDetails(accountId: AccountId, details: OrganizationDetails): Promise<readonly Organization[]>;
  list(search: OrganizationSearch): Promise<{ readonly items: readonly Organization[]; readonly total: number }>;
  /** Somebody of any organization of the account. */
  getContact(accountId: AccountId, number: number): Promise<OrganizationContact | undefined>;
  /** A number of the sequence that users and credentials have theirs from. */
  takeContactNumber(of: OrganizationId): Promise<number>;
  move(id: OrganizationId, from: Organization['state'], to: Organization['state']): Promise<boolean>;
  /** Adds the validation, or replaces the one of the same level. */
  putValidation(id: OrganizationId, validation: OrganizationValidation): Promise<void>;
  /** Adds the contact, or replaces the one with the same number in the same role. */
  putContact(id: OrganizationId, contact: OrganizationContact): Promise<void>;
  /** Everybody in this role. */
  removeContacts(id: OrganizationId, role: OrganizationContact['role']): Promise<void>;
  /** Whether an order, a domain or a key for ACME clients of its account names it. */
  isUsed(id: OrganizationId, accountId: AccountId): Promise<boolean>;
  /** The issuances of its orders that await validation. */
  listWaiting(id: OrganizationId): Promise<readonly IssuanceId[]>;
  /** With its validations and contacts. */
  remove(id: OrganizationId): Promise<void>;
}

export interface OrderQuery extends PageQuery {
  readonly accountId: AccountId | null;
  readonly dialect?: string;
  readonly state?: OrderState;
  /** Only orders one of whose names is exactly this. */
  readonly name?: string;
}

/** What may change of an order beside its state. */
export type OrderUpdate = Partial<
  Pick<
    Order,
    'customValues' | 'notices' | 'renewalMark' | 'isAutoRenewed' | 'alternativeReference' | 'extension' | 'renewedBy'
  >
>;

export interface ChangedOrders {
  readonly accountId: AccountId;
  readonly dialect?: string;
  /** Both ends belong to it. */
  readonly from: Date;
  readonly until: Date;
  readonly limit: number;
}

/** `OrderSearch` of one account, and of one dialect where not all are seen. */
export interface StoredOrderSearch extends OrderSearch {
  readonly accountId: AccountId;
  readonly dialect?: string;
  /** What depends on the date is as of this moment. */
  readonly now: Date;
}

export interface OrderStore {
  insert(order: Omit<Order, 'number'>): Promise<Order>;
  get(id: OrderId): Promise<Order | undefined>;
  /** The row as it is now, locked until the transaction ends. */
  getForUpdate(id: OrderId): Promise<Order | undefined>;
  getByNumber(number: number): Promise<Order | undefined>;
  /** In no order. */
  listByIds(ids: readonly OrderId[]): Promise<readonly Order[]>;
  list(query: OrderQuery): Promise<readonly Order[]>;
  search(search: StoredOrderSearch): Promise<{ readonly items: readonly Order[]; readonly total: number }>;
  /** Orders that an event between the two moments is about, the one with the latest first. */
  listChanged(query: ChangedOrders): Promise<readonly Order[]>;
  move(
    id: OrderId,
    from: readonly OrderState[],
    to: OrderState,
    change?: { readonly coverageFrom?: Date; readonly coverageUntil?: Date },
  ): Promise<boolean>;
  /** A later issuance becomes the newest. `addMinor` is added to the total. */
  updateIssuance(id: OrderId, issuanceId: IssuanceId, addMinor: number): Promise<void>;
  /** What renews the order. */
  updateRenewedBy(id: OrderId, renewedBy: OrderId): Promise<void>;
  /** `by` renews it no more; changes nothing where it is renewed by another. */
  clearRenewedBy(id: OrderId, by: OrderId): Promise<void>;
  updateExtension(id: OrderId, extension: Order['extension']): Promise<void>;
  update(id: OrderId, change: OrderUpdate): Promise<void>;
  /** Active orders whose coverage is over at `now`. */
  listEnding(now: Date, limit: number): Promise<readonly Order[]>;
}

export interface ApprovalFilter {
  readonly accountId: AccountId | null;
  /** Of orders that were placed through it. */
  readonly dialect?: string;
  readonly states?: readonly ApprovalState[];
  readonly asks?: readonly Approval['asks'][];
  /** Of orders in this part of the account. */
  readonly containerId?: ContainerId;
}

export interface ApprovalStore {
  insert(approval: Omit<Approval, 'number'>): Promise<Approval>;
  get(id: ApprovalId): Promise<Approval | undefined>;
  getByNumber(number: number): Promise<Approval | undefined>;
  /** Newest first. */
  list(filter: ApprovalFilter & { readonly limit: number; readonly offset: number }): Promise<readonly Approval[]>;
  count(filter: ApprovalFilter): Promise<number>;
  /** Those of the order that nobody has decided, newest first. */
  listWaitingOfOrder(orderId: OrderId): Promise<readonly Approval[]>;
  /** The newest request of the order. */
  getNewestOfOrder(orderId: OrderId): Promise<Approval | undefined>;
  /** The newest of each order that has one, in no order. */
  listNewestOfOrders(orderIds: readonly OrderId[]): Promise<readonly Approval[]>;
  move(
    id: ApprovalId,
    from: readonly ApprovalState[],
    to: ApprovalState,
    /** Appended to the earlier ones. */
    decision: ApprovalDecision,
  ): Promise<boolean>;
}

export interface IssuanceStore {
  insert(issuance: Omit<Issuance, 'number'>): Promise<Issuance>;
  get(id: IssuanceId): Promise<Issuance | undefined>;
  getByNumber(number: number): Promise<Issuance | undefined>;
  /** In no order. */
  listByIds(ids: readonly IssuanceId[]): Promise<readonly Issuance[]>;
  /** In no order. */
  listSummaries(ids: readonly IssuanceId[]): Promise<readonly IssuanceSummary[]>;
  /** Oldest first. */
  listOfOrder(orderId: OrderId): Promise<readonly Issuance[]>;
  /** Newest first. */
  listNewestOfOrder(orderId: OrderId, limit: number): Promise<readonly Issuance[]>;
  move(
    id: IssuanceId,
    from: readonly IssuanceState[],
    to: IssuanceState,
    change?: {
      readonly plan?: IssuancePlan;
      readonly names?: readonly IssuanceName[];
      readonly certificateId?: CertificateId;
      readonly failure?: Reason;
      readonly validatingSince?: Date;
    },
  ): Promise<boolean>;
  /** What it waits for besides its proofs, as found now. Every move to another state forgets it. */
  updateRest(id: IssuanceId, rest: Rest | null): Promise<void>;
  /** Those of the account, or of all (null), that wait for something besides their proofs. */
  listResting(accountId: AccountId | null): Promise<readonly Pick<Issuance, 'id' | 'state'>[]>;
  /** The account's that await validation of the DNS name or of names below it. */
  listAwaiting(accountId: AccountId, name: string): Promise<readonly IssuanceId[]>;
  /** Those with a key that was made here, by number. */
  listMade(query: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly { readonly id: IssuanceId; readonly number: number; readonly csr: Uint8Array | null }[]>;
  /** A name may move to a newer authorization that was proved meanwhile. */
  updateNames(id: IssuanceId, names: readonly IssuanceName[]): Promise<void>;
  /** The CSR that an issuance was waiting for. Changes nothing where there is one. */
  updateCsr(
    id: IssuanceId,
    key: { readonly csr: Uint8Array | null; readonly sealedKey: Uint8Array | null },
  ): Promise<void>;
  /** Names were taken out, and what they cost. */
  reduce(id: IssuanceId, to: { readonly names: readonly IssuanceName[]; readonly chargedMinor: number }): Promise<void>;
}

/** See `AuthorizationStore.listUsable`: an account that proves a name again and again must not make every order slower. */
export const usablePerName = 16;

export interface AuthorizationStore {
  insert(authorization: Authorization): Promise<void>;
  get(id: AuthorizationId): Promise<Authorization | undefined>;
  /** In no order. */
  listByIds(ids: readonly AuthorizationId[]): Promise<readonly Authorization[]>;
  /**
   * The account's authorizations of these identifiers (canonical values) that are valid at `now`: of each those that hold for
   * any key, then those that hold for this one, the longest first. No more than `usablePerName` times the number of
   * identifiers; hardly ever is there a second of one. Those of other keys are not among them, so that however many keys a
   * name was proved for, none of them takes another's place.
   */
  listUsable(
    accountId: AccountId,
    identifiers: readonly string[],
    use: { readonly now: Date; readonly keyHash: string | null },
  ): Promise<readonly Authorization[]>;
  move(
    id: AuthorizationId,
    from: readonly AuthorizationState[],
    to: AuthorizationState,
    change?: {
      readonly provedBy: ValidationMethod;
      readonly provedAt: Date;
      readonly validUntil: Date;
      readonly binding: Binding;
      readonly keyHash: string | null;
    },
  ): Promise<boolean>;
  updateChecks(id: AuthorizationId, checks: readonly CheckResult[]): Promise<void>;
  updateChallenges(
    id: AuthorizationId,
    change: { readonly challenges?: readonly Challenge[]; readonly preferredMethod?: ValidationMethod },
  ): Promise<void>;
  /**
   * The account's authorizations of the identifier that are of no issuance: marks those that are valid as expired, those that are
   * pending as invalid, and says how many.
   */
  endOfDomain(accountId: AccountId, identifier: string): Promise<number>;
  /** Valid authorizations whose time is over at `now`: marks them expired and says how many. */
  expireDue(now: Date): Promise<number>;
}

export interface ConfirmationStore {
  insert(confirmation: Confirmation): Promise<void>;
  get(id: ConfirmationId): Promise<Confirmation | undefined>;
  getByTokenHash(tokenHash: Uint8Array): Promise<Confirmation | undefined>;
  /** Newest first. */
  listOfAuthorization(authorizationId: AuthorizationId): Promise<readonly Confirmation[]>;
  /** What one mail asks about, in the order of its names. */
  listOfMail(mailId: ConfirmationId): Promise<readonly Confirmation[]>;
  /** What a mailbox was asked about this issuance, newest first. */
  listOfMailbox(issuanceId: IssuanceId, address: string): Promise<readonly Confirmation[]>;
  move(
    id: ConfirmationId,
    from: readonly ConfirmationState[],
    to: ConfirmationState,
    decision?: { readonly from: string; readonly at: Date },
  ): Promise<boolean>;
  /** The link in earlier mails of this confirmation is good no more. @param id of the one that stands for its mail */
  updateToken(id: ConfirmationId, tokenHash: Uint8Array): Promise<void>;
  /** Of everything that the mail asks about. */
  updateSent(mailId: ConfirmationId, at: Date): Promise<void>;
}

export interface MailboxStore {
  /** Known from now on; of one that is known already only the token changes. */
  put(mailbox: Omit<Mailbox, 'stopped'>): Promise<void>;
  get(address: string): Promise<Mailbox | undefined>;
  getByTokenHash(tokenHash: Uint8Array): Promise<Mailbox | undefined>;
  /** Those that want no mail, the latest first. */
  listStopped(limit: number): Promise<readonly Mailbox[]>;
  /** Says whether it got mail before. */
  stop(address: string, stopped: StoppedMail): Promise<boolean>;
  /** Says whether it had been stopped. */
  lift(address: string): Promise<boolean>;
}

/** Kept for as long as the longest limit counts. */
export interface OutgoingMailStore {
  /** One mail counts once, however often it is tried. */
  insert(mail: {
    readonly id: string;
    readonly address: string;
    readonly domain: string;
    readonly at: Date;
  }): Promise<void>;
  isCounted(id: string): Promise<boolean>;
  /** When the n-th newest mail went there; 1 is the newest. */
  nthNewest(to: { readonly address: string } | { readonly domain: string }, n: number): Promise<Date | undefined>;
  purge(before: Date): Promise<number>;
}

export interface ManagedDomainSearch extends Omit<ManagedDomainQuery, 'containerNumber'> {
  readonly accountId: AccountId | null;
  readonly containerId?: ContainerId;
}

export interface ManagedDomainStore {
  insert(domain: Omit<ManagedDomain, 'number'>): Promise<ManagedDomain>;
  get(id: ManagedDomainId): Promise<ManagedDomain | undefined>;
  getByNumber(number: number): Promise<ManagedDomain | undefined>;
  getByName(accountId: AccountId, name: string): Promise<ManagedDomain | undefined>;
  getByAuthorization(authorizationId: AuthorizationId): Promise<ManagedDomain | undefined>;
  /** Newest first unless sorted otherwise. */
  list(search: ManagedDomainSearch): Promise<{ readonly items: readonly ManagedDomain[]; readonly total: number }>;
  /** All but its name, account and number. */
  update(domain: ManagedDomain): Promise<void>;
  remove(id: ManagedDomainId): Promise<void>;
}

export interface ExternalAccountKeyStore {
  insert(key: Omit<ExternalAccountKey, 'number'>): Promise<ExternalAccountKey>;
  get(id: ExternalAccountKeyId): Promise<ExternalAccountKey | undefined>;
  getByNumber(number: number): Promise<ExternalAccountKey | undefined>;
  getByKeyId(keyId: string): Promise<ExternalAccountKey | undefined>;
  /** Newest first. */
  list(accountId: AccountId): Promise<readonly ExternalAccountKey[]>;
  /** False when it is revoked already. */
  moveToRevoked(id: ExternalAccountKeyId, at: Date): Promise<boolean>;
}

export interface NoteStore {
  insert(note: Omit<Note, 'number'>): Promise<Note>;
  /** Newest first. */
  listOfOrder(orderId: OrderId): Promise<readonly Note[]>;
}

export interface CertificateQuery extends PageQuery {
  readonly accountId: AccountId | null;
  /** Of orders that were placed through this one. */
  readonly dialect?: string;
  readonly orderId?: OrderId;
  readonly name?: string;
  readonly serial?: string;
  /** Of certificates for exactly this key. */
  readonly keyHash?: string;
}

export interface CertificateStore {
  insert(certificate: Omit<Certificate, 'number'>): Promise<Certificate>;
  get(id: CertificateId): Promise<Certificate | undefined>;
  getByNumber(number: number): Promise<Certificate | undefined>;
  /** In no order. */
  listByIds(ids: readonly CertificateId[]): Promise<readonly Certificate[]>;
  list(query: CertificateQuery): Promise<readonly Certificate[]>;
  /** False when it is revoked already. */
  moveToRevoked(id: CertificateId, at: Date, reason: RevocationReason): Promise<boolean>;
  /** A revoked one is revoked for keyCompromise from now on, since when it was; false when it is already, or is not revoked. */
  raiseToKeyCompromise(id: CertificateId): Promise<boolean>;
  /** Those of before there were key hashes, by number. */
  listWithoutKeyHash(query: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly Pick<Certificate, 'id' | 'number' | 'der'>[]>;
  updateKeyHash(id: CertificateId, keyHash: string): Promise<void>;
  /** Revoked certificates of the authority that have not expired at `now`: what its CRL lists. */
  listRevoked(
    authorityId: AuthorityId,
    now: Date,
  ): Promise<readonly Pick<Certificate, 'serial' | 'revokedAt' | 'revocationReason'>[]>;
}

export interface BlockedKeyQuery extends PageQuery {
  /** What is blocked in the account, what is blocked everywhere, or both and in every account. */
  readonly scope: AccountId | 'everywhere' | 'all';
  readonly fingerprint?: string;
}

export interface BlockedKeyStore {
  /** Undefined, and nothing changes, where the fingerprint is blocked in that place already. */
  insert(key: Omit<BlockedKey, 'number'>): Promise<BlockedKey | undefined>;
  /** In the account, or everywhere (null): only where it was blocked there itself. */
  get(fingerprint: string, accountId: AccountId | null): Promise<BlockedKey | undefined>;
  /** What blocks a key with these fingerprints for the account: there or everywhere. Asked for every order. */
  findApplying(
    key: { readonly fingerprints: readonly string[]; readonly modulusHash: string | null },
    accountId: AccountId,
  ): Promise<BlockedKey | undefined>;
  list(query: BlockedKeyQuery): Promise<readonly BlockedKey[]>;
  /** False when it was not blocked there. */
  remove(fingerprint: string, accountId: AccountId | null): Promise<boolean>;
}

/** Keys that were made here, each for one issuance: the hash of the key, and of an RSA key that of its modulus as well. */
export interface MadeKeyStore {
  insert(keyHash: string, issuanceId: IssuanceId): Promise<void>;
  get(keyHash: string): Promise<IssuanceId | undefined>;
}

export interface AuthorityStore {
  insert(authority: Authority): Promise<void>;
  list(): Promise<readonly Authority[]>;
  /** Stores the list if its number is higher than the stored one's; says whether it did. */
  putCrl(crl: Crl): Promise<boolean>;
  getCrl(authorityId: AuthorityId): Promise<Crl | undefined>;
}

export interface EventStore {
  append(event: NewEvent): Promise<void>;
  list(
    query: PageQuery & { readonly accountId: AccountId | null; readonly subject?: string },
  ): Promise<readonly Event[]>;
}

/** One queued job: the id tells it from an earlier one of the same kind and subject. */
export type JobReference = Pick<Job, 'id' | 'kind' | 'subject'>;

export interface JobStore {
  /**
   * Queues the job. When one of the same kind and subject waits already, it only moves nearer: the earlier of both times
   * wins. A running one is left alone but will run again at `runAt`.
   */
  enqueue(job: { readonly kind: JobKind; readonly subject: string; readonly runAt: Date }): Promise<void>;
  /**
   * Queues the job as taken already by the caller, who hands what this answers to `JobQueue.adopt` after the commit: no
   * claim is needed on the way. Undefined when it is running already; then it will run again after that run.
   */
  enqueueClaimed(job: {
    readonly kind: JobKind;
    readonly subject: string;
    readonly now: Date;
  }): Promise<Job | undefined>;
  get(kind: JobKind, subject: string): Promise<Job | undefined>;
  /**
   * Removes the job: its work is done. Part of the transaction that did it. One that was enqueued again while it ran is
   * kept and waits for that time.
   */
  finish(kind: JobKind, subject: string): Promise<void>;
  listFailed(limit: number): Promise<readonly Job[]>;
  count(): Promise<Readonly<Record<Job['state'], number>>>;
  // What follows is for the runner alone.
  /** Takes up to `limit` jobs due at `now` and marks them running, so that nobody else takes them. */
  claimDue(now: Date, leaseUntil: Date, limit: number): Promise<readonly Job[]>;
  /** The same of one kind only. */
  claimDueOf(kind: JobKind, now: Date, leaseUntil: Date): Promise<readonly Job[]>;
  /** When the next waiting job is due. */
  nextRunAt(): Promise<Date | undefined>;
  /** Makes every waiting job due at `now` that is not: their times came from a clock that was ahead. */
  bringForward(now: Date): Promise<void>;
  /**
   * Back to waiting. With `error` the run counts as a failed attempt; without, failed attempts are forgotten. A second
   * enqueue during the run wins if it is earlier.
   */
  release(job: JobReference, runAt: Date, error: string | null): Promise<void>;
  /** Removes the job after a run, unless it was enqueued again meanwhile: then it waits for that time. */
  complete(job: JobReference): Promise<void>;
  moveToFailed(job: JobReference, error: string): Promise<void>;
  /** Frees jobs whose lease is over at `now`, or all running ones when this process is the only one. */
  recover(now: Date | 'all'): Promise<number>;
}

/** Up to where something was looked at: everything that ended before, and at that moment those with a number up to this. */
export interface Cursor {
  readonly endsAt: Date;
  readonly number: number;
}

export interface Ending<I> extends Cursor {
  readonly id: I;
}

/** Ends no later than `until`, in the order in which it ends. */
export interface EndingWindow {
  readonly after: Cursor;
  readonly until: Date;
  readonly limit: number;
}

export interface NoticeStore {
  insert(notice: Notice): Promise<void>;
  get(id: NoticeId): Promise<Notice | undefined>;
  /** Those of this kind about the issuance that were made since then. */
  countSince(issuanceId: IssuanceId, event: Notice['event'], since: Date): Promise<number>;
  /** Ends a waiting one; says whether it was waiting. */
  end(
    id: NoticeId,
    state: Exclude<Notice['state'], 'waiting'>,
    result: { readonly answer: string | null; readonly at: Date },
  ): Promise<boolean>;
  /** Active orders by the end of their coverage. */
  listOrdersEnding(window: EndingWindow): Promise<readonly Ending<OrderId>[]>;
  /** Certificates that are not revoked. */
  listCertificatesEnding(window: EndingWindow): Promise<readonly Ending<CertificateId>[]>;
  /** Organizations by the end of a verification. */
  listValidationsEnding(window: EndingWindow): Promise<readonly Ending<OrganizationId>[]>;
  /** Domains by the end of their proof, while it is not marked as expired. */
  listDomainsEnding(window: EndingWindow): Promise<readonly Ending<ManagedDomainId>[]>;
}

export interface WebhookStore {
  insert(webhook: Omit<Webhook, 'number'>): Promise<Webhook>;
  get(id: WebhookId): Promise<Webhook | undefined>;
  getByNumber(number: number): Promise<Webhook | undefined>;
  /** Newest first; null: of all accounts, the newest thousands. */
  list(accountId: AccountId | null): Promise<readonly Webhook[]>;
  /** Those that are told. Asked for every certificate: that there is none costs nothing. */
  listActive(accountId: AccountId): Promise<readonly Webhook[]>;
  /** URL, events, secret, state and settings. */
  update(webhook: Webhook): Promise<void>;
  /** False when it is removed already. */
  remove(id: WebhookId, at: Date): Promise<boolean>;
}

export interface NotificationQuery {
  readonly accountId: AccountId | null;
  readonly limit: number;
  readonly dialect?: string;
  readonly state?: Notification['state'];
}

export interface NotificationStore {
  insert(notification: Notification): Promise<void>;
  get(id: NotificationId): Promise<Notification | undefined>;
  /** Newest first. */
  list(query: NotificationQuery): Promise<readonly Notification[]>;
  /** Nothing of it is left. */
  remove(id: NotificationId): Promise<void>;
  /** Keeps the message of a notification that has none yet. */
  putMessage(id: NotificationId, message: SealedMessage): Promise<void>;
  /** Counts a try. */
  recordTry(id: NotificationId, answer: string): Promise<void>;
  /** Ends a waiting one and forgets its message; says whether it was waiting. */
  end(id: NotificationId, state: 'delivered' | 'failed', at: Date): Promise<boolean>;
}

/** Ids that are not numbers. Unique by kind and never used again. */
export interface ExternalIdStore {
  /** False when the value is taken. */
  insert(kind: string, value: string, objectId: string): Promise<boolean>;
  get(kind: string, value: string): Promise<string | undefined>;
}

export interface IdempotencyStore {
  /**
   * Claims the key for `objectId` until `expiresAt`. When it is claimed already and not over at `now`, changes nothing
   * and answers what claimed it.
   */
  claim(claim: {
    readonly accountId: AccountId;
    readonly key: string;
    readonly fingerprint: string;
    readonly objectId: string;
    readonly now: Date;
    readonly expiresAt: Date;
  }): Promise<{ readonly objectId: string; readonly fingerprint: string } | undefined>;
  /** The claim passes from one object to another until `expiresAt`; false when it is not `from` that holds it. */
  move(claim: {
    readonly accountId: AccountId;
    readonly key: string;
    readonly from: string;
    readonly to: string;
    readonly expiresAt: Date;
  }): Promise<boolean>;
  purge(now: Date): Promise<number>;
}

/** Facts about the installation itself: small JSON values, crash-safe. */
export interface SettingStore {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

/** The server's own secrets, sealed. */
export interface ServerSecretStore {
  get(name: string): Promise<Uint8Array | undefined>;
  /** False when there is one of the name, which stays. */
  insert(name: string, sealed: Uint8Array, at: Date): Promise<boolean>;
}

/** What is sealed, and under which master keys. */
export interface SealingStore {
  /** Ids of the keys that something may be sealed under. A key stands here before it seals for the first time. */
  masterKeysInUse(): Promise<readonly string[]>;
  putMasterKeyInUse(id: string, at: Date): Promise<void>;
  retireMasterKeysBut(id: string, at: Date): Promise<void>;
  newestRotation(): Promise<KeyRotation | undefined>;
  /** Inserts it, or replaces the one with its number. */
  putRotation(rotation: KeyRotation): Promise<void>;
  /** Rows of the kind in the order of their ids, those behind `after`; also rows that hold no value. */
  page(
    kind: SealedRow,
    after: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly sealed: Uint8Array | null }[]>;
  replace(kind: SealedRow, id: string, sealed: Uint8Array): Promise<void>;
}

export interface Stores {
  readonly accounts: AccountStore;
  readonly users: UserStore;
  readonly credentials: CredentialStore;
  readonly roleGrants: RoleGrantStore;
  readonly products: ProductStore;
  readonly ledger: LedgerStore;
  readonly containers: ContainerStore;
  readonly customFields: CustomFieldStore;
  readonly organizations: OrganizationStore;
  readonly orders: OrderStore;
  readonly notes: NoteStore;
  readonly managedDomains: ManagedDomainStore;
  readonly externalAccountKeys: ExternalAccountKeyStore;
  readonly approvals: ApprovalStore;
  readonly issuances: IssuanceStore;
  readonly authorizations: AuthorizationStore;
  readonly confirmations: ConfirmationStore;
  readonly mailboxes: MailboxStore;
  readonly outgoingMails: OutgoingMailStore;
  readonly certificates: CertificateStore;
  readonly blockedKeys: BlockedKeyStore;
  readonly madeKeys: MadeKeyStore;
  readonly authorities: AuthorityStore;
  readonly events: EventStore;
  readonly jobs: JobStore;
  readonly notifications: NotificationStore;
  readonly webhooks: WebhookStore;
  readonly notices: NoticeStore;
  readonly externalIds: ExternalIdStore;
  readonly idempotency: IdempotencyStore;
  readonly settings: SettingStore;
  readonly serverSecrets: ServerSecretStore;
  readonly sealing: SealingStore;
}

export interface WriteOptions {
  /** For revocation, its lists and what is written with them: also when the disk is so full that others are refused. */
  readonly mayUseReserve?: boolean;
}

export interface Database {
  /** Outside any transaction: sees what is committed. */
  readonly read: Stores;
  /**
   * Runs the work in one transaction. It resolves when the commit is durable; it rejects with what the work threw, and
   * then nothing of it is left; with `diskFull` (unavailable) where there was no space. The work awaits nothing but its stores: many transactions share one commit.
   */
  write<T>(work: (tx: Stores) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** Whether ordinary writes are refused, because little is left of the disk. Those that may use the reserve still work. */
  readonly isFull: boolean;
  close(): Promise<void>;
}
