/**
 * The native API as data: every endpoint with its wire shapes, by noun. camelCase JSON, times as ISO 8601 in UTC, money as
 * integer minor units. Requests are strict, so that a misspelt field is an error and not a silent default; clients read
 * replies tolerantly, so that a newer server may say more. No handlers here: the console and the CLI load this file.
 */
import type { z } from 'zod';
import { accountsApi } from './schema/accounts.ts';
import { acmeKeysApi } from './schema/acme-keys.ts';
import { alarmsApi } from './schema/alarms.ts';
import { approvalsApi } from './schema/approvals.ts';
import { authorityImportApi } from './schema/authority-import.ts';
import { authorizationsApi } from './schema/authorizations.ts';
import { bulkApi } from './schema/bulk.ts';
import { type certificate, certificatesApi } from './schema/certificates.ts';
import { checksApi } from './schema/checks.ts';
import { containersApi, customFieldsApi } from './schema/containers.ts';
import { credentialsApi, usersApi } from './schema/credentials.ts';
import { delegationsApi } from './schema/delegations.ts';
import { domainsApi } from './schema/domains.ts';
import { issuersApi, profilesApi, serverApi } from './schema/facts.ts';
import { jobListApi } from './schema/jobs.ts';
import { keyEncryptionApi } from './schema/key-encryption.ts';
import { keysApi } from './schema/keys.ts';
import { mailApi } from './schema/mail.ts';
import { meApi } from './schema/me.ts';
import { notesApi } from './schema/notes.ts';
import { orderChangesApi } from './schema/order-changes.ts';
import { orderPageApi } from './schema/order-page.ts';
import { ordersApi } from './schema/orders.ts';
import { organizationsApi } from './schema/organizations.ts';
import { outsideAuthoritiesApi } from './schema/outside-authorities.ts';
import { passwordsApi } from './schema/passwords.ts';
import { pricesApi } from './schema/prices.ts';
import { productsApi } from './schema/products.ts';
import { refundsApi } from './schema/refunds.ts';
import { reportsApi } from './schema/reports.ts';
import { roleGrantsApi } from './schema/role-grants.ts';
import { searchApi } from './schema/search.ts';
import { authoritiesApi, eventsApi, jobsApi } from './schema/server.ts';
import { sessionApi, sessionsApi } from './schema/sessions.ts';
import { setupApi } from './schema/setup.ts';
import { statisticsApi } from './schema/statistics.ts';
import { streamApi } from './schema/stream.ts';
import { upstreamsApi } from './schema/upstreams.ts';
import { webhooksApi } from './schema/webhooks.ts';

export const api = {
  me: meApi,
  session: sessionApi,
  sessions: sessionsApi,
  accounts: accountsApi,
  users: usersApi,
  passwords: passwordsApi,
  credentials: credentialsApi,
  acmeKeys: acmeKeysApi,
  roleGrants: roleGrantsApi,
  organizations: organizationsApi,
  containers: containersApi,
  customFields: customFieldsApi,
  products: productsApi,
  prices: pricesApi,
  orders: { ...ordersApi, ...orderPageApi, ...orderChangesApi },
  refunds: refundsApi,
  notes: notesApi,
  checks: checksApi,
  search: searchApi,
  domains: domainsApi,
  delegations: delegationsApi,
  approvals: approvalsApi,
  authorizations: authorizationsApi,
  webhooks: webhooksApi,
  certificates: certificatesApi,
  keys: keysApi,
  mail: mailApi,
  upstreams: upstreamsApi,
  reports: reportsApi,
  statistics: statisticsApi,
  profiles: profilesApi,
  issuers: issuersApi,
  server: serverApi,
  events: eventsApi,
  stream: streamApi,
  bulk: bulkApi,
  authorities: { ...authoritiesApi, ...outsideAuthoritiesApi },
  jobs: { ...jobsApi, ...jobListApi },
  setup: setupApi,
  alarms: alarmsApi,
  authorityImport: authorityImportApi,
  keyEncryption: keyEncryptionApi,
} as const;

export type Api = typeof api;
type Reply<E extends { readonly response: z.ZodType }> = z.output<E['response']>;

