/**
 * The fakes below keep every method of the core in one flat record, in three parts; here they become the ports that a front
 * door is handed. A test may replace a method of the fake at any time: each call looks it up.
 */
import type { User } from '../../src/domain/account.ts';
import type { Caller, Reference } from '../../src/domain/caller.ts';
import type { MethodChoice } from '../../src/domain/challenge.ts';
import type { Identifier } from '../../src/domain/identifier.ts';
import type { ApprovalView } from '../../src/domain/ports/approvals.ts';
import type { Expiring, ExpiringShelf } from '../../src/domain/ports/expiring.ts';
import type { Ports } from '../../src/domain/ports/index.ts';
import type { OrderReference, OrderView } from '../../src/domain/ports/orders.ts';

export interface FlatPlatform {
  createDevice: Ports['signIn']['createDevice'];
  register: Ports['signIn']['register'];
  authenticate: Ports['signIn']['authenticate'];
  actFor: Ports['signIn']['actFor'];
  account: Ports['accounts']['get'];
  products: Ports['catalogue']['list'];
  placeOrder: Ports['orders']['place'];
  checkOrder: Ports['orders']['check'];
  order: Ports['orders']['get'];
  settle: Ports['orders']['settle'];
  orders: Ports['orders']['list'];
  recheck: Ports['proving']['recheck'];
  chooseMethods: Ports['proving']['chooseMethods'];
  chooseMethod(caller: Caller, reference: OrderReference, name: Identifier, choice: MethodChoice): Promise<OrderView>;
  removeNames: Ports['orders']['removeNames'];
  searchOrders: Ports['orders']['search'];
  issuances: Ports['issuances']['list'];
  changedOrders: Ports['orders']['listChanged'];
  changeOrder: Ports['orders']['change'];
  addNote: Ports['notes']['add'];
  notes: Ports['notes']['list'];
  provideCsr: Ports['issuances']['provideCsr'];
  reissue: Ports['issuances']['reissue'];
  withdrawReissue: Ports['issuances']['withdrawReissue'];
  duplicate: Ports['issuances']['duplicate'];
  privateKey: Ports['issuances']['privateKey'];
  checkChallenges: Ports['proving']['checkChallenges'];
  revoke: Ports['revocations']['revokeOrder'];
  requestRevocation: Ports['revocations']['request'];
  cancel: Ports['orders']['cancel'];
  decide(caller: Caller, reference: OrderReference, decision: { approve: boolean; note: string }): Promise<OrderView>;
  approvals: Ports['approvals']['list'];
  approval: Ports['approvals']['get'];
  decideApproval(
    caller: Caller,
    reference: Reference,
    decision: { approve: boolean; note: string },
  ): Promise<ApprovalView>;
  caa: Ports['proving']['caa'];
  certificates: Ports['certificates']['list'];
  certificate: Ports['certificates']['get'];
  sendCertificate: Ports['certificates']['send'];
  revokeCertificate: Ports['revocations']['revokeCertificate'];
  blockKey: Ports['keyRegister']['block'];
  unblockKey: Ports['keyRegister']['unblock'];
  blockedKeys: Ports['keyRegister']['list'];
  importBlockedKeys: Ports['keyRegister']['import'];
  certificatesOfKey: Ports['keyRegister']['certificates'];
  revokeCertificatesOfKey: Ports['keyRegister']['revokeCertificates'];
  reportCompromise: Ports['keyRegister']['reportCompromise'];
}

