/**
 * The stores of the core. One interface per noun; one test suite runs against every engine.
 *
 * Contract for all of them: methods named `insert…`, `move…`, `update…` run inside a transaction; `move…` is a
 * compare-and-set that answers false when the row was not in one of the expected states, and then changes nothing.
 * Objects of an account are looked up with its id wherever a caller is behind the look-up: `null` as the account means
 * the operator or the platform itself.
 */
import type { AccountId, NumberedNoun } from '../../ids.ts';
import type { AccountPriceStore } from './account-prices.ts';
import type { AccountStore } from './accounts.ts';
import type { AcmeOrderStore } from './acme-orders.ts';
import type { AcmeUpstreamAccountStore } from './acme-upstream-accounts.ts';
import type { AnsweredRequestStore } from './answered-requests.ts';
import type { ApprovalStore } from './approvals.ts';
import type { AuthorityStore } from './authorities.ts';
import type { AuthorizationStore } from './authorizations.ts';
import type { BlockedKeyStore, MadeKeyStore } from './blocked-keys.ts';
import type { CaaCheckStore } from './caa-checks.ts';
import type { CertificateStore } from './certificates.ts';
import type { CheckRecordStore } from './check-records.ts';
import type { ConfirmationStore } from './confirmations.ts';
import type { ContainerStore } from './containers.ts';
import type { CredentialStore } from './credentials.ts';
import type { CrlStore } from './crls.ts';
import type { CustomFieldStore } from './custom-fields.ts';
import type { DeliveryStore } from './deliveries.ts';
import type { EventStore } from './events.ts';
import type { ExpiringValueStore } from './expiring-values.ts';
import type { ExpiryReminderStore } from './expiry-reminders.ts';
import type { ExternalAccountKeyStore } from './external-account-keys.ts';
import type { ExternalIdStore } from './external-ids.ts';
import type { IdempotencyStore } from './idempotency.ts';
import type { ImportedSerialStore } from './imported-serials.ts';
import type { IssuanceStore } from './issuances.ts';
import type { JobStore } from './jobs.ts';
import type { LedgerStore } from './ledger.ts';
import type { MailboxStore } from './mailboxes.ts';
import type { ManagedDomainStore } from './managed-domains.ts';
import type { NoteStore } from './notes.ts';
import type { OrderShareStore } from './order-shares.ts';
import type { OrderStore } from './orders.ts';
import type { OrganizationStore } from './organizations.ts';
import type { OutgoingMailStore } from './outgoing-mails.ts';
import type { ProductStore } from './products.ts';
import type { RoleGrantStore } from './role-grants.ts';
import type { SealingStore } from './sealing.ts';
import type { ServerSecretStore, SettingStore } from './settings.ts';
import type { StatisticStore } from './statistics.ts';
import type { TotalStore } from './totals.ts';
import type {
  AcmeUpstreamOrderStore,
  PublishedProofStore,
  UpstreamExchangeStore,
  UpstreamSpendingStore,
} from './upstream-work.ts';
import type { UpstreamAccountStore, UpstreamOrderStore } from './upstreams.ts';
import type { UserPreferenceStore } from './user-preferences.ts';
import type { UserSessionStore } from './user-sessions.ts';
import type { UserStore } from './users.ts';
import type { UpstreamCostStore, VendorOrderStore } from './vendors.ts';
import type { WebhookStore } from './webhooks.ts';
import type { ZoneRestStore } from './zone-rests.ts';

export interface Stores {
  readonly accounts: AccountStore;
  readonly accountPrices: AccountPriceStore;
  readonly users: UserStore;
  readonly userSessions: UserSessionStore;
  readonly userPreferences: UserPreferenceStore;
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
  readonly acmeOrders: AcmeOrderStore;
  readonly authorizations: AuthorizationStore;
  readonly confirmations: ConfirmationStore;
  readonly caaChecks: CaaCheckStore;
  readonly checkRecords: CheckRecordStore;
  readonly orderShares: OrderShareStore;
  readonly mailboxes: MailboxStore;
  readonly outgoingMails: OutgoingMailStore;
  readonly certificates: CertificateStore;
  readonly blockedKeys: BlockedKeyStore;
  readonly madeKeys: MadeKeyStore;
  readonly authorities: AuthorityStore;
  readonly importedSerials: ImportedSerialStore;
  readonly crls: CrlStore;
  readonly events: EventStore;
  readonly jobs: JobStore;
  readonly upstreamOrders: UpstreamOrderStore;
  readonly upstreamAccounts: UpstreamAccountStore;
  readonly upstreamSpendings: UpstreamSpendingStore;
  readonly upstreamExchanges: UpstreamExchangeStore;
  readonly acmeUpstreamAccounts: AcmeUpstreamAccountStore;
  readonly acmeUpstreamOrders: AcmeUpstreamOrderStore;
  readonly vendorOrders: VendorOrderStore;
  readonly upstreamCosts: UpstreamCostStore;
  readonly publishedProofs: PublishedProofStore;
  readonly deliveries: DeliveryStore;
  readonly webhooks: WebhookStore;
  readonly expiringValues: ExpiringValueStore;
  readonly zoneRests: ZoneRestStore;
  readonly expiryReminders: ExpiryReminderStore;
  readonly externalIds: ExternalIdStore;
  readonly idempotency: IdempotencyStore;
  readonly answeredRequests: AnsweredRequestStore;
  readonly totals: TotalStore;
  readonly statistics: StatisticStore;
  readonly settings: SettingStore;
  readonly serverSecrets: ServerSecretStore;
  readonly sealing: SealingStore;
}

