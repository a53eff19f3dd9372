/** The core: implements the ports that front doors are handed, and the handlers of its jobs. */

import { laneOfIssuer } from '../domain/job.ts';
import type { Ports } from '../domain/ports/index.ts';
import { upstreamsOf } from '../domain/ports/issuer.ts';
import type { JobHandlers, JobQueueStart } from '../domain/ports/jobs.ts';

import { createAccountPrices } from './accounts/account-prices.ts';
import { createAccounts } from './accounts/accounts.ts';
import { createAddContainer } from './accounts/add-container.ts';
import { createContainers } from './accounts/containers.ts';
import { createCredentials } from './accounts/credentials.ts';
import { createExternalAccountKeys } from './accounts/external-account-keys.ts';
import { createInvitations } from './accounts/invitation-acceptance.ts';
import { createSendInvitationHandler } from './accounts/invitation-mail.ts';
import { createInvitationLimit, createInviting } from './accounts/invitations.ts';
import { createKeyChange } from './accounts/key-change.ts';
import { createKeySignIn } from './accounts/key-sign-in.ts';
import { createAddingUser, createNewUsers } from './accounts/new-users.ts';
import { createPasswordChange } from './accounts/password-change.ts';
import { createPasswordCheck } from './accounts/password-check.ts';
import { createPasswordQueue } from './accounts/password-queue.ts';
import { createSettingPassword } from './accounts/password-setting.ts';
import { guarded } from './accounts/port-roles.ts';
import { createPreferences } from './accounts/preferences.ts';
import { createRegistration } from './accounts/register.ts';
import { createReports } from './accounts/reports.ts';
import { createRoleGrants } from './accounts/role-grants.ts';
import { createSessionSignIn, createSessions } from './accounts/sessions.ts';
import { createSignIn } from './accounts/sign-in.ts';
import { createUsers } from './accounts/users.ts';
import { createAuthorityImport } from './authorities/import-authority.ts';
import { createAuthorities } from './authorities/index.ts';
import type { AppContext } from './context.ts';
import { counted } from './counted-ports.ts';
import { createChanges } from './following/changes.ts';
import { createCheckCaaHandler } from './issuing/caa-job.ts';
import { createCertificates } from './issuing/certificates.ts';
import { createJobGivenUp } from './issuing/failure.ts';
import { createIssueHandler } from './issuing/issuance.ts';
import { createTakeUp } from './issuing/take-up.ts';
import { createUpstreamWatchHandlers } from './issuing/upstream-watch.ts';
import { createUpstreams } from './issuing/upstreams.ts';
import { createWakeRestingHandler } from './issuing/wake-resting.ts';
import { bounded } from './list-bounds.ts';
import { createObjectPages } from './objects/object-pages.ts';
import { createSeenObjects } from './objects/seen-objects.ts';
import { createEndAcmeAccountHandler } from './orders/acme-account-end.ts';
import { createAcmeOrders } from './orders/acme-orders.ts';
import { createApprovals } from './orders/approvals.ts';
import { createCatalogue } from './orders/catalogue.ts';
import { createCustomFields } from './orders/custom-fields.ts';
import { createIssuances } from './orders/issuances.ts';
import { createNotes } from './orders/notes.ts';
import { createOrderPages } from './orders/order-pages.ts';
import { createOrders } from './orders/orders.ts';
import { createRefunds } from './orders/refunds.ts';
import { createShares } from './orders/shares.ts';
import { createReissueHandler, createRenewHandler } from './orders/succession.ts';
import { createOrganizations } from './organizations/organizations.ts';
import { createDeliverHandler } from './outbound/deliveries.ts';
import { createReminderHandlers } from './outbound/expiry-reminders.ts';
import { createMailboxes, createMailStops } from './outbound/mail-stops.ts';
import { createUserMailHandlers } from './outbound/user-mails.ts';
import { createWebhooks } from './outbound/webhooks.ts';
import { createAuthorizations } from './proving/authorizations.ts';
import { createCheckOnRequestHandler } from './proving/check-on-request.ts';
import { createChecks } from './proving/checks.ts';
import { createSendMailHandler } from './proving/confirmation-mail.ts';
import { createConfirmations } from './proving/confirmations.ts';
import { createDelegations } from './proving/delegations.ts';
import { createManagedDomains } from './proving/managed-domains.ts';
import { createNamePlaces } from './proving/name-places.ts';
import { createProving } from './proving/proving.ts';
import { createValidateHandler } from './proving/validation.ts';
import { createKeyRegister } from './revoking/key-register.ts';
import { createRevocations } from './revoking/revocation.ts';
import { createRevokeUpstreamHandler } from './revoking/revoke-upstream.ts';
import { createAttempts } from './upkeep/attempts.ts';
import { createBringForwardHandler } from './upkeep/bring-forward.ts';
import { createCountEventsHandler } from './upkeep/event-counts.ts';
import { createEvents } from './upkeep/events.ts';
import { createExpiring } from './upkeep/expiring.ts';
import { createIdempotencyKeys } from './upkeep/idempotency-keys.ts';
import { createJobControl } from './upkeep/job-control.ts';
import { createResealHandler } from './upkeep/key-resealing.ts';
import { createOperation } from './upkeep/operation.ts';
import { createServerFacts } from './upkeep/server-facts.ts';
import { createSetup } from './upkeep/setup.ts';
import { createStatistics } from './upkeep/statistics.ts';
import { createUpkeepHandlers } from './upkeep/upkeep.ts';
import { createUsedNumbers } from './upkeep/used-numbers.ts';