export interface FlatAdministration {
  createAccount: Ports['accounts']['create'];
  accounts: Ports['accounts']['list'];
  account: Ports['accounts']['get'];
  changeAccount: Ports['accounts']['change'];
  creditAccount: Ports['accounts']['credit'];
  webhookSecret: Ports['webhooks']['secretOf'];
  ledger: Ports['accounts']['ledger'];
  createUser: Ports['users']['create'];
  users: Ports['users']['list'];
  user: Ports['users']['get'];
  changeUser: Ports['users']['change'];
  disableUser(caller: Caller, reference: string): Promise<User>;
  enableUser(caller: Caller, reference: string): Promise<User>;
  createCredential: Ports['credentials']['create'];
  credentials: Ports['credentials']['list'];
  changeCredential: Ports['credentials']['change'];
  revokeCredential: Ports['credentials']['revoke'];
  proposeGrant: Ports['roleGrants']['propose'];
  roleGrants: Ports['roleGrants']['list'];
  confirmGrant: Ports['roleGrants']['confirm'];
  withdrawGrant: Ports['roleGrants']['withdraw'];
  changeProduct: Ports['catalogue']['change'];
  events: Ports['events']['list'];
  authorities: Ports['operation']['authorities'];
  stoppedMailboxes: Ports['mailboxes']['listStopped'];
  stopMail: Ports['mailboxes']['stop'];
  liftMailStop: Ports['mailboxes']['lift'];
  failedJobs: Ports['operation']['failedJobs'];
  keyEncryption: Ports['operation']['keyEncryption'];
  rotateMasterKey: Ports['operation']['rotateMasterKey'];
}

export interface FlatDirectory {
  addOrganization: Ports['organizations']['add'];
  organization: Ports['organizations']['get'];
  organizations: Ports['organizations']['list'];
  setOrganizationState: Ports['organizations']['setState'];
  askForVerification: Ports['organizations']['askForVerification'];
  verifyOrganization: Ports['organizations']['verify'];
  replaceContacts: Ports['organizations']['replaceContacts'];
  removeOrganization: Ports['organizations']['remove'];
  addContainer: Ports['containers']['add'];
  container: Ports['containers']['get'];
  containers: Ports['containers']['list'];
  addCustomFields: Ports['customFields']['add'];
  changeCustomField: Ports['customFields']['change'];
  customFields: Ports['customFields']['list'];
  ensureDomain: Ports['managedDomains']['ensure'];
  addDomain: Ports['managedDomains']['add'];
  domain: Ports['managedDomains']['get'];
  domains: Ports['managedDomains']['list'];
  setDomainState: Ports['managedDomains']['setState'];
  removeDomain: Ports['managedDomains']['remove'];
  renewDomainProofs: Ports['managedDomains']['renewProofs'];
  chooseDomainMethod: Ports['managedDomains']['chooseMethod'];
  checkDomain: Ports['managedDomains']['check'];
  addExternalAccountKey: Ports['externalAccountKeys']['add'];
  externalAccountKeys: Ports['externalAccountKeys']['list'];
  revokeExternalAccountKey: Ports['externalAccountKeys']['revoke'];
  addWebhook: Ports['webhooks']['add'];
  webhook: Ports['webhooks']['get'];
  webhooks: Ports['webhooks']['list'];
  changeWebhook: Ports['webhooks']['change'];
  removeWebhook: Ports['webhooks']['remove'];
  probeWebhook: Ports['webhooks']['probe'];
  deliveries: Ports['webhooks']['deliveries'];
  replayDelivery: Ports['webhooks']['replay'];
  actor: Ports['users']['actor'];
}

export interface FlatCore extends FlatPlatform {
  readonly administration: FlatAdministration;
  readonly directory: FlatDirectory;
  readonly confirmations: Ports['confirmations'];
}

async function unasked(): Promise<never> {
  throw new Error('the fakes do not have it');
}

/** Values that a front door over a fake core keeps; the real port is in `test/app/upkeep/expiring.test.ts`. */
function createExpiringFake(): Expiring {
  const kept = new Map<string, string>();
  const idOf = ({ purpose, accountId }: ExpiringShelf, key: string) => `${purpose} ${accountId} ${key}`;
  return {
    async put(shelf, entries) {
      for (const { key, value } of entries) kept.set(idOf(shelf, key), value);
    },
    get: async (shelf, key) => kept.get(idOf(shelf, key)),
    async take(shelf, key) {
      const value = kept.get(idOf(shelf, key));
      kept.delete(idOf(shelf, key));
      return value;
    },
  };
}

