/** Every method of every port, and which roles it lets in: written out once more, so that a change of the table is seen. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { accountRoles, type Role } from '../../../src/domain/role.ts';
import { createCaller, createCustomer, startTestApp, type TestApp } from '../../support/app.ts';

/** `strangers`: it takes no caller. An operator may call everything; an empty list is for them alone. */
type Row = readonly Role[] | 'everyone' | 'strangers';

const rows: Readonly<Record<string, Row>> = {
  'signIn.createDevice': 'strangers',
  'signIn.register': 'strangers',
  'signIn.authenticate': 'strangers',
  'signIn.registerKey': 'strangers',
  'signIn.authenticateKey': 'strangers',
  'signIn.createSession': 'strangers',
  'signIn.authenticateSession': 'strangers',
  'signIn.actFor': 'everyone',
  'usedNumbers.take': 'strangers',
  'accounts.get': 'everyone',
  'accounts.ledger': 'everyone',
  'prices.list': 'everyone',
  'prices.history': 'everyone',
  'prices.set': [],
  'prices.remove': [],
  'refunds.list': 'everyone',
  'refunds.refund': [],
  'reports.months': 'everyone',
  'statistics.home': 'everyone',
  'statistics.issuance': 'everyone',
  'statistics.failures': 'everyone',
  'statistics.expiry': 'everyone',
  'statistics.revenue': 'everyone',
  'statistics.rebuild': [],
  'server.profiles': 'everyone',
  'server.authorities': 'everyone',
  'server.publishCrl': [],
  'authorities.request': [],
  'authorities.requests': ['support', 'auditor'],
  'authorities.withdraw': [],
  'authorities.install': [],
  'authorities.uploadList': [],
  'authorities.exportKey': [],
  'authorities.removeKey': [],
  'server.outlook': ['support', 'auditor'],
  'server.rollAuthority': [],
  'server.revokeAuthority': [],
  'authorityImport.addSerials': [],
  'authorityImport.examine': [],
  'authorityImport.take': [],
  'authorityImport.revokeSerial': [],
  'server.issuers': ['support', 'auditor'],
  'server.state': ['support', 'auditor'],
  'jobs.list': ['support', 'auditor'],
  'jobs.retry': [],
  'jobs.discard': [],
  'jobs.retryAll': [],
  'jobs.discardAll': [],
  'accounts.create': [],
  'accounts.list': ['support', 'auditor'],
  'accounts.find': ['support', 'auditor'],
  'accounts.change': [],
  'accounts.credit': [],
  'catalogue.list': 'everyone',
  'catalogue.change': [],
  'orders.get': 'everyone',
  'orders.list': 'everyone',
  'orders.search': 'everyone',
  'orders.listChanged': 'everyone',
  'orders.settle': 'everyone',
  'orders.check': ['requester', 'approver', 'administrator', 'support'],
  'orders.place': ['requester', 'approver', 'administrator'],
  'orders.dryRun': ['requester', 'approver', 'administrator'],
  'orderPages.get': 'everyone',
  'orderPages.timeline': 'everyone',
  'objectPages.get': 'everyone',
  'orderPages.approval': 'everyone',
  'orderPages.certificate': 'everyone',
  'shares.create': ['requester', 'approver', 'administrator'],
  'shares.remove': ['requester', 'approver', 'administrator'],
  'shares.list': 'everyone',
  'shares.open': 'strangers',
  'orders.change': ['requester', 'approver', 'administrator'],
  'orders.removeNames': ['requester', 'approver', 'administrator'],
  'orders.cancel': ['requester', 'approver', 'administrator'],
  'issuances.list': 'everyone',
  'issuances.provideCsr': ['requester', 'approver', 'administrator'],
  'issuances.reissue': ['requester', 'approver', 'administrator'],
  'issuances.dryRunReissue': ['requester', 'approver', 'administrator'],
  'issuances.withdrawReissue': ['requester', 'approver', 'administrator'],
  'issuances.duplicate': ['requester', 'approver', 'administrator'],
  'issuances.privateKey': ['requester', 'approver', 'administrator'],
  'notes.list': 'everyone',
  'notes.history': 'everyone',
  'notes.add': ['requester', 'approver', 'administrator'],
  'notes.change': ['requester', 'approver', 'administrator'],
  'notes.remove': ['requester', 'approver', 'administrator'],
  'customFields.list': 'everyone',
  'customFields.add': ['administrator'],
  'customFields.change': ['administrator'],
  'proving.recheck': ['requester', 'approver', 'administrator', 'support'],
  'proving.chooseMethods': ['requester', 'approver', 'administrator', 'support'],
  'proving.checkChallenges': ['requester', 'approver', 'administrator', 'support'],
  'proving.caa': 'everyone',
  'checks.ofAuthorization': 'everyone',
  'checks.listOfOrder': 'everyone',
  'authorizations.get': 'everyone',
  'authorizations.list': 'everyone',
  'authorizations.listOfOrder': 'everyone',
  'authorizations.listOwn': 'everyone',
  'authorizations.create': ['requester', 'approver', 'administrator', 'registrar'],
  'authorizations.check': ['requester', 'approver', 'administrator', 'registrar', 'support'],
  'authorizations.deactivate': ['requester', 'approver', 'administrator', 'registrar'],
  'authorizations.renounce': ['requester', 'approver', 'administrator', 'registrar'],
  'delegations.check': ['requester', 'approver', 'administrator', 'registrar', 'support'],
  'managedDomains.get': 'everyone',
  'managedDomains.list': 'everyone',
  'managedDomains.ensure': ['requester', 'approver', 'administrator', 'registrar'],
  'managedDomains.check': ['requester', 'approver', 'administrator', 'registrar', 'support'],
  'managedDomains.add': ['registrar', 'administrator'],
  'managedDomains.setState': ['registrar', 'administrator'],
  'managedDomains.remove': ['registrar', 'administrator'],
  'managedDomains.renewProofs': ['registrar', 'administrator'],
  'managedDomains.chooseMethod': ['registrar', 'administrator', 'support'],
  'confirmations.show': 'strangers',
  'confirmations.decide': 'strangers',
  'acmeOrders.get': 'everyone',
  'acmeOrders.list': 'everyone',
  'acmeOrders.certificate': 'everyone',
  'acmeOrders.create': ['requester', 'approver', 'administrator'],
  'acmeOrders.authorize': ['requester', 'approver', 'administrator'],
  'acmeOrders.finalize': ['requester', 'approver', 'administrator'],
  'approvals.get': 'everyone',
  'approvals.list': 'everyone',
  'approvals.decide': ['approver', 'administrator'],
  'approvals.withdraw': ['requester', 'approver', 'administrator'],
  'certificates.get': 'everyone',
  'certificates.list': 'everyone',
  'certificates.findByThumbprint': 'everyone',
  'certificates.surroundings': 'everyone',
  'certificates.renewalWindow': 'strangers',
  'certificates.send': ['requester', 'approver', 'administrator', 'support'],
  'revocations.revokeByKey': 'strangers',
  'revocations.revokePresented': ['requester', 'approver', 'administrator'],
  'revocations.revokeOrder': ['requester', 'approver', 'administrator'],
  'revocations.request': ['requester', 'approver', 'administrator'],
  'revocations.revokeCertificate': ['requester', 'approver', 'administrator'],
  'keyRegister.list': 'everyone',
  'keyRegister.certificates': 'everyone',
  'keyRegister.reportCompromise': 'strangers',
  'keyRegister.block': ['administrator'],
  'keyRegister.unblock': ['administrator'],
  'keyRegister.import': ['administrator'],
  'keyRegister.revokeCertificates': ['requester', 'approver', 'administrator'],
  'organizations.get': 'everyone',
  'organizations.list': 'everyone',
  'organizations.add': ['registrar', 'administrator'],
  'organizations.setState': ['registrar', 'administrator'],
  'organizations.askForVerification': ['registrar', 'administrator'],
  'organizations.replaceContacts': ['registrar', 'administrator'],
  'organizations.remove': ['registrar', 'administrator'],
  'organizations.verify': [],
  'containers.get': 'everyone',
  'containers.list': 'everyone',
  'containers.add': ['administrator'],
  'containers.change': ['administrator'],
  'containers.setState': ['administrator'],
  'users.get': 'everyone',
  'users.list': 'everyone',
  'users.find': 'everyone',
  'users.actor': 'everyone',
  'users.actors': 'everyone',
  'users.create': ['administrator', 'userManager'],
  'users.change': ['administrator', 'userManager'],
  'users.invite': ['administrator', 'userManager'],
  'users.resetPassword': ['administrator', 'userManager'],
  'users.setPassword': ['administrator', 'userManager'],
  'users.isFree': ['administrator', 'userManager'],
  'users.setState': ['administrator', 'userManager'],
  'users.remove': ['administrator', 'userManager'],
  'users.changePassword': 'everyone',
  'sessions.current': 'everyone',
  'sessions.list': 'everyone',
  'sessions.end': 'everyone',
  'sessions.confirm': 'everyone',
  'preferences.get': 'everyone',
  'preferences.change': 'everyone',
  'preferences.putViews': 'everyone',
  'credentials.list': ['administrator', 'userManager', 'support', 'auditor'],
  'credentials.find': ['administrator', 'userManager', 'support', 'auditor', 'requester'],
  'credentials.get': ['administrator', 'userManager', 'support', 'auditor', 'requester'],
  'credentials.create': ['administrator', 'userManager', 'requester'],
  'credentials.change': ['administrator', 'userManager', 'requester'],
  'credentials.revoke': ['administrator', 'userManager', 'requester'],
  'credentials.changeOwn': 'everyone',
  'credentials.revokeOwn': 'everyone',
  'credentials.changeKey': 'everyone',
  'roleGrants.list': ['administrator', 'userManager', 'support', 'auditor'],
  'roleGrants.propose': ['administrator', 'userManager'],
  'roleGrants.confirm': ['administrator', 'userManager'],
  'roleGrants.withdraw': ['administrator', 'userManager'],
  'externalAccountKeys.get': 'everyone',
  'externalAccountKeys.list': 'everyone',
  'externalAccountKeys.check': 'strangers',
  'externalAccountKeys.add': ['administrator'],
  'externalAccountKeys.change': ['administrator'],
  'externalAccountKeys.revoke': ['administrator'],
  'webhooks.get': 'everyone',
  'webhooks.list': 'everyone',
  'webhooks.deliveries': 'everyone',
  'webhooks.add': ['administrator'],
  'webhooks.change': ['administrator'],
  'webhooks.remove': ['administrator'],
  'webhooks.probe': ['administrator'],
  'webhooks.replay': ['administrator'],
  'webhooks.replayFailed': ['administrator'],
  'webhooks.secretOf': ['administrator'],
  'mailboxes.listStopped': ['support', 'auditor'],
  'mailboxes.stop': [],
  'mailboxes.lift': [],
  'setup.show': ['support', 'auditor'],
  'setup.confirm': [],
  'setup.testMail': [],
  'invitations.show': 'strangers',
  'invitations.accept': 'strangers',
  'mailStops.show': 'strangers',
  'mailStops.stop': 'strangers',
  'attempts.begin': 'strangers',
  'attempts.end': 'strangers',
  'attempts.listOpen': 'strangers',
  'attempts.waitMs': 'strangers',
  'changes.open': 'everyone',
  'changes.next': 'strangers',
  'changes.close': 'strangers',
  'idempotencyKeys.begin': 'everyone',
  'idempotencyKeys.keep': 'everyone',
  'idempotencyKeys.release': 'everyone',
  'expiring.put': 'strangers',
  'expiring.get': 'strangers',
  'expiring.take': 'strangers',
  'upstreams.accounts': ['support', 'auditor'],
  'upstreams.account': ['support', 'auditor'],
  'upstreams.check': [],
  'upstreams.rehearse': [],
  'upstreams.changeKey': [],
  'upstreams.close': [],
  'upstreams.orders': ['support', 'auditor'],
  'upstreams.order': ['support', 'auditor'],
  'upstreams.resolve': [],
  'upstreams.costs': ['support', 'auditor'],
  'events.list': ['approver', 'administrator', 'support', 'auditor'],
  'events.after': ['approver', 'administrator', 'support', 'auditor'],
  'events.doers': 'everyone',
  'events.noteExport': 'everyone',
  'operation.authorities': 'everyone',
  'operation.failedJobs': ['support', 'auditor'],
  'operation.alarms': ['support', 'auditor'],
  'operation.keyEncryption': ['support', 'auditor'],
  'operation.rotateMasterKey': [],
};

