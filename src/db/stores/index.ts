/** All stores of one session. */
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Session } from '../session.ts';
import { createAccountPriceStore } from './account-prices.ts';
import { createAccountStore, createLedgerStore } from './accounts.ts';
import { createAcmeOrderStore } from './acme-orders.ts';
import { createAnsweredRequestStore } from './answered-requests.ts';
import { createApprovalStore } from './approvals.ts';
import { createAuthorityStore } from './authorities.ts';
import { createAuthorizationStore } from './authorizations.ts';
import { createBlockedKeyStore, createMadeKeyStore } from './blocked-keys.ts';
import { createCaaCheckStore } from './caa-checks.ts';
import { createCertificateStore } from './certificates.ts';
import { createCheckRecordStore } from './check-records.ts';
import { createExternalIdStore, createIdempotencyStore } from './client-keys.ts';
import { createConfirmationStore } from './confirmations.ts';
import { createContainerStore } from './containers.ts';
import { createCredentialStore } from './credentials.ts';
import { createCrlStore } from './crls.ts';
import { createCustomFieldStore } from './custom-fields.ts';
import { createDeliveryStore } from './deliveries.ts';
import { createEventStore } from './events.ts';
import { createExpiringValueStore } from './expiring-values.ts';
import { createExpiryReminderStore } from './expiry-reminders.ts';
import { createExternalAccountKeyStore } from './external-account-keys.ts';
import { createImportedSerialStore } from './imported-serials.ts';
import { createIssuanceStore } from './issuances.ts';
import { createJobStore } from './jobs.ts';
import { createMailboxStore } from './mailboxes.ts';
import { createManagedDomainStore } from './managed-domains.ts';
import { createNoteStore } from './notes.ts';
import { createOrderShareStore } from './order-shares.ts';
import { createOrderStore } from './orders.ts';
import { createOrganizationStore } from './organizations.ts';
import { createOutgoingMailStore } from './outgoing-mails.ts';
import { createProductStore } from './products.ts';
import { createRoleGrantStore } from './role-grants.ts';
import { createSealingStore } from './sealing.ts';
import { createServerSecretStore, createSettingStore } from './settings.ts';
import { createStatisticStore } from './statistics.ts';
import { createTotalStore } from './totals.ts';
import {
  createAcmeUpstreamAccountStore,
  createAcmeUpstreamOrderStore,
  createPublishedProofStore,
  createUpstreamExchangeStore,
  createUpstreamSpendingStore,
} from './upstream-work.ts';
import { createUpstreamAccountStore, createUpstreamOrderStore } from './upstreams.ts';
import { createUserPreferenceStore } from './user-preferences.ts';
import { createUserSessionStore } from './user-sessions.ts';
import { createUserStore } from './users.ts';
import { createUpstreamCostStore, createVendorOrderStore } from './vendors.ts';
import { createWebhookStore } from './webhooks.ts';
import { createZoneRestStore } from './zone-rests.ts';

/** Every transaction has a session of its own and uses a few nouns: a store is made when it is first used. */
export function createStores(session: Session): Stores {
  return new SessionStores(session);
}

class SessionStores implements Stores {
  readonly #session: Session;
  readonly #made: { -readonly [K in keyof Stores]?: Stores[K] } = {};

  constructor(session: Session) {
    this.#session = session;
  }

  get accounts() {
    this.#made.accounts ??= createAccountStore(this.#session);
    return this.#made.accounts;
  }
  get accountPrices() {
    this.#made.accountPrices ??= createAccountPriceStore(this.#session);
    return this.#made.accountPrices;
  }
  get upstreamOrders() {
    this.#made.upstreamOrders ??= createUpstreamOrderStore(this.#session);
    return this.#made.upstreamOrders;
  }
  get upstreamAccounts() {
    this.#made.upstreamAccounts ??= createUpstreamAccountStore(this.#session);
    return this.#made.upstreamAccounts;
  }
  get upstreamSpendings() {
    this.#made.upstreamSpendings ??= createUpstreamSpendingStore(this.#session);
    return this.#made.upstreamSpendings;
  }
  get upstreamExchanges() {
    this.#made.upstreamExchanges ??= createUpstreamExchangeStore(this.#session);
    return this.#made.upstreamExchanges;
  }
  get acmeUpstreamAccounts() {
    this.#made.acmeUpstreamAccounts ??= createAcmeUpstreamAccountStore(this.#session);
    return this.#made.acmeUpstreamAccounts;
  }
  get acmeUpstreamOrders() {
    this.#made.acmeUpstreamOrders ??= createAcmeUpstreamOrderStore(this.#session);
    return this.#made.acmeUpstreamOrders;
  }
  get vendorOrders() {
    this.#made.vendorOrders ??= createVendorOrderStore(this.#session);
    return this.#made.vendorOrders;
  }
  get upstreamCosts() {
    this.#made.upstreamCosts ??= createUpstreamCostStore(this.#session);
    return this.#made.upstreamCosts;
  }
  get publishedProofs() {
    this.#made.publishedProofs ??= createPublishedProofStore(this.#session);
    return this.#made.publishedProofs;
  }
  get users() {
    this.#made.users ??= createUserStore(this.#session);
    return this.#made.users;
  }
  get userPreferences() {
    this.#made.userPreferences ??= createUserPreferenceStore(this.#session);
    return this.#made.userPreferences;
  }
  get userSessions() {
    this.#made.userSessions ??= createUserSessionStore(this.#session);
    return this.#made.userSessions;
  }
  get credentials() {
    this.#made.credentials ??= createCredentialStore(this.#session);
    return this.#made.credentials;
  }
  get roleGrants() {
    this.#made.roleGrants ??= createRoleGrantStore(this.#session);
    return this.#made.roleGrants;
  }
  get products() {
    this.#made.products ??= createProductStore(this.#session);
    return this.#made.products;
  }
  get ledger() {
    this.#made.ledger ??= createLedgerStore(this.#session);
    return this.#made.ledger;
  }
  get zoneRests() {
    this.#made.zoneRests ??= createZoneRestStore(this.#session);
    return this.#made.zoneRests;
  }
  get expiringValues() {
    this.#made.expiringValues ??= createExpiringValueStore(this.#session);
    return this.#made.expiringValues;
  }
  get expiryReminders() {
    this.#made.expiryReminders ??= createExpiryReminderStore(this.#session);
    return this.#made.expiryReminders;
  }
  get webhooks() {
    this.#made.webhooks ??= createWebhookStore(this.#session);
    return this.#made.webhooks;
  }
  get containers() {
    this.#made.containers ??= createContainerStore(this.#session);
    return this.#made.containers;
  }
  get customFields() {
    this.#made.customFields ??= createCustomFieldStore(this.#session);
    return this.#made.customFields;
  }
  get organizations() {
    this.#made.organizations ??= createOrganizationStore(this.#session);
    return this.#made.organizations;
  }
  get orders() {
    this.#made.orders ??= createOrderStore(this.#session);
    return this.#made.orders;
  }
  get externalAccountKeys() {
    this.#made.externalAccountKeys ??= createExternalAccountKeyStore(this.#session);
    return this.#made.externalAccountKeys;
  }
  get managedDomains() {
    this.#made.managedDomains ??= createManagedDomainStore(this.#session);
    return this.#made.managedDomains;
  }
  get notes() {
    this.#made.notes ??= createNoteStore(this.#session);
    return this.#made.notes;
  }
  get approvals() {
    this.#made.approvals ??= createApprovalStore(this.#session);
    return this.#made.approvals;
  }
  get issuances() {
    this.#made.issuances ??= createIssuanceStore(this.#session);
    return this.#made.issuances;
  }

