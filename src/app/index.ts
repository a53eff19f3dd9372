/** The core: implements Platform and Administration over the ports, and the handlers of its jobs. */
import type { Confirmations } from '../domain/ports/confirmations.ts';
import type { Directory } from '../domain/ports/directory.ts';
import type { JobGivenUp, JobHandlers } from '../domain/ports/jobs.ts';
import type { MailStops } from '../domain/ports/mail-stops.ts';
import type { Administration, Platform } from '../domain/ports/platform.ts';
import { createAdministration } from './accounts/accounts.ts';
import { createActors } from './accounts/actors.ts';
import { createAddContainer } from './accounts/add-container.ts';
import { createContainers } from './accounts/containers.ts';
import { createExternalAccountKeys } from './accounts/external-account-keys.ts';
import { createPasswordQueue } from './accounts/password-queue.ts';
import { createRegistration } from './accounts/register.ts';
import { guarded } from './accounts/roles.ts';
import { createSignIn } from './accounts/sign-in.ts';
import type { AppContext } from './context.ts';
import { createCertificates } from './issuing/certificates.ts';
import { createJobGivenUp } from './issuing/failure.ts';
import { createIssueHandler } from './issuing/issuance.ts';
import { createApprovals } from './orders/approvals.ts';
import { cancelOrder } from './orders/cancel-order.ts';
import { listProducts } from './orders/catalogue.ts';
import { createChangeOrder } from './orders/change-order.ts';
import { createCustomFields } from './orders/custom-fields.ts';
import { createNotes } from './orders/notes.ts';
import { createOrderLists } from './orders/order-lists.ts';
import { createOrders } from './orders/orders.ts';
import { checkOrder, placeOrder } from './orders/place-order.ts';
import { createPrivateKey } from './orders/private-key.ts';
import { provideCsr } from './orders/provide-csr.ts';
import { duplicateOrder, reissueOrder, withdrawReissue } from './orders/reissue-order.ts';
import { settleOrder } from './orders/settle-order.ts';
import { createReissueHandler, createRenewHandler } from './orders/succession.ts';
import { createOrganizations } from './organizations/organizations.ts';
import { createDeliverHandler } from './outbound/deliveries.ts';
import { createReminderHandlers } from './outbound/expiry-reminders.ts';
import { createMailStops } from './outbound/mail-stops.ts';
import { createWebhooks } from './outbound/webhooks.ts';
import { createCaa } from './proving/caa.ts';
import { createCheckChallenges } from './proving/check-challenges.ts';
import { createSendMailHandler } from './proving/confirmation-mail.ts';
import { createConfirmations } from './proving/confirmations.ts';
import { createManagedDomains } from './proving/managed-domains.ts';
import { createValidateHandler } from './proving/validation.ts';
import { createKeyRegister } from './revoking/key-register.ts';
import { createReportCompromise } from './revoking/report-compromise.ts';
import { createRevocations } from './revoking/revocation.ts';
import { accountOf } from './scope.ts';
import { createKeyEncryption } from './upkeep/key-encryption.ts';
import { createResealHandler } from './upkeep/key-resealing.ts';
import { createUpkeepHandlers } from './upkeep/upkeep.ts';

export type { AppContext } from './context.ts';
export { createClockGuard, createClockWatch } from './issuing/clock-guard.ts';
export { addToCatalogue } from './orders/catalogue.ts';
export { fillKeyHashes } from './revoking/fill-key-hashes.ts';
export { openSealing } from './upkeep/key-encryption.ts';
export { dialectSecretName, mailStopSecretName, serverSecret } from './upkeep/server-secrets.ts';
export { queueUpkeep } from './upkeep/upkeep.ts';

export interface App {
  readonly platform: Platform;
  readonly administration: Administration;
  readonly directory: Directory;
  readonly confirmations: Confirmations;
  readonly mailStops: MailStops;
  readonly handlers: JobHandlers;
  /** Ends what a job that is given up leaves unfinished. */
  readonly onJobGivenUp: JobGivenUp;
}

export function createApp(context: AppContext): App {
  const passwords = createPasswordQueue();
  const revocations = createRevocations(context);
  return {
    platform: guarded({
      ...createSignIn(context, passwords),
      ...createRegistration(context, passwords),
      ...createOrders(context),
      ...createCertificates(context),
      ...createApprovals(context),
      ...revocations,
      ...createKeyRegister(context, revocations),
      reportCompromise: createReportCompromise(context),
      ...createOrderLists(context),
      ...createNotes(context),
      changeOrder: createChangeOrder(context),
      account: (caller) => accountOf(context.database.read, caller),
      privateKey: createPrivateKey(context),
      caa: createCaa(context),
      checkChallenges: createCheckChallenges(context),
      products: (caller) => listProducts(context, caller),
      checkOrder: (caller, request) => checkOrder(context, caller, request),
      placeOrder: (caller, request) => placeOrder(context, caller, request),
      settle: (caller, reference, withinMs) => settleOrder(context, caller, reference, withinMs),
      provideCsr: (caller, reference, csr) => provideCsr(context, caller, reference, csr),
      cancel: (caller, reference, options) => cancelOrder(context, caller, reference, options),
      withdrawReissue: (caller, reference) => withdrawReissue(context, caller, reference),
      duplicate: (caller, reference, request) => duplicateOrder(context, caller, reference, request),
      reissue: (caller, reference, request) => reissueOrder(context, caller, reference, request),
    }),
    administration: { ...createAdministration(context, passwords), ...createKeyEncryption(context) },
    directory: {
      ...createOrganizations(context),
      ...createContainers(context),
      addContainer: createAddContainer(context, passwords),
      ...createCustomFields(context),
      ...createActors(context),
      ...createWebhooks(context),
      ...createManagedDomains(context),
      ...createExternalAccountKeys(context),
    },
    confirmations: createConfirmations(context),
    mailStops: createMailStops(context),
    handlers: {
      validate: createValidateHandler(context),
      sendMail: createSendMailHandler(context),
      issue: createIssueHandler(context),
      reissue: createReissueHandler(context),
      renew: createRenewHandler(context),
      deliver: createDeliverHandler(context),
      ...createReminderHandlers(context),
      ...createUpkeepHandlers(context),
      reseal: createResealHandler(context),
    },
    onJobGivenUp: createJobGivenUp(context),
  };
}
