/** Organizations: who may add them, who verifies them, and the orders that wait for that. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { nobody } from '../../../src/domain/account.ts';
import type { Caller, Reference } from '../../../src/domain/caller.ts';
import type { Organization, OrganizationLevel } from '../../../src/domain/organization.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { noRegistration } from '../../../src/domain/registration.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  names,
  newReference,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
let registrar: Caller;
let stranger: Customer;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 100_000_00 });
  registrar = await createCaller(app, customer.account, { dialect: 'native', roles: ['registrar'] });
  stranger = await createCustomer(app, { roles: ['administrator', 'requester'], balanceMinor: 100_000_00 });
});
afterEach(() => app.close());

const details = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' } as const;
const company = { ...details, businessCategory: 'Private Organization', jurisdictionCountry: 'CN' } as const;
const jill = { ...nobody, firstName: 'Jill', lastName: 'Valentine', email: 'jill@example.com' };
const add = (change: object = {}, by = registrar) => app.ports.organizations.add(by, { details, ...change });
const verify = (reference: Reference, level: OrganizationLevel = 'ov', change: object = {}) =>
  app.ports.organizations.verify(app.operator, reference, { level, verified: true, note: 'register', ...change });
const ov = { productCode: '118', organization: details } as const;
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const daysFromNow = (days: number) => new Date(app.clock.now().getTime() + days * 86_400_000);
const daysPass = async (days: number) => {
  app = await app.restart({ afterSeconds: days * 86_400 });
};
const events = async (subject: string) =>
  (await app.ports.events.list(app.operator, { limit: 50, subject })).items.map(({ kind }) => kind).toReversed();

/** What an EV subject says beside the details. */
function registrationOf({ issuance, certificate }: OrderView): readonly string[] {
  assert.equal(issuance.state, 'issued');
  const { attributes } = parseCertificate(certificate?.der ?? Buffer.alloc(0)).subject;
  const shown = ['businessCategory', 'jurisdictionC', 'jurisdictionST', 'serialNumber'];
  return attributes.filter(({ type }) => shown.includes(type)).map(({ type, value }) => `${type}=${value}`);
}