export function portsOf(core: FlatCore): Ports {
  return {
    accounts: {
      get: (caller, account) =>
        account === undefined ? core.account(caller) : core.administration.account(caller, account),
      create: (...args) => core.administration.createAccount(...args),
      list: (...args) => core.administration.accounts(...args),
      change: (...args) => core.administration.changeAccount(...args),
      credit: (...args) => core.administration.creditAccount(...args),
      ledger: (...args) => core.administration.ledger(...args),
    },
    authorizations: { get: unasked, list: unasked, listOfOrder: unasked, deactivate: unasked },
    approvals: {
      list: (...args) => core.approvals(...args),
      get: (...args) => core.approval(...args),
      decide: async (caller, target, decision) => {
        if (!('order' in target)) return core.decideApproval(caller, target, decision);
        const view = await core.decide(caller, target.order, decision);
        if (view.approval === null) throw new Error('nothing was decided');
        return { approval: view.approval, view };
      },
    },
    catalogue: {
      list: (...args) => core.products(...args),
      change: (...args) => core.administration.changeProduct(...args),
    },
    certificates: {
      list: (...args) => core.certificates(...args),
      get: (...args) => core.certificate(...args),
      send: (...args) => core.sendCertificate(...args),
    },
    containers: {
      add: (...args) => core.directory.addContainer(...args),
      get: (...args) => core.directory.container(...args),
      list: (...args) => core.directory.containers(...args),
    },
    credentials: {
      create: (...args) => core.administration.createCredential(...args),
      list: (...args) => core.administration.credentials(...args),
      change: (...args) => core.administration.changeCredential(...args),
      revoke: (...args) => core.administration.revokeCredential(...args),
    },
    customFields: {
      add: (...args) => core.directory.addCustomFields(...args),
      change: (...args) => core.directory.changeCustomField(...args),
      list: (...args) => core.directory.customFields(...args),
    },
    events: {
      // No exchange asks for it.
      after: unasked,
      list: (...args) => core.administration.events(...args),
    },
    expiring: createExpiringFake(),
    externalAccountKeys: {
      add: (...args) => core.directory.addExternalAccountKey(...args),
      list: (...args) => core.directory.externalAccountKeys(...args),
      revoke: (...args) => core.directory.revokeExternalAccountKey(...args),
    },
    issuances: {
      list: (...args) => core.issuances(...args),
      provideCsr: (...args) => core.provideCsr(...args),
      reissue: (...args) => core.reissue(...args),
      withdrawReissue: (...args) => core.withdrawReissue(...args),
      duplicate: (...args) => core.duplicate(...args),
      privateKey: (...args) => core.privateKey(...args),
    },
    keyRegister: {
      block: (...args) => core.blockKey(...args),
      unblock: (...args) => core.unblockKey(...args),
      list: (...args) => core.blockedKeys(...args),
      import: (...args) => core.importBlockedKeys(...args),
      certificates: (...args) => core.certificatesOfKey(...args),
      revokeCertificates: (...args) => core.revokeCertificatesOfKey(...args),
      reportCompromise: (...args) => core.reportCompromise(...args),
    },
    mailboxes: {
      listStopped: (...args) => core.administration.stoppedMailboxes(...args),
      stop: (...args) => core.administration.stopMail(...args),
      lift: (...args) => core.administration.liftMailStop(...args),
    },
    managedDomains: {
      ensure: (...args) => core.directory.ensureDomain(...args),
      add: (...args) => core.directory.addDomain(...args),
      get: (...args) => core.directory.domain(...args),
      list: (...args) => core.directory.domains(...args),
      setState: (...args) => core.directory.setDomainState(...args),
      remove: (...args) => core.directory.removeDomain(...args),
      renewProofs: (...args) => core.directory.renewDomainProofs(...args),
      chooseMethod: (...args) => core.directory.chooseDomainMethod(...args),
      check: (...args) => core.directory.checkDomain(...args),
    },
    notes: {
      add: (...args) => core.addNote(...args),
      list: (...args) => core.notes(...args),
    },
    // Front doors do not show them.
    upstreams: { accounts: unasked, close: unasked, orders: unasked, order: unasked },
    operation: {
      authorities: (...args) => core.administration.authorities(...args),
      failedJobs: (...args) => core.administration.failedJobs(...args),
      keyEncryption: (...args) => core.administration.keyEncryption(...args),
      rotateMasterKey: (...args) => core.administration.rotateMasterKey(...args),
    },
    orders: {
      place: (...args) => core.placeOrder(...args),
      check: (...args) => core.checkOrder(...args),
      get: (...args) => core.order(...args),
      settle: (...args) => core.settle(...args),
      list: (...args) => core.orders(...args),
      removeNames: (...args) => core.removeNames(...args),
      search: (...args) => core.searchOrders(...args),
      listChanged: (...args) => core.changedOrders(...args),
      change: (...args) => core.changeOrder(...args),
      cancel: (...args) => core.cancel(...args),
    },
    organizations: {
      add: (...args) => core.directory.addOrganization(...args),
      get: (...args) => core.directory.organization(...args),
      list: (...args) => core.directory.organizations(...args),
      setState: (...args) => core.directory.setOrganizationState(...args),
      askForVerification: (...args) => core.directory.askForVerification(...args),
      verify: (...args) => core.directory.verifyOrganization(...args),
      replaceContacts: (...args) => core.directory.replaceContacts(...args),
      remove: (...args) => core.directory.removeOrganization(...args),
    },
    proving: {
      recheck: (...args) => core.recheck(...args),
      chooseMethods: (...args) => core.chooseMethods(...args),
      checkChallenges: (...args) => core.checkChallenges(...args),
      caa: (...args) => core.caa(...args),
    },
    revocations: {
      revokeOrder: (...args) => core.revoke(...args),
      request: (...args) => core.requestRevocation(...args),
      revokeCertificate: (...args) => core.revokeCertificate(...args),
    },
    roleGrants: {
      propose: (...args) => core.administration.proposeGrant(...args),
      list: (...args) => core.administration.roleGrants(...args),
      confirm: (...args) => core.administration.confirmGrant(...args),
      withdraw: (...args) => core.administration.withdrawGrant(...args),
    },
    signIn: {
      createDevice: (...args) => core.createDevice(...args),
      register: (...args) => core.register(...args),
      authenticate: (...args) => core.authenticate(...args),
      actFor: (...args) => core.actFor(...args),
    },
    users: {
      create: (...args) => core.administration.createUser(...args),
      list: (...args) => core.administration.users(...args),
      get: (...args) => core.administration.user(...args),
      change: (...args) => core.administration.changeUser(...args),
      setState: (caller, user, state) =>
        state === 'active'
          ? core.administration.enableUser(caller, user)
          : core.administration.disableUser(caller, user),
      actor: (...args) => core.directory.actor(...args),
    },
    webhooks: {
      secretOf: (...args) => core.administration.webhookSecret(...args),
      add: (...args) => core.directory.addWebhook(...args),
      get: (...args) => core.directory.webhook(...args),
      list: (...args) => core.directory.webhooks(...args),
      change: (...args) => core.directory.changeWebhook(...args),
      remove: (...args) => core.directory.removeWebhook(...args),
      probe: (...args) => core.directory.probeWebhook(...args),
      deliveries: (...args) => core.directory.deliveries(...args),
      replay: (...args) => core.directory.replayDelivery(...args),
    },
    confirmations: core.confirmations,
    mailStops: { show: async () => undefined, stop: async () => undefined },
  };
}
