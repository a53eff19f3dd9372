/** The tables as Kysely sees them. What is in each is declared in `rows/`. */
import type { ColumnDefinition, TableOf } from './codec.ts';
import { accountMonths, accountPrices, accounts, balances, containers, customFields } from './rows/accounts.ts';
import { acmeOrders } from './rows/acme-orders.ts';
import { answeredRequests } from './rows/answered-requests.ts';
import { approvals } from './rows/approvals.ts';
import { authorizations, confirmations } from './rows/authorizations.ts';
import { caaChecks } from './rows/caa-checks.ts';
import {
  authorities,
  authorityCertificates,
  authorityKeys,
  authorityRequests,
  blockedKeys,
  certificates,
  crlPieces,
  crls,
  importedSerials,
  madeKeys,
  serialUploads,
} from './rows/certificates.ts';
import { checkRecords } from './rows/check-records.ts';
import {
  accountEvents,
  actorEvents,
  events,
  kindEvents,
  lateLists,
  ledger,
  requestEvents,
  subjectEvents,
} from './rows/events.ts';
import { externalAccountKeys } from './rows/external-account-keys.ts';
import { jobs, zoneRests } from './rows/jobs.ts';
import type { ListingTables } from './rows/listings.ts';
import { orderShares } from './rows/order-shares.ts';
import { issuances, notes, noteVersions, orderNames, orderReferences, orders } from './rows/orders.ts';
import { managedDomains, organizationContacts, organizations, organizationValidations } from './rows/organizations.ts';
import { deliveries, expiryReminders, mailboxes, outgoingMails, webhooks } from './rows/outbound.ts';
import { products } from './rows/products.ts';
import {
  expiringValues,
  externalIds,
  idempotency,
  keyRotations,
  masterKeys,
  serverSecrets,
  settings,
} from './rows/settings.ts';
import { statisticCounts, statisticProgress } from './rows/statistics.ts';
import {
  acmeUpstreamAccounts,
  acmeUpstreamOrders,
  publishedProofs,
  upstreamExchanges,
  upstreamSpendings,
} from './rows/upstream-work.ts';
import { upstreamAccounts, upstreamOrders } from './rows/upstreams.ts';
import {
  actorNumbers,
  credentials,
  roleGrants,
  userNetworks,
  userPreferences,
  userSessions,
  users,
} from './rows/users.ts';
import { upstreamCosts, vendorOrders } from './rows/vendors.ts';