async function refused(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

describe('an organization', () => {
  it('is added with its contacts, in a container, and asked for verification', async () => {
    const user = await app.ports.users.create(app.operator, {
      accountId: customer.account.id,
      username: 'chris@example.com',
      password: null,
      roles: ['requester'],
      person: { ...nobody, firstName: 'Chris', lastName: 'Redfield', email: 'chris@example.com' },
    });
    const [root] = await app.ports.containers.list(registrar);
    assert.ok(root);
    const organization = await add({
      details: { ...details, name: ' Example Ltd ', country: 'cn', unit: '' },
      container: { number: root.number },
      contacts: [
        { ...jill, role: 'organization' },
        { ...nobody, jobTitle: 'Officer', role: 'technical', userNumber: user.number },
      ],
      levels: ['ov'],
    });
    assert.deepEqual(organization.details, details);
    assert.equal(organization.containerId, root.id);
    const [chris, first] = organization.contacts;
    assert.deepEqual(chris, {
      ...user.person,
      jobTitle: 'Officer',
      number: user.number,
      role: 'technical',
      userId: user.id,
    });
    assert.deepEqual(first, { ...jill, role: 'organization', userId: null, number: first?.number });
    assert.ok((first?.number ?? 0) > user.number);
    assert.deepEqual(
      organization.validations.map(({ level, state, validUntil }) => ({ level, state, validUntil })),
      [{ level: 'ov', state: 'pending', validUntil: null }],
    );
    assert.deepEqual(await events(organization.id), ['organization.added', 'organization.verificationAsked']);
    assert.deepEqual(await app.ports.organizations.get(customer.caller, organization), organization);
    const byNumber = await app.ports.organizations.get(app.operator, { number: organization.number });
    assert.deepEqual(byNumber, organization);
  });

  it('is of its account: others neither see nor change it', async () => {
    const { id, number } = await add();
    const missing = { code: 'notFound', message: /organization/ };
    for (const reference of [{ id }, { number }]) {
      await refused(() => app.ports.organizations.get(stranger.caller, reference), missing);
      await refused(() => app.ports.organizations.setState(stranger.caller, reference, 'inactive'), missing);
      await refused(
        () => app.ports.organizations.askForVerification(stranger.caller, reference, { levels: ['ov'] }),
        missing,
      );
      await refused(() => app.ports.organizations.remove(stranger.caller, reference), missing);
      await refused(
        () => place(app, stranger.caller, ['a.example'], { productCode: '118', organization: reference }),
        missing,
      );
    }
    const query = { limit: 10, offset: 0 };
    assert.deepEqual(await app.ports.organizations.list(stranger.caller, query), { items: [], total: 0 });
    const user = await app.ports.users.create(app.operator, {
      accountId: stranger.account.id,
      username: 'other@example.com',
      password: null,
      roles: ['viewer'],
    });
    const contacts = [{ ...nobody, role: 'technical', userNumber: user.number }];
    await refused(() => add({ contacts, allowDuplicate: true }), { code: 'notFound', message: /contact/ });
    const [foreign] = await app.ports.containers.list(stranger.caller);
    const container = { id: foreign?.id };
    await refused(() => add({ container, allowDuplicate: true }), { code: 'notFound', message: /container/ });
  });

  it('is added once, unless a second one is wanted', async () => {
    await add();
    await refused(() => add(), { code: 'conflict', message: /"Example Ltd" already exists/ });
    await add({ allowDuplicate: true });
    await add({ details: { ...details, city: 'Beijing' } });
    await add({}, stranger.caller);
    assert.equal((await app.ports.organizations.list(registrar, { limit: 1, offset: 0 })).total, 3);
  });

  const badDetails: readonly (readonly [object, RegExp])[] = [
    [{ name: ' ' }, /^organization\.name is required$/],
    [{ city: '' }, /^organization\.city is required$/],
    [{ country: 'China' }, /^organization\.country must be a country of ISO 3166-1.*"China"$/],
    [{ country: 'XX' }, /^organization\.country must be a country/],
    [{ country: 'UK' }, /^organization\.country must be a country/], // reserved, not assigned: the code is GB
    [{ name: 'x'.repeat(65) }, /^organization\.name must be at most 64 printable characters/],
    [{ name: '𠮷'.repeat(65) }, /^organization\.name must be at most 64 printable characters/],
    [{ street: 'a\u202eb' }, /^organization\.street must be text without control, formatting/],
    [{ street: 'a\ue000b' }, /^organization\.street must be text without control, formatting or private/],
    [{ city: '.' }, /^organization\.city must be left out, or text that says something.*"\."$/],
    [{ state: ' - ' }, /^organization\.state must be left out, or text that says something.*"-"$/],
    [{ name: 'N/A' }, /^organization\.name must be left out, or text that says something.*"N\/A"$/],
    [{ state: 'Some-State' }, /^organization\.state must be left out, or text that says something.*"Some-State"$/],
    [{ name: 'Internet Widgits Pty Ltd' }, /^organization\.name must be left out, or text that says something/],
    [{ city: 'Default City' }, /^organization\.city must be left out, or text that says something/],
    [{ postalCode: 'none' }, /^organization\.postalCode must be left out/],
    [{ street: '不适用' }, /^organization\.street must be left out/],
    [{ businessCategory: 'Company' }, /^organization\.businessCategory must be Private Organization or .*"Company"$/],
    [{ jurisdictionCountry: 'EU' }, /^organization\.jurisdictionCountry must be a country/],
    [{ jurisdictionState: 'Bayern' }, /^organization\.jurisdictionState must be left out unless jurisdictionCountry/],
    [
      { jurisdictionCountry: 'DE', jurisdictionLocality: 'Ulm' },
      /^organization\.jurisdictionLocality must be left out unless jurisdictionState/,
    ],
    [{ organizationIdentifier: 'HRB4711' }, /^organization\.organizationIdentifier must be an identifier such as/],
  ];
  for (const [change, message] of badDetails) {
    it(`is refused with ${JSON.stringify(change).slice(0, 40)}`, () =>
      refused(() => add({ details: { ...details, ...change } }), { code: 'invalidField', message }));
  }

  it('is kept composed, and may leave dashes where no certificate repeats them', async () => {
    const sent = { ...details, name: 'Cafe\u0301 GmbH', city: 'None', unit: '-', phone: '-' };
    const { details: kept } = await add({ details: sent });
    assert.deepEqual(kept, { ...details, name: 'Caf\u00e9 GmbH', city: 'None', unit: '-', phone: '-' });
    // 64 characters, which are 128 halves of pairs.
    assert.equal((await add({ details: { ...details, name: '𠮷'.repeat(64) } })).details.name.length, 128);
  });

  it('is another one where only what EV says of it is another', async () => {
    await add();
    await add({ details: { ...company, businessCategory: 'Business Entity' } });
    await refused(() => add({ details: { ...company, businessCategory: 'business entity' } }), { code: 'conflict' });
  });

  it('is refused with a contact who has no name', async () => {
    await refused(() => add({ contacts: [{ ...nobody, role: 'technical' }] }), {
      code: 'invalidField',
      message: /contact\.email is required/,
    });
  });

  it('is for registrars and administrators to change, for everybody to read', async () => {
    const organization = await add();
    for (const roles of [['requester'], ['approver'], ['viewer'], ['userManager']] as const) {
      const by = await createCaller(app, customer.account, { dialect: 'native', roles });
      const forbidden = { code: 'forbidden', message: /registrar/ };
      await refused(() => add({ details: { ...details, city: 'X' } }, by), forbidden);
      await refused(() => app.ports.organizations.setState(by, organization, 'inactive'), forbidden);
      await refused(() => app.ports.organizations.askForVerification(by, organization, { levels: ['ov'] }), forbidden);
      await refused(() => app.ports.organizations.remove(by, organization), forbidden);
      assert.deepEqual(await app.ports.organizations.get(by, organization), organization);
    }
    await refused(() => add({}, app.operator), { code: 'forbidden', message: /done for an account/ });
    const forOther = await add({}, await app.ports.signIn.actFor(app.operator, stranger.account.id));
    assert.equal(forOther.accountId, stranger.account.id);
  });

  it('is verified by the operator alone, for 398 days or fewer', async () => {
    const organization = await add({ levels: ['ov'] });
    const administrator = await createCaller(app, customer.account, { dialect: 'native', roles: ['administrator'] });
    const decision = { level: 'ov', verified: true, note: 'mine' } as const;
    await refused(() => app.ports.organizations.verify(administrator, organization, decision), {
      code: 'forbidden',
      message: /operator/,
    });
    const [validation] = (await verify(organization)).validations;
    assert.deepEqual(validation, {
      level: 'ov',
      state: 'valid',
      askedAt: organization.validations[0]?.askedAt,
      decidedAt: app.clock.now(),
      decidedBy: app.operator.actor,
      note: 'register',
      validUntil: daysFromNow(398),
      ...noRegistration,
    });
    assert.deepEqual((await verify(organization, 'ov', { days: 30 })).validations[0]?.validUntil, daysFromNow(30));
    assert.deepEqual((await verify(organization, 'ov', { days: 4000 })).validations[0]?.validUntil, daysFromNow(398));
    await refused(() => verify(organization, 'ov', { days: 0 }), { code: 'invalidField', message: /days.*"0"/ });
    await refused(() => verify(organization, 'ov', { note: 'x'.repeat(2001) }), {
      code: 'invalidField',
      message: /note/,
    });
    const rejected = await verify(organization, 'ov', { verified: false, note: 'moved' });
    assert.deepEqual([rejected.validations[0]?.state, rejected.validations[0]?.validUntil], ['rejected', null]);
    await refused(() => verify(organization, 'ov', { verified: false }), { code: 'wrongState', message: /rejected/ });
  });

  const badFindings: readonly (readonly [string, OrganizationLevel, object, RegExp])[] = [
    ['no number', 'ev', {}, /^registrationNumber is required for an EV certificate$/],
    ['a blank number', 'ev', { registrationNumber: ' ' }, /^registrationNumber is required for an EV certificate$/],
    ['a number that no subject can hold', 'ev', { registrationNumber: '沪4711' }, /^registrationNumber .*"沪4711"/],
    ['a number that is too long', 'ev', { registrationNumber: '9'.repeat(65) }, /^registrationNumber .*at most 64/],
    [
      'a day that is too long',
      'ev',
      { registrationNumber: '1', incorporatedOn: '9'.repeat(65) },
      /incorporatedOn must be at most 64/,
    ],
    ['a number for OV', 'ov', { registrationNumber: '4711' }, /^registrationNumber must be left out .*"4711"/],
    ['a day for OV', 'ov', { incorporatedOn: '2001-02-03' }, /^incorporatedOn must be left out .*"2001-02-03"/],
    [
      'a number in a rejection',
      'ev',
      { registrationNumber: '4711', verified: false },
      /^registrationNumber must be left out/,
    ],
  ];
  for (const [what, level, findings, message] of badFindings) {
    it(`is not verified with ${what}`, async () => {
      const organization = await add({ levels: ['ov', 'ev'] });
      await refused(() => verify(organization, level, findings), { code: 'invalidField', message });
    });
  }

  it('is verified for EV with the number of its details, or with the one that was found', async () => {
    const registered = { ...company, registrationNumber: '沪4711', incorporatedOn: '2001' };
    const organization = await add({ details: registered, levels: ['ev'] });
    await refused(() => verify(organization, 'ev'), {
      code: 'invalidField',
      message: /^registrationNumber .*"沪4711"/,
    });
    const corrected = await verify(organization, 'ev', { registrationNumber: ' 4711 ' });
    assert.deepEqual(corrected.details, registered);
    const { registrationNumber, incorporatedOn } = corrected.validations[0] ?? {};
    assert.deepEqual([registrationNumber, incorporatedOn], ['4711', '2001']);
    const rejected = await verify(organization, 'ev', { verified: false });
    assert.equal(rejected.validations[0]?.registrationNumber, null);
    const other = await add({ details: { ...company, registrationNumber: '4712' } });
    assert.equal((await verify(other, 'ev')).validations[0]?.registrationNumber, '4712');
  });

  it('is asked for again once its verification was refused or ran out, not before', async () => {
    const organization = await add({ levels: ['ov'] });
    const ask = () => app.ports.organizations.askForVerification(registrar, organization, { levels: ['ov'] });
    const stateOf = ({ validations }: Organization) => validations.map(({ state }) => state).join();
    const awaiting = async () =>
      (await app.ports.organizations.list(app.operator, { limit: 5, offset: 0, isAwaitingVerification: true })).total;
    assert.equal(await awaiting(), 1);
    await verify(organization);
    assert.equal(await awaiting(), 0);
    assert.equal(stateOf(await ask()), 'valid');
    await verify(organization, 'ov', { verified: false });
    assert.equal(stateOf(await ask()), 'pending');
    await verify(organization, 'ov', { days: 1 });
    await daysPass(2);
    assert.equal(stateOf(await ask()), 'pending');
    assert.equal(await awaiting(), 1);
  });

  it('is put away and taken out again; asking for it needs it active', async () => {
    const organization = await add();
    const put = (state: Organization['state']) => app.ports.organizations.setState(registrar, organization, state);
    assert.equal((await put('inactive')).state, 'inactive');
    assert.equal((await put('inactive')).state, 'inactive');
    await refused(() => app.ports.organizations.askForVerification(registrar, organization, { levels: ['ov'] }), {
      code: 'wrongState',
      message: /inactive/,
    });
    assert.equal((await put('active')).state, 'active');
    assert.deepEqual(await events(organization.id), [
      'organization.added',
      'organization.changed',
      'organization.changed',
    ]);
  });

  it('is removed unless an order, a domain or a key for ACME clients names it', async () => {
    const unused = await add({ contacts: [{ ...jill, role: 'technical' }], levels: ['ov'] });
    await app.ports.organizations.remove(registrar, unused);
    await assert.rejects(app.ports.organizations.get(registrar, unused), { code: 'notFound' });
    const { order } = await place(app, customer.caller, ['a.example'], ov);
    const used = { id: order.organizationId ?? '' };
    await refused(() => app.ports.organizations.remove(registrar, used), { code: 'wrongState', message: /in use/ });
    const ofDomain = await add({ allowDuplicate: true });
    const [name] = names('kept.example');
    assert.ok(name);
    await app.ports.managedDomains.add(registrar, {
      name,
      organization: ofDomain,
      container: null,
      requestedLevels: [],
      proofReference: newReference(),
      preferredMethod: 'dnsTxt',
    });
    const ofKey = await add({ allowDuplicate: true });
    await app.ports.externalAccountKeys.add(await createCaller(app, customer.account, { roles: ['administrator'] }), {
      name: 'acme',
      productCode: '118',
      organization: ofKey,
      coverage: { unit: 'years', count: 1 },
      settings: {},
    });
    for (const organization of [ofDomain, ofKey]) {
      await refused(() => app.ports.organizations.remove(registrar, organization), {
        code: 'wrongState',
        message: /in use/,
      });
    }
  });
});

describe('an order of an organization', () => {
  it('waits, with every name proved, until the operator has verified it', async () => {
    const waiting = await issue(app, customer.caller, ['ov.example'], ov);
    assert.equal(waiting.issuance.state, 'awaitingValidation');
    assert.deepEqual(waiting.order.organization, details);
    assert.equal(waiting.organization?.id, waiting.order.organizationId);
    assert.deepEqual(
      waiting.organization?.validations.map(({ level, state }) => [level, state]),
      [['ov', 'pending']],
    );
    assert.deepEqual(
      waiting.authorizations.map(({ state }) => state),
      ['valid'],
    );
    await daysPass(40);
    assert.equal((await see(waiting)).issuance.state, 'awaitingValidation', 'the operator may take their time');
    const looks = app.checks.looks.length;
    await see(waiting);
    await app.idle();
    assert.equal(app.checks.looks.length, looks, 'a poll looks for nothing');

    await app.ports.organizations.verify(
      app.operator,
      { id: waiting.order.organizationId ?? '' },
      {
        level: 'ov',
        verified: false,
        note: 'no such company',
      },
    );
    await app.idle();
    assert.equal((await see(waiting)).issuance.state, 'awaitingValidation', 'a rejection leaves it waiting');

    await verify({ id: waiting.order.organizationId ?? '' });
    await app.idle();
    const issued = await see(waiting);
    assert.deepEqual([issued.order.state, issued.issuance.state], ['active', 'issued']);
  });

  it('asks for the verification that nobody has asked for yet', async () => {
    const { id, validations } = await add({ details: { ...details, name: 'Unasked Ltd' } });
    assert.deepEqual(validations, []);
    const placed = await place(app, customer.caller, ['a.example'], { ...ov, organization: { id } });
    const found = await app.ports.organizations.list(app.operator, {
      limit: 9,
      offset: 0,
      isAwaitingVerification: true,
    });
    assert.ok(found.items.some((one) => one.id === id));
    assert.deepEqual(
      placed.organization?.validations.map(({ level, state }) => [level, state]),
      [['ov', 'pending']],
    );
  });

  it('waits for its names as well', async () => {
    const waiting = await place(app, customer.caller, ['later.example'], ov);
    await verify({ id: waiting.order.organizationId ?? '' });
    await app.advance(60);
    assert.equal((await see(waiting)).issuance.state, 'awaitingValidation');
    app.checks.place('later.example');
    await app.advance(120);
    assert.equal((await see(waiting)).issuance.state, 'issued');
  });

  it('is issued in one go when names and organization are known', async () => {
    const { order } = await issue(app, customer.caller, ['one.example'], ov);
    await verify({ id: order.organizationId ?? '' });
    await app.idle();
    const second = await place(app, customer.caller, ['one.example'], ov);
    assert.equal(second.issuance.state, 'issuing');
    assert.equal(second.order.organizationId, order.organizationId, 'the same details, the same organization');
    const byNumber = await place(app, customer.caller, ['one.example'], {
      productCode: '118',
      organization: { number: second.organization?.number ?? 0 },
    });
    assert.equal(byNumber.issuance.state, 'issuing');
    assert.deepEqual(byNumber.order.organization, details);
  });

  it('waits again when the verification has run out, reissues too, and the operator is asked', async () => {
    const first = await issue(app, customer.caller, ['out.example'], ov);
    await verify({ id: first.order.organizationId ?? '' }, 'ov', { days: 10 });
    await app.idle();
    assert.equal((await see(first)).issuance.state, 'issued');
    await daysPass(11);
    const again = await app.ports.issuances.reissue(customer.caller, first.order, await reissueFor(['out.example']));
    assert.equal(again.issuance.state, 'awaitingValidation');
    assert.deepEqual(
      again.organization?.validations.map(({ state }) => state),
      ['pending'],
    );
    await verify({ id: first.order.organizationId ?? '' });
    await app.idle();
    assert.equal((await see(first)).issuance.state, 'issued');
  });

  it('whose verification runs out while its names are awaited is shown to the operator, once', async () => {
    const organization = await add();
    await verify(organization, 'ov', { days: 10 });
    const view = await place(app, customer.caller, ['slow.example'], ov);
    assert.equal(view.order.organizationId, organization.id);
    await daysPass(11);
    app.checks.place('slow.example');
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'awaitingValidation');
    const waiting = { limit: 10, offset: 0, isAwaitingVerification: true };
    assert.equal((await app.ports.organizations.list(app.operator, waiting)).items[0]?.id, organization.id);
    await verify(organization, 'ov', { verified: false });
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    assert.equal((await app.ports.organizations.list(app.operator, waiting)).total, 0, 'a refusal stands');
    await verify(organization);
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('who is verified for EV is for OV, not the other way round', async () => {
    const registered = { ...company, registrationNumber: '91310000MA1K00000X' };
    const organization = await add({ details: registered, levels: ['ov', 'ev'] });
    await verify(organization, 'ov');
    const ev = await issue(app, customer.caller, ['ev.example'], { productCode: '128', organization });
    assert.equal(ev.issuance.state, 'awaitingValidation');
    await verify(organization, 'ov', { verified: false });
    await verify(organization, 'ev');
    await app.idle();
    assert.equal((await see(ev)).issuance.state, 'issued');
    const after = await issue(app, customer.caller, ['ev.example'], { productCode: '118', organization });
    assert.equal(after.issuance.state, 'issued');
  });

  it('goes on after a crash between the decision and the work', async () => {
    const waiting = await issue(app, customer.caller, ['crash.example'], ov);
    await app.idle();
    let other = await app.restart({ works: false });
    await other.ports.organizations.verify(
      other.operator,
      { id: waiting.order.organizationId ?? '' },
      {
        level: 'ov',
        verified: true,
        note: '',
      },
    );
    other = await other.restart();
    await other.idle();
    assert.equal((await other.ports.orders.get(customer.caller, waiting.order)).issuance.state, 'issued');
    app = other;
  });

  it('is refused for an inactive one, by number and by its details', async () => {
    const { id, number } = await add();
    await app.ports.organizations.setState(registrar, { id }, 'inactive');
    const inactive = { code: 'wrongState', message: new RegExp(`organization ${number} is inactive`) };
    for (const organization of [{ number }, details]) {
      await refused(() => place(app, customer.caller, ['a.example'], { productCode: '118', organization }), inactive);
    }
    const active = await add({ allowDuplicate: true });
    const { order } = await place(app, customer.caller, ['a.example'], ov);
    assert.equal(order.organizationId, active.id, 'another one with the same details serves');
  });

  it('for EV says the number that was found while it was verified, and its reissues do', async () => {
    const ev = { productCode: '128', organization: company } as const;
    const waiting = await issue(app, customer.caller, ['number.example'], ev);
    assert.equal(waiting.issuance.state, 'awaitingValidation');
    const reference = { id: waiting.order.organizationId ?? '' };
    await refused(() => verify(reference, 'ev'), { code: 'invalidField', message: /^registrationNumber is required/ });
    assert.equal((await see(waiting)).issuance.state, 'awaitingValidation');
    await verify(reference, 'ev', { registrationNumber: '91310000MA1K00000X' });
    await app.idle();
    const registered = ['businessCategory=Private Organization', 'jurisdictionC=CN', 'serialNumber=91310000MA1K00000X'];
    assert.deepEqual(registrationOf(await see(waiting)), registered);
    assert.deepEqual((await see(waiting)).order.organization, company, 'what the customer said stays');

    // The same details find it again, and nothing is waited for.
    const second = await issue(app, customer.caller, ['number.example'], ev);
    assert.equal(second.order.organizationId, waiting.order.organizationId);
    assert.deepEqual(registrationOf(second), registered);

    await verify(reference, 'ev', { registrationNumber: '91310000MA1K00000Y' });
    await app.ports.issuances.reissue(customer.caller, waiting.order, await reissueFor(['number.example']));
    await app.idle();
    assert.equal(registrationOf(await see(waiting))[2], 'serialNumber=91310000MA1K00000Y');
    const lower = await issue(app, customer.caller, ['number.example'], ov);
    assert.deepEqual(registrationOf(lower), [], 'an OV subject says nothing of it');
  });

  it('for EV is refused before anything is charged where nobody said what the subject must say', async () => {
    const lacking = await add();
    const half = await add({ details: { ...details, city: 'Beijing', businessCategory: 'Government Entity' } });
    const rows = [
      [{ id: lacking.id }, /organization\.businessCategory of organization \d+, which has none.*organization verify/],
      [{ id: half.id }, /organization\.jurisdictionCountry of organization \d+, which has none/],
      [details, /organization\.businessCategory of organization/],
    ] as const;
    for (const [organization, message] of rows) {
      await refused(() => place(app, customer.caller, ['lacks.example'], { productCode: '128', organization }), {
        code: 'invalidField',
        message,
      });
    }
    // The way out: the operator says what the register says.
    const found = { registrationNumber: '1', businessCategory: 'Government Entity', jurisdictionCountry: 'cn' };
    await verify(lacking, 'ev', found);
    const { order } = await place(app, customer.caller, ['lacks.example'], {
      productCode: '128',
      organization: details,
    });
    assert.equal(order.organizationId, lacking.id);
  });

  it('for EV says what was found, whatever the customer proposed, and another jurisdiction as a whole', async () => {
    const proposed = { ...company, jurisdictionState: 'Shaanxi', registrationNumber: '1' };
    const ev = { productCode: '128', organization: proposed } as const;
    const waiting = await issue(app, customer.caller, ['found.example'], ev);
    const reference = { id: waiting.order.organizationId ?? '' };
    await verify(reference, 'ev', { businessCategory: 'Business Entity', jurisdictionCountry: 'HK' });
    await app.idle();
    const said = ['businessCategory=Business Entity', 'jurisdictionC=HK', 'serialNumber=1'];
    assert.deepEqual(registrationOf(await see(waiting)), said);
    // Verified again without a word on it: what was found stays found, and the same details find it.
    await verify(reference, 'ev');
    const second = await issue(app, customer.caller, ['found.example'], ev);
    assert.equal(second.order.organizationId, reference.id);
    assert.deepEqual(registrationOf(second), said);
  });

  it('for EV has the identifier in its subject and in its extension', async () => {
    const identified = { ...company, registrationNumber: '1', organizationIdentifier: 'VATFR-12345678901' };
    const organization = await add({ details: identified, levels: ['ev'] });
    await verify(organization, 'ev');
    const { certificate } = await issue(app, customer.caller, ['id.example'], { productCode: '128', organization });
    const { subject, organizationIdentifier } = parseCertificate(certificate?.der ?? Buffer.alloc(0));
    const inSubject = subject.attributes.find(({ type }) => type === 'organizationIdentifier')?.value;
    assert.deepEqual([inSubject, organizationIdentifier], ['VATFR-12345678901', 'VATFR-12345678901']);
  });

  it('for EV is asked for again when its verification ran out, and what was found serves', async () => {
    const organization = await add({ levels: ['ev'] });
    const found = { registrationNumber: '1', businessCategory: 'Government Entity', jurisdictionCountry: 'CN' };
    await verify(organization, 'ev', { ...found, days: 1 });
    await daysPass(2);
    for (const name of ['again.example', 'once-more.example']) {
      const view = await issue(app, customer.caller, [name], { productCode: '128', organization });
      assert.equal(view.issuance.state, 'awaitingValidation');
    }
    const [validation] = (await verify(organization, 'ev')).validations;
    assert.equal(validation?.businessCategory, 'Government Entity');
  });

  it('follows the approval of the account, then waits for the operator', async () => {
    await app.ports.accounts.change(app.operator, customer.account.id, { approval: 'manual' });
    const approver = await createCaller(app, customer.account, { dialect: 'native', roles: ['approver'] });
    app.checks.place('both.example');
    const view = await place(app, customer.caller, ['both.example'], ov);
    assert.equal(view.issuance.state, 'awaitingApproval');
    await verify({ id: view.order.organizationId ?? '' });
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'awaitingApproval');
    await app.ports.approvals.decide(approver, { order: view.order }, { approve: true, note: '' });
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('a DV order may name one and waits for nobody', async () => {
    const view = await issue(app, customer.caller, ['dv.example'], { organization: await add() });
    assert.equal(view.issuance.state, 'issued');
    assert.deepEqual(view.organization?.validations, []);
  });
});
