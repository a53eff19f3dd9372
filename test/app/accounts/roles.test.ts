/** What each role may do, and that nobody gets more than whoever makes them might give. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { nobody, type User } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { NewUser } from '../../../src/domain/ports/users.ts';
import type { Role } from '../../../src/domain/role.ts';
import {
  anyCsr,
  type Customer,
  createCaller,
  createCustomer,
  issue,
  names,
  newReference,
  origin,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 10_000_00 });
});
afterEach(() => app.close());

const as = (role: Role) => createCaller(app, customer.account, { dialect: 'native', roles: [role] });
const password = 'long enough to be one';

async function refused(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

function makeUser(roles: readonly Role[], change: Partial<NewUser> = {}, by: Caller = app.operator): Promise<User> {
  return app.ports.users.create(by, {
    accountId: customer.account.id,
    username: `${newReference()}@example.com`,
    password: null,
    roles,
    ...change,
  });
}

const makeKey = (by: Caller, roles: readonly Role[], userId: User['id'] | null = null) =>
  app.ports.credentials.create(by, {
    accountId: customer.account.id,
    userId,
    dialect: 'native',
    label: '',
    roles,
    allowedAddresses: null,
  });

describe('those who do not order', () => {
  const calls: Readonly<Record<string, (caller: Caller, view: OrderView) => Promise<unknown>>> = {
    placeOrder: (caller) => place(app, caller, ['new.example'], { productCode: 'encryption365:100' }),
    recheck: (caller, { order }) => app.ports.proving.recheck(caller, order),
    chooseMethod: async (caller, { order }) =>
      app.ports.proving.chooseMethods(caller, order, [
        { name: names('a.example')[0] ?? assert.fail(), choice: 'dnsTxt' },
      ]),
    removeNames: (caller, { order }) => app.ports.orders.removeNames(caller, order, 'unproved'),
    reissue: async (caller, { order }) => app.ports.issuances.reissue(caller, order, await reissueFor(['a.example'])),
    privateKey: (caller, { order }) => app.ports.issuances.privateKey(caller, order),
    checkChallenges: (caller) => app.ports.proving.checkChallenges(caller, []),
    revoke: (caller, { order }) => app.ports.revocations.revokeOrder(caller, order, 'unspecified'),
    requestRevocation: (caller, { order }) =>
      app.ports.revocations.request(caller, { order }, { reason: 'unspecified', wish: {} }),
    cancel: (caller, { order }) => app.ports.orders.cancel(caller, order),
    decide: (caller, { order }) => app.ports.approvals.decide(caller, { order }, { approve: true, note: '' }),
    addNote: (caller, { order }) => app.ports.notes.add(caller, order, 'x'),
    revokeCertificate: (caller, { certificate }) =>
      app.ports.revocations.revokeCertificate(caller, certificate?.id ?? '', 'unspecified'),
  };
  for (const role of ['viewer', 'registrar', 'userManager'] as const) {
    it(`a ${role} is refused every change of an order, and sees them`, async () => {
      const view = await issue(app, customer.caller, ['a.example']);
      const caller = await as(role);
      for (const [call, ask] of Object.entries(calls)) {
        await assert.rejects(() => ask(caller, view), { code: 'forbidden', message: /needs the role/ }, call);
      }
      assert.equal((await app.ports.orders.get(caller, view.order)).order.id, view.order.id);
      assert.equal((await app.ports.orders.list(caller, { limit: 5 })).items.length, 1);
      assert.equal((await app.ports.certificates.list(caller, { limit: 5 })).items.length, 1);
    });
  }

  for (const role of ['requester', 'approver', 'administrator'] as const) {
    it(`a ${role} may order`, async () => {
      const view = await place(app, await as(role), ['a.example'], { productCode: 'encryption365:100' });
      assert.equal(view.order.state, 'open');
    });
  }

  it('a device of a user who may not order only looks', async () => {
    const user = await makeUser(['viewer'], { password });
    const request = { dialect: 'encryption365', username: user.username, password, label: 'panel' };
    const { credential, secret } = await app.ports.signIn.createDevice(request, origin);
    assert.deepEqual(credential.roles, ['viewer']);
    const { publicId } = credential;
    const device = await app.ports.signIn.authenticate({ dialect: 'encryption365', publicId, secret }, origin);
    const order = async () => place(app, device, ['a.example'], { csr: await anyCsr() });
    await refused(order, { code: 'forbidden', message: /requester/ });
  });
});

describe('a viewer', () => {
  type Change = (caller: Caller) => Promise<unknown>;

  it('changes nothing of what an account keeps', async () => {
    const { organizations, containers, customFields, managedDomains, webhooks, externalAccountKeys } = app.ports;
    const registrar = await createCaller(app, customer.account, { roles: ['registrar', 'administrator'] });
    const details = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' } as const;
    const organization = await organizations.add(registrar, { details });
    const field = { label: 'Desk', isRequired: false, isActive: true, kind: 'text' } as const;
    const [customField] = await customFields.add(registrar, [field]);
    const [name] = names('kept.example.com');
    assert.ok(customField && name);
    const challenges = [
      { method: 'dnsTxt', binding: 'server', host: '_x.kept.example.com', alternativeHosts: [], value: 'x' },
    ] as const;
    const proofs = () => ({ proofReference: newReference(), challenges, preferredMethod: 'dnsTxt' as const });
    const rest = { organization: null, container: null, requestedLevels: [] };
    const { domain } = await managedDomains.add(registrar, { name, ...rest, ...proofs() });
    const hook = { url: 'https://hook.example/', events: null, secret: null };
    const webhook = await webhooks.add(registrar, hook);
    const keyFor = { productCode: '100', organization: null, settings: {} };
    const year = { count: 90, unit: 'days' } as const;
    const { key } = await externalAccountKeys.add(registrar, { name: 'k', coverage: year, ...keyFor });
    const message = { contentType: 'text/plain', body: 'x' };
    const changes: Readonly<Record<string, Change>> = {
      addOrganization: (by) => organizations.add(by, { details, allowDuplicate: true }),
      setOrganizationState: (by) => organizations.setState(by, organization, 'inactive'),
      askForVerification: (by) => organizations.askForVerification(by, organization, { levels: ['ov'] }),
      verifyOrganization: (by) => organizations.verify(by, organization, { level: 'ov', verified: true, note: '' }),
      replaceContacts: (by) => organizations.replaceContacts(by, organization, {}),
      removeOrganization: (by) => organizations.remove(by, organization),
      addContainer: (by) => containers.add(by, { name: 'Web' }),
      addCustomFields: (by) => customFields.add(by, [{ ...field, label: 'Other' }]),
      changeCustomField: (by) => customFields.change(by, customField, { isActive: false }),
      ensureDomain: (by) => managedDomains.ensure(by, { name, ...rest, ...proofs() }),
      addDomain: (by) => managedDomains.add(by, { name, ...rest, ...proofs() }),
      setDomainState: (by) => managedDomains.setState(by, domain, 'inactive'),
      removeDomain: (by) => managedDomains.remove(by, domain),
      renewDomainProofs: (by) => managedDomains.renewProofs(by, domain, proofs()),
      chooseDomainMethod: (by) => managedDomains.chooseMethod(by, domain, 'dnsTxt'),
      checkDomain: (by) => managedDomains.check(by, domain),
      addExternalAccountKey: (by) => externalAccountKeys.add(by, { name: 'x', coverage: year, ...keyFor }),
      revokeExternalAccountKey: (by) => externalAccountKeys.revoke(by, key),
      addWebhook: (by) => webhooks.add(by, hook),
      changeWebhook: (by) => webhooks.change(by, webhook, { state: 'inactive' }),
      removeWebhook: (by) => webhooks.remove(by, webhook),
      probeWebhook: (by) => webhooks.probe(by, { to: { id: webhook.id }, message }),
      replayDelivery: (by) => webhooks.replay(by, webhook.id),
    };
    const viewer = await createCaller(app, customer.account, { roles: ['viewer'] });
    const before = await app.tables();
    for (const [call, change] of Object.entries(changes)) {
      await assert.rejects(change(viewer), { code: 'forbidden' }, call);
    }
    assert.deepEqual(await app.tables(), before);
  });
});

describe('whoever manages users', () => {
  const givable: readonly (readonly [Role, Role, boolean])[] = [
    ['administrator', 'administrator', true],
    ['administrator', 'approver', true],
    ['administrator', 'operator', false],
    ['userManager', 'administrator', false],
    ['userManager', 'operator', false],
    ['userManager', 'requester', false],
    ['userManager', 'approver', false],
    ['userManager', 'registrar', false],
    ['userManager', 'viewer', true],
    ['userManager', 'userManager', true],
    ['registrar', 'viewer', false],
    ['viewer', 'viewer', false],
    ['requester', 'requester', false],
    ['approver', 'viewer', false],
  ];
  for (const [giver, given, may] of givable) {
    it(`a ${giver} ${may ? 'may' : 'may not'} make a ${given}`, async () => {
      const by = await as(giver);
      const asks = [() => makeUser([given], {}, by), () => makeKey(by, [given])];
      for (const ask of asks) {
        if (may) await ask();
        else await refused(ask, { code: 'forbidden' });
      }
    });
  }

  it('a userManager does not touch administrators and their keys', async () => {
    const by = await as('userManager');
    const boss = await makeUser(['administrator']);
    const { credential: key } = await makeKey(app.operator, ['administrator'], boss.id);
    const { users, credentials } = app.ports;
    const forbidden = { code: 'forbidden', message: /administrator/ };
    await refused(() => users.setState(by, boss.id, 'disabled'), forbidden);
    await refused(() => users.setState(by, boss.id, 'active'), forbidden);
    await refused(() => users.change(by, boss.id, { roles: ['viewer'] }), forbidden);
    await refused(() => credentials.revoke(by, key.id), forbidden);
    await refused(() => credentials.change(by, key.id, { label: 'mine' }), forbidden);
    await refused(() => makeKey(by, ['viewer'], boss.id), forbidden);
    const requester = await makeUser(['requester']);
    await refused(() => users.setState(by, requester.id, 'disabled'), { code: 'forbidden', message: /requester/ });
    await users.setState(by, (await makeUser(['userManager'])).username, 'disabled');
  });

  it('a key has no role that its user lacks', async () => {
    const user = await makeUser(['approver']);
    const { credential } = await makeKey(app.operator, ['approver', 'requester'], user.id);
    await refused(() => makeKey(app.operator, ['registrar'], user.id), { code: 'invalidField', message: /registrar/ });
    await refused(() => app.ports.credentials.change(app.operator, credential.id, { roles: ['administrator'] }), {
      code: 'invalidField',
    });
  });

  it('what a user loses, their keys lose', async () => {
    const user = await makeUser(['administrator']);
    const { credential: wide } = await makeKey(app.operator, ['administrator', 'requester'], user.id);
    const { credential: narrow } = await makeKey(app.operator, ['registrar'], user.id);
    await app.ports.users.change(app.operator, user.id, { roles: ['requester'] });
    const { items } = await app.ports.credentials.list(app.operator, { limit: 1000 });
    const roles = new Map(items.map((key) => [key.id, key.roles]));
    assert.deepEqual(roles.get(wide.id), ['requester']);
    assert.deepEqual(roles.get(narrow.id), ['viewer'], 'a key that lost all still looks');
  });

  it('nobody changes the roles of their own user', async () => {
    const user = await makeUser(['administrator']);
    const { credential, secret } = await makeKey(app.operator, ['administrator'], user.id);
    const key = { dialect: 'native', publicId: credential.publicId, secret };
    const self = await app.ports.signIn.authenticate(key, origin);
    await refused(() => app.ports.users.change(self, user.id, { roles: ['viewer'] }), { code: 'forbidden' });
  });
});

describe('users and keys', () => {
  const person = { ...nobody, firstName: 'Jill', lastName: 'Valentine', email: 'jill@example.com' };

  it('are found by id, number and name, in their account', async () => {
    const user = await makeUser(['requester'], { person });
    assert.deepEqual(user.person, person);
    for (const reference of [user.id, String(user.number), user.username.toUpperCase()]) {
      assert.deepEqual(await app.ports.users.get(await as('userManager'), reference), user);
    }
    const other = await createCustomer(app, { roles: ['administrator'] });
    for (const reference of [user.id, String(user.number), user.username]) {
      await assert.rejects(app.ports.users.get(other.caller, reference), { code: 'notFound' });
    }
    const { credential } = await makeKey(app.operator, ['viewer'], user.id);
    assert.ok(credential.number > user.number, 'one sequence');
    const changed = await app.ports.credentials.change(app.operator, String(credential.number), {
      label: 'new',
    });
    assert.deepEqual({ ...changed, secretHash: credential.secretHash }, { ...credential, label: 'new' });
    await assert.rejects(app.ports.credentials.revoke(other.caller, String(credential.number)), {
      code: 'notFound',
    });
    await app.ports.credentials.revoke(app.operator, String(credential.number));
    await refused(() => app.ports.credentials.change(app.operator, credential.id, { label: 'x' }), {
      code: 'wrongState',
      message: /revoked/,
    });
  });

  it('change: roles, person, container', async () => {
    const [root] = await app.ports.containers.list(customer.caller);
    assert.ok(root);
    const user = await makeUser(['requester']);
    const by = await as('administrator');
    const change = { roles: ['viewer'], person, container: { number: root.number } } as const;
    const changed = await app.ports.users.change(by, user.username, change);
    assert.deepEqual(changed, { ...user, roles: ['viewer'], person, containerId: root.id });
    assert.deepEqual(await app.ports.users.get(by, user.id), changed);
    const other = await createCustomer(app, { roles: ['administrator'] });
    const [foreign] = await app.ports.containers.list(other.caller);
    const container = { number: foreign?.number ?? 0 };
    await refused(() => app.ports.users.change(by, user.id, { container }), { code: 'notFound' });
    await refused(() => makeUser(['viewer'], { container }), { code: 'notFound' });
    await refused(() => app.ports.users.change(by, user.id, { person: { ...person, phone: 'x'.repeat(200) } }), {
      code: 'invalidField',
      message: /phone must be at most 128/,
    });
    const { items } = await app.ports.events.list(app.operator, { limit: 5, subject: user.id });
    assert.equal(items[0]?.kind, 'user.changed');
    assert.doesNotMatch(JSON.stringify(items[0]?.data), /Valentine/, 'the log holds no persons');
  });

  it('a service user holds keys and never signs in', async () => {
    const service = await makeUser(['requester'], { kind: 'service' });
    assert.equal(service.kind, 'service');
    await makeKey(app.operator, ['requester'], service.id);
    const request = { dialect: 'encryption365', username: service.username, password: '', label: '' };
    await assert.rejects(app.ports.signIn.createDevice(request, origin), { code: 'unauthenticated' });
    await refused(() => makeUser(['requester'], { kind: 'service', password }), {
      code: 'invalidField',
      message: /service user never signs in/,
    });
  });

  it('a sign-in is remembered', async () => {
    const user = await makeUser(['requester'], { password });
    assert.equal(user.lastSignInAt, null);
    await app.advance(60);
    const request = { dialect: 'encryption365', username: user.username, password, label: '' };
    await app.ports.signIn.createDevice(request, origin);
    assert.deepEqual((await app.ports.users.get(app.operator, user.id)).lastSignInAt, app.clock.now());
  });

  it('stand behind what they did', async () => {
    const user = await makeUser(['requester']);
    const { credential } = await makeKey(app.operator, ['requester'], user.id);
    const { credential: program } = await makeKey(app.operator, ['requester']);
    const reader = await as('viewer');
    assert.deepEqual(await app.ports.users.actor(reader, user.id), { number: user.number, user, credential: null });
    const behind = await app.ports.users.actor(reader, credential.id);
    const ids = [behind?.number, behind?.user?.id, behind?.credential?.id];
    assert.deepEqual(ids, [user.number, user.id, credential.id]);
    const alone = await app.ports.users.actor(reader, program.id);
    assert.deepEqual([alone?.number, alone?.user, alone?.credential?.id], [program.number, null, program.id]);
    assert.equal(await app.ports.users.actor(reader, null), undefined);
    const other = await createCustomer(app);
    assert.equal(await app.ports.users.actor(other.caller, user.id), undefined);
    assert.equal(await app.ports.users.actor(other.caller, credential.id), undefined);
  });
});
