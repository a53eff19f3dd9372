/** Domains that an account keeps: proved before any order, by every way, for whoever waits. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { NewManagedDomain } from '../../../src/domain/ports/managed-domains.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  names,
  newReference,
  offering,
  origin,
  place,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { createMailFake, type MailFake, tokenIn } from '../../support/mail-fake.ts';
import { refused } from '../../support/refused.ts';

const dayMs = 86_400_000;
let app: TestApp;
let mail: MailFake;
let customer: Customer;
afterEach(() => app.close());

async function start(): Promise<void> {
  mail = createMailFake();
  app = await startTestApp({ mail });
  customer = await createCustomer(app, { roles: ['registrar', 'requester'] });
}

function domainFor(name: string, change: Partial<NewManagedDomain> = {}): NewManagedDomain {
  const [identifier] = names(name);
  assert.ok(identifier);
  return {
    name: identifier,
    organization: null,
    container: null,
    requestedLevels: ['ov'],
    proofReference: newReference(),
    preferredMethod: 'dnsTxt',
    ...change,
  };
}

const add = (name: string) => app.ports.managedDomains.add(customer.caller, domainFor(name));

describe('a domain of an account', () => {
  it('is added once, and shown with what proves it', async () => {
    await start();
    const view = await add('kept.example.com');
    assert.equal(view.authorization.state, 'pending');
    assert.equal(view.authorization.issuanceId, null);
    assert.equal(view.domain.authorizationId, view.authorization.id);
    assert.deepEqual(view.domain.requestedLevels, ['ov']);
    await assert.rejects(add('kept.example.com'), refused('alreadyExists'));
    assert.deepEqual(await app.ports.managedDomains.get(customer.caller, { number: view.domain.number }), view);
    assert.deepEqual(await app.ports.managedDomains.ensure(customer.caller, domainFor('kept.example.com')), view);
    const made = await app.ports.managedDomains.ensure(customer.caller, domainFor('other.example.com'));
    const page = { limit: 10, offset: 0 };
    const listed = async (query: object) => {
      const { items, total } = await app.ports.managedDomains.list(customer.caller, { ...page, ...query });
      assert.ok(total >= items.length);
      return items.map(({ domain }) => domain.name.value);
    };
    assert.deepEqual(await listed({}), ['other.example.com', 'kept.example.com']);
    assert.deepEqual(await listed({ text: { value: 'KEPT', isExact: false } }), ['kept.example.com']);
    assert.deepEqual(await listed({ text: { value: 'example.com', isExact: true } }), []);
    assert.deepEqual(await listed({ sort: [{ by: 'name', descending: false }], limit: 1 }), ['kept.example.com']);
    const changed = await app.ports.managedDomains.setState(customer.caller, { id: made.domain.id }, 'inactive');
    assert.equal(changed.domain.state, 'inactive');
    assert.deepEqual(await listed({ state: 'inactive' }), ['other.example.com']);
  });

  it('is refused for what is no domain, to those who may not, and to strangers', async () => {
    await start();
    const before = await app.tables();
    for (const name of ['*.example.com', '192.0.2.1']) await assert.rejects(add(name), refused('fieldInvalid'));
    await assert.rejects(add('co.uk'), refused('nameIsPublicSuffix'));
    const nothing = domainFor('a.example.com', { proofReference: offering(() => []).proofReference });
    await assert.rejects(app.ports.managedDomains.add(customer.caller, nothing), refused('nothingToProve'));
    const elsewhere = domainFor('a.example.com', { organization: { number: 1 } });
    await assert.rejects(app.ports.managedDomains.add(customer.caller, elsewhere), refused('notFound'));
    assert.deepEqual(await app.tables(), before);
    const { domain } = await add('kept.example.com');
    const other = await createCustomer(app, { roles: ['registrar'] });
    const reference = { id: domain.id };
    const requester = await createCaller(app, customer.account, { roles: ['requester'] });
    await assert.rejects(app.ports.managedDomains.add(requester, domainFor('b.example.com')), refused('roleMissing'));
    await assert.rejects(app.ports.managedDomains.remove(requester, reference), refused('roleMissing'));
    await assert.rejects(app.ports.managedDomains.get(other.caller, reference), refused('notFound'));
    await assert.rejects(app.ports.managedDomains.check(other.caller, reference), refused('notFound'));
    await assert.rejects(app.ports.managedDomains.remove(other.caller, reference), refused('notFound'));
    await assert.rejects(app.ports.managedDomains.setState(other.caller, reference, 'inactive'), refused('notFound'));
    assert.equal((await app.ports.managedDomains.list(other.caller, { limit: 9, offset: 0 })).total, 0);
  });

  it('is proved by what is found, for as long as a public certificate would let it serve', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    const reference = { id: domain.id };
    const first = await app.ports.managedDomains.check(customer.caller, reference);
    assert.equal(first.authorization.state, 'pending');
    assert.ok(first.authorization.checks.length > 0);
    app.checks.place('kept.example.com', 'dnsTxt');
    const proved = await app.ports.managedDomains.check(customer.caller, reference);
    assert.equal(proved.authorization.state, 'valid');
    assert.equal(proved.authorization.provedBy, 'dnsTxt');
    const { provedAt, validUntil } = proved.authorization;
    assert.equal((validUntil?.getTime() ?? 0) - (provedAt?.getTime() ?? 0), 199 * dayMs);
    const looks = app.checks.looks.length;
    assert.deepEqual(await app.ports.managedDomains.check(customer.caller, reference), proved);
    assert.equal(app.checks.looks.length, looks);
    const order = await place(app, customer.caller, ['kept.example.com']);
    await app.idle();
    assert.equal((await app.ports.orders.get(customer.caller, order.order)).issuance.state, 'issued');
    assert.equal(app.checks.looks.length, looks);
  });

  it('lets the orders go on that wait for it', async () => {
    await start();
    const order = await place(app, customer.caller, ['kept.example.com']);
    const other = await place(app, customer.caller, ['unlike-kept.example.com']);
    await app.idle();
    const { domain } = await add('kept.example.com');
    app.checks.place('kept.example.com', 'dnsTxt');
    const jobsBefore = await app.database.read.jobs.get('validate', other.issuance.id);
    await app.ports.managedDomains.check(customer.caller, { id: domain.id });
    await app.idle();
    assert.equal((await app.ports.orders.get(customer.caller, order.order)).issuance.state, 'issued');
    assert.deepEqual((await app.database.read.jobs.get('validate', other.issuance.id))?.runAt, jobsBefore?.runAt);
  });

  it('keeps a valid proof while new ones are awaited', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    const reference = { id: domain.id };
    app.checks.place('kept.example.com', 'dnsTxt');
    await app.ports.managedDomains.check(customer.caller, reference);
    const fresh = domainFor('kept.example.com', { preferredMethod: 'dnsCname' });
    const renewed = await app.ports.managedDomains.renewProofs(customer.caller, reference, {
      proofReference: fresh.proofReference,
      preferredMethod: fresh.preferredMethod,
    });
    assert.equal(renewed.authorization.state, 'pending');
    assert.equal(renewed.domain.proofReference, fresh.proofReference);
    assert.deepEqual(renewed.domain.requestedLevels, ['ov']);
    const order = await place(app, customer.caller, ['kept.example.com']);
    assert.notEqual(order.issuance.state, 'awaitingValidation');
    const again = await app.ports.managedDomains.check(customer.caller, reference);
    assert.equal(again.authorization.state, 'valid');
  });

  it('follows what an order proves of it', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    app.checks.place('kept.example.com', 'dnsTxt');
    await place(app, customer.caller, ['kept.example.com']);
    await app.idle();
    const view = await app.ports.managedDomains.get(customer.caller, { id: domain.id });
    assert.equal(view.authorization.state, 'valid');
  });

  it('proves nothing any more once it is removed', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    const reference = { id: domain.id };
    app.checks.place('kept.example.com', 'dnsTxt');
    await app.ports.managedDomains.check(customer.caller, reference);
    app.checks.remove('kept.example.com');
    await app.ports.managedDomains.remove(customer.caller, reference);
    await assert.rejects(app.ports.managedDomains.get(customer.caller, reference), refused('notFound'));
    const order = await place(app, customer.caller, ['kept.example.com']);
    assert.equal(order.issuance.state, 'awaitingValidation');
    assert.equal((await add('kept.example.com')).authorization.state, 'pending');
  });
});

describe('the domain of an order', () => {
  it('is made and looked at by whoever may order, and by registrars', async () => {
    await start();
    const rows = [
      ['requester', true],
      ['approver', true],
      ['administrator', true],
      ['registrar', true],
      ['userManager', false],
      ['viewer', false],
    ] as const;
    const { domain } = await add('kept.example.com');
    for (const [role, may] of rows) {
      const by = await createCaller(app, customer.account, { roles: [role] });
      const asks = [
        () => app.ports.managedDomains.ensure(by, domainFor(`${role.toLowerCase()}.example.com`)),
        () => app.ports.managedDomains.check(by, { id: domain.id }),
      ];
      for (const ask of asks) await (may ? ask() : assert.rejects(ask(), refused('roleMissing'), role));
    }
  });
});

describe('a domain that is removed', () => {
  it('proves nothing by an older proof either', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    const reference = { id: domain.id };
    app.checks.place('kept.example.com', 'dnsTxt');
    await app.ports.managedDomains.check(customer.caller, reference);
    app.checks.remove('kept.example.com');
    const { proofReference, preferredMethod } = domainFor('kept.example.com');
    const fresh = { proofReference, preferredMethod };
    const renewed = await app.ports.managedDomains.renewProofs(customer.caller, reference, fresh);
    assert.deepEqual([renewed.authorization.state, renewed.proof?.state], ['pending', 'valid']);
    await app.ports.managedDomains.remove(customer.caller, reference);
    const order = await place(app, customer.caller, ['www.kept.example.com']);
    assert.equal(order.issuance.state, 'awaitingValidation');
  });
});

describe('a domain by mail', () => {
  const choose = (domain: { readonly id: string }, address = 'admin@example.com') =>
    app.ports.managedDomains.chooseMethod(customer.caller, { id: domain.id }, { method: 'email', address });

  it('is confirmed by whoever reads its mail, and orders that wait go on', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    const order = await place(app, customer.caller, ['kept.example.com']);
    await app.idle();
    const chosen = await choose(domain);
    assert.equal(chosen.authorization.preferredMethod, 'email');
    await app.idle();
    const [sent] = mail.sent;
    assert.match(sent?.text ?? '', /kept\.example\.com/);
    assert.equal(sent?.to, 'admin@example.com');
    const token = tokenIn(sent?.text ?? '');
    const page = await app.ports.confirmations.show(token);
    assert.equal(page?.state, 'open');
    assert.deepEqual(
      [page?.confirms[0], page?.names, page?.orderNumber, page?.productName],
      ['kept.example.com', ['kept.example.com'], null, null],
    );
    assert.equal((await app.ports.confirmations.decide(token, 'confirm', origin))?.state, 'confirmed');
    await app.idle();
    const view = await app.ports.managedDomains.get(customer.caller, { id: domain.id });
    assert.equal(view.authorization.provedBy, 'email');
    assert.equal((await app.ports.orders.get(customer.caller, order.order)).issuance.state, 'issued');
    const events = await app.database.read.events.list({ accountId: null, subject: domain.id, limit: 9 });
    const kinds = events.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['validation.mailSent', 'validation.mailRequested', 'domain.added']);
  });

  it('is rejected there, and needs new proofs then', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    await choose(domain);
    await app.idle();
    await assert.rejects(choose(domain), refused('mailTooSoon'));
    await assert.rejects(choose(domain, 'someone@example.com'), refused('mailAddressNotAllowed'));
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'reject', origin))?.state, 'rejected');
    const view = await app.ports.managedDomains.get(customer.caller, { id: domain.id });
    assert.equal(view.authorization.state, 'invalid');
    await assert.rejects(choose(domain), refused('wrongState'));
  });

  it('leads nowhere once the domain is removed', async () => {
    await start();
    const { domain } = await add('kept.example.com');
    await choose(domain);
    await app.idle();
    await app.ports.managedDomains.remove(customer.caller, { id: domain.id });
    assert.equal((await app.ports.confirmations.show(mail.token()))?.state, 'over');
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'confirm', origin))?.state, 'over');
  });
});

describe('the proof of a domain', () => {
  async function proved(method: 'dnsTxt' | 'httpFile'): Promise<void> {
    await start();
    const { domain } = await add('example.com');
    app.checks.place('example.com', method);
    const view = await app.ports.managedDomains.check(customer.caller, { id: domain.id });
    assert.equal(view.authorization.provedBy, method);
  }
  const see = async (texts: readonly string[], productCode = '100') => {
    const { order } = await place(app, customer.caller, texts, { productCode });
    await app.idle();
    return app.ports.orders.get(customer.caller, order);
  };

  it('by DNS serves names below it and wildcards, and each is shown by its own name', async () => {
    await proved('dnsTxt');
    const looks = app.checks.looks.length;
    const texts = ['example.com', 'www.example.com', 'a.b.example.com', '*.example.com', '*.b.example.com'];
    const view = await see(texts, '100');
    assert.equal(view.issuance.state, 'issued');
    assert.deepEqual(view.certificate?.names, texts);
    assert.deepEqual(
      view.authorizations.map(({ identifier, state }) => [identifier.value, state]),
      texts.map((text) => [text, 'valid']),
    );
    assert.equal(new Set(view.authorizations.map(({ id }) => id)).size, 1);
    assert.equal(app.checks.looks.length, looks);
    assert.equal((await see(['anexample.com'])).issuance.state, 'awaitingValidation');
  });

  it('by file serves the name itself, and its wildcard where the profile has it so', async () => {
    await proved('httpFile');
    assert.equal((await see(['example.com', '*.example.com'])).issuance.state, 'issued');
    const below = await see(['www.example.com']);
    assert.equal(below.issuance.state, 'awaitingValidation');
    assert.equal(below.authorizations[0]?.state, 'pending');
  });

  it('that comes later lets names below it go on, whatever else they wait for', async () => {
    await start();
    const waiting = await see(['www.example.com', '*.deep.example.com', 'elsewhere.example.org']);
    const { domain } = await add('example.com');
    app.checks.place('example.com', 'dnsTxt');
    await app.ports.managedDomains.check(customer.caller, { id: domain.id });
    await app.idle();
    const half = await app.ports.orders.get(customer.caller, waiting.order);
    assert.deepEqual(
      half.authorizations.map(({ state }) => state),
      ['valid', 'valid', 'pending'],
    );
    const removed = await app.ports.orders.removeNames(customer.caller, waiting.order, 'unproved');
    assert.deepEqual(removed.issuance.names.length, 2);
    await app.idle();
    assert.equal((await app.ports.orders.get(customer.caller, waiting.order)).issuance.state, 'issued');
  });

  it('that runs out while other names are awaited is asked for again, by what proves the names it served', async () => {
    await proved('dnsTxt');
    app = await app.restart({ afterSeconds: 199 * 86_400 - 30 });
    app.checks.remove('example.com');
    const { order } = await place(app, customer.caller, ['www.example.com', 'x.example.org']);
    assert.deepEqual(
      (await app.ports.orders.get(customer.caller, order)).authorizations.map(({ state }) => state),
      ['valid', 'pending'],
    );
    await app.advance(60);
    const stale = await app.ports.orders.get(customer.caller, order);
    assert.deepEqual(
      stale.authorizations.map(({ state }) => state),
      ['pending', 'pending'],
    );
    const methods = stale.authorizations[0]?.challenges.map(({ method }) => method);
    assert.deepEqual(methods, ['dnsCname', 'dnsTxt', 'email']);
    app.checks.place('example.com', 'dnsTxt');
    app.checks.place('x.example.org');
    await app.advance(120);
    assert.equal((await app.ports.orders.get(customer.caller, order)).issuance.state, 'issued');
  });

  it('is of its account alone', async () => {
    await proved('dnsTxt');
    const other = await createCustomer(app);
    const view = await place(app, other.caller, ['www.example.com']);
    assert.equal(view.issuance.state, 'awaitingValidation');
  });
});