  get deliveries() {
    this.#made.deliveries ??= createDeliveryStore(this.#session);
    return this.#made.deliveries;
  }
  get acmeOrders() {
    this.#made.acmeOrders ??= createAcmeOrderStore(this.#session);
    return this.#made.acmeOrders;
  }
  get authorizations() {
    this.#made.authorizations ??= createAuthorizationStore(this.#session);
    return this.#made.authorizations;
  }
  get mailboxes() {
    this.#made.mailboxes ??= createMailboxStore(this.#session);
    return this.#made.mailboxes;
  }
  get outgoingMails() {
    this.#made.outgoingMails ??= createOutgoingMailStore(this.#session);
    return this.#made.outgoingMails;
  }
  get confirmations() {
    this.#made.confirmations ??= createConfirmationStore(this.#session);
    return this.#made.confirmations;
  }
  get caaChecks() {
    this.#made.caaChecks ??= createCaaCheckStore(this.#session);
    return this.#made.caaChecks;
  }
  get checkRecords() {
    this.#made.checkRecords ??= createCheckRecordStore(this.#session);
    return this.#made.checkRecords;
  }
  get orderShares() {
    this.#made.orderShares ??= createOrderShareStore(this.#session);
    return this.#made.orderShares;
  }
  get answeredRequests() {
    this.#made.answeredRequests ??= createAnsweredRequestStore(this.#session);
    return this.#made.answeredRequests;
  }
  get certificates() {
    this.#made.certificates ??= createCertificateStore(this.#session);
    return this.#made.certificates;
  }
  get blockedKeys() {
    this.#made.blockedKeys ??= createBlockedKeyStore(this.#session);
    return this.#made.blockedKeys;
  }
  get madeKeys() {
    this.#made.madeKeys ??= createMadeKeyStore(this.#session);
    return this.#made.madeKeys;
  }
  get authorities() {
    this.#made.authorities ??= createAuthorityStore(this.#session);
    return this.#made.authorities;
  }
  get importedSerials() {
    this.#made.importedSerials ??= createImportedSerialStore(this.#session);
    return this.#made.importedSerials;
  }
  get crls() {
    this.#made.crls ??= createCrlStore(this.#session);
    return this.#made.crls;
  }
  get events() {
    this.#made.events ??= createEventStore(this.#session);
    return this.#made.events;
  }
  get jobs() {
    this.#made.jobs ??= createJobStore(this.#session);
    return this.#made.jobs;
  }
  get externalIds() {
    this.#made.externalIds ??= createExternalIdStore(this.#session);
    return this.#made.externalIds;
  }
  get idempotency() {
    this.#made.idempotency ??= createIdempotencyStore(this.#session);
    return this.#made.idempotency;
  }
  get serverSecrets() {
    this.#made.serverSecrets ??= createServerSecretStore(this.#session);
    return this.#made.serverSecrets;
  }
  get sealing() {
    this.#made.sealing ??= createSealingStore(this.#session);
    return this.#made.sealing;
  }
  get statistics() {
    this.#made.statistics ??= createStatisticStore(this.#session);
    return this.#made.statistics;
  }
  get totals() {
    this.#made.totals ??= createTotalStore(this.#session);
    return this.#made.totals;
  }
  get settings() {
    this.#made.settings ??= createSettingStore(this.#session);
    return this.#made.settings;
  }
}
