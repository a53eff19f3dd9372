/** The core: implements Platform and Administration over the ports, and the handlers of its jobs. */
import type { Confirmations } from '../domain/confirmation.ts';
import type { Directory } from '../domain/directory.ts';
import type { MailStops } from '../domain/outgoing-mail.ts';
import type { Administration, Platform } from '../domain/platform.ts';
import type { JobGivenUp, JobHandlers } from '../domain/work.ts';
import { createAdministration } from './accounts.ts';
import { createActors } from './actors.ts';
import { createAddContainer } from './add-container.ts';
import { createApprovals } from './approvals.ts';
import { createCaa } from './caa.ts';
import { cancelOrder } from './cancel-order.ts';
import { listProducts } from './catalogue.ts';
import { createCertificates } from './certificates.ts';
import { createChangeOrder } from './change-order.ts';
import { createCheckChallenges } from './check-challenges.ts';
import { createSendMailHandler } from './confirmation-mail.ts';
import { createConfirmations } from './confirmations.ts';
import { createContainers } from './containers.ts';
import type { AppContext } from './context.ts';
import { createCustomFields } from './custom-fields.ts';
import { createExternalAccountKeys } from './external-account-keys.ts';
import { createJobGivenUp } from './failure.ts';
import { createIssueHandler } from './issuance.ts';
import { createKeyEncryption } from './key-encryption.ts';
import { createKeyRegister } from './key-register.ts';
import { createResealHandler } from './key-resealing.ts';
import { createMailStops } from './mail-stops.ts';
import { createManagedDomains } from './managed-domains.ts';
import { createNotes } from './notes.ts';
import { createNoticeHandlers } from './notices.ts';
import { createNotifyHandler } from './notification.ts';
import { createOrderLists } from './order-lists.ts';
import { createOrders } from './orders.ts';
import { createOrganizations } from './organizations.ts';
import { createPasswordQueue } from './password-queue.ts';
import { checkOrder, placeOrder } from './place-order.ts';
import { createPrivateKey } from './private-key.ts';
import { provideCsr } from './provide-csr.ts';
import { createRegistration } from './register.ts';
import { duplicateOrder, reissueOrder, withdrawReissue } from './reissue-order.ts';
import { createReportCompromise } from './report-compromise.ts';
import { createRevocations } from './revocation.ts';
import { guarded } from './roles.ts';
import { accountOf } from './scope.ts';
import { settleOrder } from './settle-order.ts';
import { createSignIn } from './sign-in.ts';
import { createReissueHandler, createRenewHandler } from './succession.ts';
import { createUpkeepHandlers } from './upkeep.ts';
import { createValidateHandler } from './validation.ts';
import { createWebhooks } from './webhooks.ts';

export { addToCatalogue } from './catalogue.ts';
export { createClockGuard, createClockWatch } from './clock-guard.ts';
export type { AppContext, Notifier, ProofMaker } from './context.ts';
export { fillKeyHashes } from './fill-key-hashes.ts';
export { openSealing } from './key-encryption.ts';
export { dialectSecretName, mailStopSecretName, serverSecret } from './server-secrets.ts';
export { queueUpkeep } from './upkeep.ts';

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
      notify: createNotifyHandler(context),
      ...createNoticeHandlers(context),
      ...createUpkeepHandlers(context),
      reseal: createResealHandler(context),
    },
    onJobGivenUp: createJobGivenUp(context),
  };
}