export interface WriteOptions<T = unknown> {
  /** Writes for revocation, its lists and what goes with them: also when the disk is so full that other writes are refused. */
  readonly mayUseReserve?: boolean;
  /**
   * The account whose balance the work will charge. An engine that runs transactions side by side lets those of one account
   * queue for it in each process before they begin: a lock inside would come after the snapshot, and all but one would be
   * run again. On SQLite all writes are serial anyway.
   */
  readonly chargesAccount?: AccountId;
  /**
   * The work only takes jobs, each by compare-and-set, and nothing else depends on what it read: an engine that runs transactions side by
   * side need not keep it apart from those that queue jobs at the same time.
   */
  readonly onlyClaims?: boolean;
  /**
   * Called with the answer once the work is done, perhaps before it is committed: begins what follows inside of this process and ends
   * in another transaction. An engine that can commits both together; the second is never stored without the first. Nothing that
   * follows may leave the process before its own transaction is acknowledged, and where the first is lost after all, the second
   * has to find it missing. It must not throw.
   */
  readonly whenWritten?: (answer: T) => void;
  /** Called with the answer once it is committed, perhaps before it is on the disk: jobs that it stored are found from now on. It must not throw. */
  readonly whenCommitted?: (answer: T) => void;
}

/** What one process lets the others know that share its database. */
export type NodeSignal =
  /** A job was queued that is due. */
  | { readonly kind: 'queued' }
  /** Runs of jobs have ended, by `jobKey`. */
  | { readonly kind: 'ended'; readonly jobs: readonly string[] }
  /** Something was counted against a limit that holds over all nodes. */
  | { readonly kind: 'counted'; readonly count: Count };

/** What became of the allowance of a key. */
export interface Count {
  readonly change: 'take' | 'giveBack' | 'forget';
  /** Name of the limit: letters. */
  readonly limit: string;
  /** Short, and without a space. */
  readonly key: string;
}

/**
 * Word among the processes that share a database. It comes soon after the commit that it is about, or not at all: whoever waits for one
 * looks by itself as well, only less often; a limit is the looser for it.
 */
export interface NodeSignals {
  /** Cheap; nothing is sent where the database is exclusive. */
  send(signal: NodeSignal): void;
  /** Called with each signal of another process, and with `queued` where some may have been missed. */
  receive(receiver: (signal: NodeSignal) => void): void;
}

/** Numbers that are good once on all nodes that share a database; see `OneTimeNumbers`. */
export interface UsedNumbers {
  /** Calls back with the bytes with which a number that is good begins: at once, and when they change. There is one listener. */
  onEpoch(use: (epoch: Uint8Array) => void): void;
  /** True once for each number of the present epoch, on whatever node. @throws {CertError} unavailable */
  take(number: Uint8Array): Promise<boolean>;
}

/** Transactions of this process so far. */
export interface WriteCounts {
  readonly committed: number;
  /** Runs that were undone and run again: another transaction was in the way, or the connection was lost. */
  readonly retried: number;
  /** Works that were given up after the last run, and refused as `unavailable`. */
  readonly givenUp: number;
}

export interface Database {
  /** Outside any transaction: sees what is committed. */
  readonly read: Stores;
  /**
   * Runs the work in one transaction, as if no other one ran at the same time. It resolves when the commit is durable; it
   * rejects with what the work threw, and then nothing of it is left; with `diskFull` (unavailable) where there was no space.
   *
   * The work may be run again from its beginning, after a run of which nothing is left: on PostgreSQL when another
   * transaction was in its way. So it has no effect but through its stores (no log line, no wake, no mail, nothing put into
   * what outlives it; what is to happen is answered and done after the commit), decides only on what it reads inside, and
   * uses the answer of every `move…` (`test/moves.test.ts`). It may draw numbers, ids and random bytes: those of a run that
   * was undone are lost. It awaits nothing but its stores: many transactions share one commit. The tests of the app undo
   * every work and run it again (`test/support/repeating.ts`).
   */
  write<T>(work: (tx: Stores) => Promise<T>, options?: WriteOptions<T>): Promise<T>;
  /**
   * The next number of the noun, for a new id (`nextId`): int32-safe, and never answered before. Inside of a transaction and
   * outside; one that is not used leaves a gap.
   */
  nextNumber(of: NumberedNoun): Promise<number>;
  /** True if ordinary writes are refused, because little is left of the disk. Those that may use the reserve still work. */
  readonly isFull: boolean;
  /**
   * True if no other process can have this database open. On the embedded engine the lock file proves it, which the operating
   * system drops with the process that held it (`db/engine/sqlite/lock.ts`): whatever another process was doing has ended.
   */
  readonly isExclusive: boolean;
  /**
   * Runs what prepares the installation (keys, authorities, the first operator) while no other process that shares the database does:
   * what one has made the next one finds.
   */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** The node that this process is: the same after a restart, and no other process's. */
  readonly node: string;
  readonly signals: NodeSignals;
  /** Null where the database is exclusive: then they are known in memory. */
  readonly usedNumbers: UsedNumbers | null;
  /** Null on the embedded engine, where no transaction is ever in another's way. */
  readonly writeCounts: WriteCounts | null;
  close(): Promise<void>;
}