export type WireAcmeKey = Reply<Api['acmeKeys']['show']>;
export type WireAccount = Reply<Api['accounts']['change']>;
export type WireLedgerEntry = Reply<Api['accounts']['ledger']>['items'][number];
export type WireMe = Reply<Api['me']['show']>;
export type WireSession = Reply<Api['session']['create']>;
export type WireUser = Reply<Api['users']['create']>;
export type WireCredential = Reply<Api['credentials']['revoke']>;
export type WireRoleGrant = Reply<Api['roleGrants']['propose']>;
export type WireCreatedCredential = Reply<Api['credentials']['create']>;
export type WireOrganization = Reply<Api['organizations']['ask']>;
export type WireContainer = Reply<Api['containers']['add']>;
export type WireCustomField = Reply<Api['customFields']['add']>;
export type WireProduct = Reply<Api['products']['change']>;
export type WireOrder = Reply<Api['orders']['place']>;
export type WireOrderPage = Reply<Api['orders']['show']>;
export type WireOrderShare = Reply<Api['orders']['shares']>['items'][number];
export type WireTimelineEntry = Reply<Api['orders']['timeline']>['items'][number];
export type WireOrderSummary = Reply<Api['orders']['list']>['items'][number];
export type WireIssuance = Reply<Api['orders']['issuances']>['items'][number];
export type WireNote = Reply<Api['notes']['add']>;
export type WireNoteHistory = Reply<Api['notes']['history']>['items'][number];
export type WireNameChecks = Reply<Api['checks']['ofAuthorization']>;
export type WireCheckedDelegation = Reply<Api['delegations']['check']>['names'][number];
export type WireDomain = Reply<Api['domains']['renew']>;
export type WireFoundObject = WireFound['objects'][number];
export type WireFound = Reply<Api['search']['find']>;
export type WireListedApproval = Reply<Api['approvals']['list']>['items'][number];
export type WireApprovalRequest = Omit<WireListedApproval, 'why'>;
export type WireApprovalPage = Reply<Api['approvals']['show']>;
export type WireApprovalDetails = Reply<Api['approvals']['approve']>;
export type WireAuthorization = Reply<Api['authorizations']['show']>;
export type WireWebhook = Reply<Api['webhooks']['add']>;
export type WireDelivery = Reply<Api['webhooks']['replay']>;
export type WireProof = WireOrder['names'][number]['proofs'][number];
export type WireListedCertificate = Reply<Api['certificates']['revoke']>;
export type WireCertificate = z.output<typeof certificate>;
export type WireDecodedCertificate = WireCertificateDetails['decoded'];
export type WireBlockedKey = Reply<Api['keys']['block']>;
export type WireCertificateDetails = Reply<Api['certificates']['show']>;
export type { WireAction } from './schema/actions.ts';
export type WireActor = WirePriceChange['actor'];
export type WireAccountPrice = Reply<Api['prices']['set']>;
export type WirePriceChange = Reply<Api['prices']['history']>['items'][number];
export type WireMonthTotals = Reply<Api['reports']['months']>['items'][number];
export type WireStatistics = Reply<Api['statistics']['issuance']>;
export type WireHome = Reply<Api['statistics']['home']>;
export type WireProfile = Reply<Api['profiles']['list']>['items'][number];
export type WireIssuerState = Reply<Api['issuers']['list']>['items'][number];
export type WireServer = Reply<Api['server']['show']>;
export type WireEvent = Reply<Api['events']['list']>['items'][number];
export type WireAuthority = Reply<Api['authorities']['list']>['items'][number];
export type WireAuthorityRequest = Reply<Api['authorities']['request']>;
export type WireInstalled = Reply<Api['authorities']['install']>;
export type WireAuthorityOutlook = Reply<Api['authorities']['plan']>['items'][number];
export type WireAlarm = Reply<Api['alarms']['list']>['items'][number];
export type WireJob = Reply<Api['jobs']['failed']>['items'][number];
export type WireImportedAuthority = Reply<Api['authorityImport']['examine']>;
export type WireKeyEncryption = Reply<Api['keyEncryption']['show']>;
export type WireMailbox = Reply<Api['mail']['stop']>;
export type WireUpstream = Reply<Api['upstreams']['closeBreaker']>;
export type WireUpstreamDetail = Reply<Api['upstreams']['show']>;
export type WireUpstreamChecks = Reply<Api['upstreams']['check']>;
export type WireUpstreamRehearsal = Reply<Api['upstreams']['test']>;
export type WireUpstreamOrderDetail = Reply<Api['upstreams']['order']>;
export type WireProductCosts = Reply<Api['upstreams']['costs']>['items'][number];
export type WireUpstreamOrder = Reply<Api['upstreams']['orders']>['items'][number];
export type WireMoney = WireAccount['balance'];