export { type OperatorReset, resetOperator } from './accounts/operator-reset.ts';
export { defaultPasswordCost, type PasswordCost } from './accounts/passwords.ts';
export { findAwaitedCa } from './authorities/awaited.ts';
export { checkReferences } from './configured-references.ts';
export { type AppContext, keysOfDialects } from './context.ts';
export { createClockGuard, createClockWatch } from './issuing/clock-guard.ts';
export { createPreparations } from './issuing/preparations.ts';
export { standings } from './issuing/upstream-standing.ts';
export { addToCatalogue } from './orders/catalogue.ts';
export { countedMailer } from './outbound/counted-mailer.ts';
export { createCheckPlaces } from './proving/check-places.ts';
export { openSealing } from './upkeep/key-encryption.ts';
export {
  aliasSecretName,
  dialectSecretName,
  mailStopSecretName,
  responderSecretName,
  serverSecret,
} from './upkeep/server-secrets.ts';
export { queueUpkeep } from './upkeep/upkeep.ts';
export { createOutcomes, meterOf } from './watching/outcomes.ts';
export { createWatchdog } from './watching/watchdog.ts';

export interface App {
  readonly ports: Ports;
  readonly handlers: JobHandlers;
  /** Options with which the queue is started, besides the handlers. */
  readonly queueStart: JobQueueStart;
}

export function createApp(outer: AppContext): App {
  const seen = createSeenObjects(outer.database);
  const context = { ...outer, database: seen.database };
  return {
    ports: counted(guarded(bounded(seen.watching(createPorts(context)))), context.meter),
    handlers: {
      validate: createValidateHandler(context),
      checkOnRequest: createCheckOnRequestHandler(context),
      checkCaa: createCheckCaaHandler(context),
      sendMail: createSendMailHandler(context),
      issue: createIssueHandler(context),
      revokeUpstream: createRevokeUpstreamHandler(context),
      reissue: createReissueHandler(context),
      renew: createRenewHandler(context),
      deliver: createDeliverHandler(context),
      sendInvitation: createSendInvitationHandler(context),
      ...createReminderHandlers(context),
      ...createUserMailHandlers(context),
      ...createUpkeepHandlers(context),
      ...createUpstreamWatchHandlers(context),
      wakeResting: createWakeRestingHandler(context),
      bringForward: createBringForwardHandler(context),
      endAcmeAccount: createEndAcmeAccountHandler(context),
      reseal: createResealHandler(context),
      countEvents: createCountEventsHandler(context),
    },
    queueStart: {
      onGivenUp: createJobGivenUp(context),
      takeUp: createTakeUp(context),
      lanes: [...context.issuers.values()].flatMap((issuer) => {
        const places = upstreamsOf(issuer).map(({ upstream }) => upstream.concurrency);
        return places.length === 0 ? [] : [{ name: laneOfIssuer(issuer.id), concurrency: Math.max(...places) }];
      }),
    },
  };
}

function createPorts(context: AppContext): Ports {
  const passwords = createPasswordQueue();
  const checkPassword = createPasswordCheck(context, passwords);
  const invitationLimit = createInvitationLimit({ clock: context.clock, signals: context.database.signals });
  const adding = createAddingUser(context, invitationLimit);
  const revocations = createRevocations(context);
  const orders = createOrders(context);
  const placeOf = createNamePlaces(context);
  return {
    signIn: {
      ...createSignIn(context, checkPassword),
      ...createKeySignIn(context),
      ...createSessionSignIn(context, checkPassword),
      ...createRegistration(context, passwords),
    },
    sessions: createSessions(context, checkPassword),
    preferences: createPreferences(context),
    catalogue: createCatalogue(context),
    orders,
    objectPages: createObjectPages(context),
    orderPages: createOrderPages(context, orders, placeOf),
    shares: createShares(context, placeOf),
    issuances: createIssuances(context),
    notes: createNotes(context),
    customFields: createCustomFields(context),
    approvals: createApprovals(context),
    acmeOrders: createAcmeOrders(context),
    proving: createProving(context),
    authorityImport: createAuthorityImport(context),
    authorities: createAuthorities(context),
    authorizations: createAuthorizations(context),
    checks: createChecks(context),
    managedDomains: createManagedDomains(context),
    delegations: createDelegations(context),
    confirmations: createConfirmations(context),
    certificates: createCertificates(context),
    revocations,
    keyRegister: createKeyRegister(context, revocations),
    organizations: createOrganizations(context),
    accounts: createAccounts(context),
    prices: createAccountPrices(context),
    refunds: createRefunds(context),
    reports: createReports(context),
    containers: { ...createContainers(context), add: createAddContainer(context, passwords, adding) },
    users: {
      ...createUsers(context),
      ...createNewUsers(context, passwords, adding),
      ...createInviting(context, invitationLimit),
      ...createSettingPassword(context, passwords),
      ...createPasswordChange(context, passwords, checkPassword),
    },
    invitations: createInvitations(context, passwords),
    credentials: { ...createCredentials(context), ...createKeyChange(context) },
    roleGrants: createRoleGrants(context),
    attempts: createAttempts(context),
    usedNumbers: createUsedNumbers(context),
    expiring: createExpiring(context),
    idempotencyKeys: createIdempotencyKeys(context),
    externalAccountKeys: createExternalAccountKeys(context),
    upstreams: createUpstreams(context),
    webhooks: createWebhooks(context),
    mailboxes: createMailboxes(context),
    mailStops: createMailStops(context),
    server: createServerFacts(context),
    setup: createSetup(context),
    statistics: createStatistics(context),
    events: createEvents(context),
    changes: createChanges(context),
    jobs: createJobControl(context),
    operation: createOperation(context),
  };
}