const serverRoles = ['support', 'auditor'] as const;
const allRoles = [...accountRoles, ...serverRoles] as const;

let app: TestApp;
const callers = new Map<Role, Caller>();

before(async () => {
  app = await startTestApp();
  const { account } = await createCustomer(app);
  for (const role of accountRoles) {
    callers.set(role, await createCaller(app, account, { dialect: 'native', roles: [role] }));
  }
  for (const role of serverRoles) callers.set(role, { ...app.operator, roles: [role] });
});
after(() => app.close());

type Method = (caller: Caller) => Promise<unknown>;

/** What is asked for is missing: whoever is let in fails at that, and whoever is not is refused before anybody looks. */
function methodOf(name: string): Method {
  const [port = '', method = ''] = name.split('.');
  const ports: object = app.ports;
  const methods: Readonly<Record<string, Readonly<Record<string, Method>>>> = { ...ports };
  return methods[port]?.[method] ?? assert.fail(`no method ${name}`);
}

async function isRefused(name: string, caller: Caller): Promise<boolean> {
  try {
    await methodOf(name)(caller);
    return false;
  } catch (thrown) {
    return thrown instanceof CertError && thrown.code === 'forbidden' && thrown.reason.key === 'roleMissing';
  }
}

describe('the roles of the ports', () => {
  it('are named here for every method, and for no other', () => {
    const found = Object.entries(app.ports).flatMap(([port, methods]) =>
      Object.keys(methods).map((method) => `${port}.${method}`),
    );
    assert.deepEqual(Object.keys(rows).toSorted(), found.toSorted());
  });

  for (const [name, roles] of Object.entries(rows)) {
    if (roles === 'strangers') continue;
    const refused = allRoles.filter((role) => roles !== 'everyone' && !roles.includes(role));
    it(`${name} refuses ${refused.length === 0 ? 'nobody' : refused.join(', ')}`, async () => {
      const before = await app.tables();
      for (const role of refused) {
        assert.ok(await isRefused(name, callers.get(role) ?? assert.fail()), `${role} is refused`);
      }
      assert.deepEqual(await app.tables(), before, 'nothing is left behind');
      for (const role of allRoles) {
        if (refused.includes(role)) continue;
        assert.ok(!(await isRefused(name, callers.get(role) ?? assert.fail())), `${role} is let in`);
      }
      assert.ok(!(await isRefused(name, app.operator)), 'an operator is let in');
    });
  }
});