export interface Tables extends ListingTables {
  accounts: TableOf<typeof accounts>;
  account_prices: TableOf<typeof accountPrices>;
  account_months: TableOf<typeof accountMonths>;
  balances: TableOf<typeof balances>;
  containers: TableOf<typeof containers>;
  custom_fields: TableOf<typeof customFields>;
  actor_numbers: TableOf<typeof actorNumbers>;
  users: TableOf<typeof users>;
  user_networks: TableOf<typeof userNetworks>;
  user_preferences: TableOf<typeof userPreferences>;
  user_sessions: TableOf<typeof userSessions>;
  credentials: TableOf<typeof credentials>;
  role_grants: TableOf<typeof roleGrants>;
  organizations: TableOf<typeof organizations>;
  organization_validations: TableOf<typeof organizationValidations>;
  organization_contacts: TableOf<typeof organizationContacts>;
  managed_domains: TableOf<typeof managedDomains>;
  products: TableOf<typeof products>;
  orders: TableOf<typeof orders>;
  order_names: TableOf<typeof orderNames>;
  order_references: TableOf<typeof orderReferences>;
  notes: TableOf<typeof notes>;
  note_versions: TableOf<typeof noteVersions>;
  approvals: TableOf<typeof approvals>;
  issuances: TableOf<typeof issuances>;
  acme_orders: TableOf<typeof acmeOrders>;
  authorizations: TableOf<typeof authorizations>;
  confirmations: TableOf<typeof confirmations>;
  caa_checks: TableOf<typeof caaChecks>;
  check_records: TableOf<typeof checkRecords>;
  order_shares: TableOf<typeof orderShares>;
  certificates: TableOf<typeof certificates>;
  authorities: TableOf<typeof authorities>;
  authority_certificates: TableOf<typeof authorityCertificates>;
  authority_keys: TableOf<typeof authorityKeys>;
  authority_requests: TableOf<typeof authorityRequests>;
  imported_serials: TableOf<typeof importedSerials>;
  serial_uploads: TableOf<typeof serialUploads>;
  crls: TableOf<typeof crls>;
  crl_pieces: TableOf<typeof crlPieces>;
  blocked_keys: TableOf<typeof blockedKeys>;
  made_keys: TableOf<typeof madeKeys>;
  webhooks: TableOf<typeof webhooks>;
  deliveries: TableOf<typeof deliveries>;
  mailboxes: TableOf<typeof mailboxes>;
  outgoing_mails: TableOf<typeof outgoingMails>;
  expiry_reminders: TableOf<typeof expiryReminders>;
  external_account_keys: TableOf<typeof externalAccountKeys>;
  events: TableOf<typeof events>;
  account_events: TableOf<typeof accountEvents>;
  subject_events: TableOf<typeof subjectEvents>;
  kind_events: TableOf<typeof kindEvents>;
  actor_events: TableOf<typeof actorEvents>;
  request_events: TableOf<typeof requestEvents>;
  late_lists: TableOf<typeof lateLists>;
  ledger: TableOf<typeof ledger>;
  jobs: TableOf<typeof jobs>;
  settings: TableOf<typeof settings>;
  server_secrets: TableOf<typeof serverSecrets>;
  master_keys: TableOf<typeof masterKeys>;
  key_rotations: TableOf<typeof keyRotations>;
  upstream_orders: TableOf<typeof upstreamOrders>;
  upstream_accounts: TableOf<typeof upstreamAccounts>;
  upstream_spendings: TableOf<typeof upstreamSpendings>;
  upstream_exchanges: TableOf<typeof upstreamExchanges>;
  acme_upstream_accounts: TableOf<typeof acmeUpstreamAccounts>;
  acme_upstream_orders: TableOf<typeof acmeUpstreamOrders>;
  published_proofs: TableOf<typeof publishedProofs>;
  vendor_orders: TableOf<typeof vendorOrders>;
  upstream_costs: TableOf<typeof upstreamCosts>;
  expiring_values: TableOf<typeof expiringValues>;
  zone_rests: TableOf<typeof zoneRests>;
  external_ids: TableOf<typeof externalIds>;
  idempotency: TableOf<typeof idempotency>;
  answered_requests: TableOf<typeof answeredRequests>;
  statistic_counts: TableOf<typeof statisticCounts>;
  statistic_progress: TableOf<typeof statisticProgress>;
  migrations: { readonly name: string; readonly applied_at: number };
}

/** All of them, for what is the same for every table. */
export const codecs: readonly { readonly table: string; readonly definitions: readonly ColumnDefinition[] }[] = [
  accounts,
  accountMonths,
  accountPrices,
  balances,
  containers,
  customFields,
  acmeOrders,
  answeredRequests,
  approvals,
  authorizations,
  confirmations,
  caaChecks,
  checkRecords,
  orderShares,
  authorities,
  authorityCertificates,
  authorityKeys,
  authorityRequests,
  importedSerials,
  serialUploads,
  blockedKeys,
  certificates,
  crls,
  crlPieces,
  madeKeys,
  accountEvents,
  events,
  lateLists,
  ledger,
  subjectEvents,
  kindEvents,
  actorEvents,
  requestEvents,
  externalAccountKeys,
  jobs,
  zoneRests,
  issuances,
  notes,
  noteVersions,
  orderNames,
  orderReferences,
  orders,
  managedDomains,
  organizationContacts,
  organizations,
  organizationValidations,
  deliveries,
  expiryReminders,
  mailboxes,
  outgoingMails,
  webhooks,
  products,
  expiringValues,
  externalIds,
  idempotency,
  keyRotations,
  masterKeys,
  serverSecrets,
  settings,
  statisticCounts,
  statisticProgress,
  upstreamAccounts,
  upstreamOrders,
  upstreamSpendings,
  upstreamExchanges,
  acmeUpstreamAccounts,
  acmeUpstreamOrders,
  publishedProofs,
  vendorOrders,
  upstreamCosts,
  actorNumbers,
  credentials,
  roleGrants,
  userNetworks,
  userPreferences,
  userSessions,
  users,
];
