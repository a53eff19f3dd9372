/** What a proof serves besides the issuance that asked for it, by the binding of its challenge, and what else decides about that. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Authorization } from '../../../src/domain/authorization.ts';
import type { Binding, Challenge } from '../../../src/domain/challenge.ts';
import type { Identifier } from '../../../src/domain/identifier.ts';
import { newId, nextId } from '../../../src/domain/ids.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { keyHashOf } from '../../../src/pki/csr.ts';
import {
  byMailTo,
  type Customer,
  challengesFor,
  createCustomer,
  issue,
  names,
  newReference,
  offering,
  origin,
  place,
  reissueFor,
  startTestApp,
  steadyProfiles,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createMailFake, type MailFake, tokenIn } from '../../support/mail-fake.ts';
import { refused } from '../../support/refused.ts';
import { createSubscriber } from '../../support/subscriber.ts';

const daySeconds = 86_400;
let app: TestApp;
let mail: MailFake;
let customer: Customer;
let key: Uint8Array;
let otherKey: Uint8Array;
afterEach(() => app.close());

async function begin(options: TestAppOptions = {}): Promise<void> {
  mail = createMailFake();
  app = await startTestApp({ mail, ...options });
  customer = await createCustomer(app, { balanceMinor: 10_000_00, roles: ['requester', 'registrar'] });
  [key, otherKey] = [(await createSubscriber('a.example')).csrDer, (await createSubscriber('b.example')).csrDer];
}

/** The test harness's challenges, as far as something is looked for, of another binding. */
const bound =
  (binding: Binding) =>
  (identifier: Identifier): readonly Challenge[] =>
    challengesFor(identifier).flatMap((one) => (one.method === 'email' ? [] : [{ ...one, binding }]));

/** For orders whose challenges have this binding. */
const offeringBound = (binding: Binding): Pick<PlaceOrder, 'dialectData'> => ({
  dialectData: offering(bound(binding)).dialectData,
});

const request = offeringBound('request');
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const stateOf = async (view: OrderView) => (await see(view)).issuance.state;

/** Issued with one look, and nothing is there to be found after that. */
async function issuedOnce(texts: readonly string[], change: Partial<PlaceOrder>): Promise<OrderView> {
  const view = await issue(app, customer.caller, texts, change);
  assert.equal(view.issuance.state, 'issued');
  for (const name of names(...texts)) app.checks.remove(name.value);
  return view;
}

const next = (texts: readonly string[], change: Partial<PlaceOrder>) => place(app, customer.caller, texts, change);

describe('a proof that holds for one key', () => {
  it('serves orders, reissues and duplicates of that key, and none of another', async () => {
    await begin();
    const first = await issuedOnce(['a.example.com'], { ...request, csr: key, productCode: 'years' });
    const [proof] = first.authorizations;
    assert.deepEqual([proof?.binding, proof?.keyHash], ['request', keyHashOf(key)]);
    for (const [csr, expected] of [
      [key, 'issued'],
      [otherKey, 'awaitingValidation'],
    ] as const) {
      const ordered = await next(['a.example.com'], { ...request, csr });
      const duplicate = await app.ports.issuances.duplicate(
        customer.caller,
        first.order,
        await reissueFor(['a.example.com'], { ...request, csr }),
      );
      await app.idle();
      assert.equal(await stateOf(ordered), expected);
      const [shown] = (await app.ports.issuances.list(customer.caller, first.order, { limit: 1 })).items;
      assert.deepEqual([shown?.issuance.id, shown?.issuance.state], [duplicate.issuance.id, expected]);
    }
    const reissued = await app.ports.issuances.reissue(
      customer.caller,
      first.order,
      await reissueFor(['a.example.com'], { ...request, csr: otherKey }),
    );
    await app.advance(60);
    assert.equal(await stateOf(reissued), 'awaitingValidation');
    await app.ports.issuances.withdrawReissue(customer.caller, first.order);
    await app.ports.issuances.reissue(
      customer.caller,
      first.order,
      await reissueFor(['a.example.com'], { ...request, csr: 'same' }),
    );
    await app.idle();
    assert.equal(await stateOf(reissued), 'issued');
  });

  it('is not taken over by an order of another key that waits for the name', async () => {
    await begin();
    const [own, other] = [
      await next(['a.example.com'], { ...request, csr: key }),
      await next(['a.example.com'], { ...offeringBound('server'), csr: otherKey }),
    ];
    await app.idle();
    // Only what the first looks for is there.
    app.checks.place('a.example.com', 'httpFile');
    await app.ports.proving.recheck(customer.caller, own.order);
    await app.idle();
    app.checks.remove('a.example.com');
    assert.equal(await stateOf(own), 'issued');
    await app.advance(300);
    assert.equal(await stateOf(other), 'awaitingValidation');
  });

  it('serves the next certificates inside the coverage with the same key, by the platform itself', async () => {
    await begin();
    const view = await issuedOnce(['a.example.com'], { ...request, csr: key, productCode: 'years', periods: 3 });
    app = await app.restart({ afterSeconds: 170 * daySeconds });
    await app.idle();
    const { items } = await app.ports.certificates.list(customer.caller, { limit: 10 });
    assert.equal(items.length, 2, 'the proof is young enough');
    assert.notEqual((await see(view)).issuance.id, view.issuance.id);
    // The certificate after that finds it too old, and the name is asked for again.
    app = await app.restart({ afterSeconds: 170 * daySeconds });
    await app.idle();
    assert.equal(await stateOf(view), 'awaitingValidation');
  });

  it('does not serve a key that we make anew for each certificate', async () => {
    await begin({ profiles: steadyProfiles });
    const view = await issuedOnce(['a.example.com'], { ...request, csr: { make: 'P-256' }, productCode: 'years' });
    app = await app.restart({ afterSeconds: 170 * daySeconds });
    await app.idle();
    assert.equal(await stateOf(view), 'awaitingValidation');
  });

  it('serves no name below it, also not by a method that proves those', async () => {
    await begin();
    app.checks.place('example.com', 'dnsCname');
    const view = await next(['example.com'], { ...request, csr: key });
    await app.idle();
    assert.equal(await stateOf(view), 'issued');
    for (const name of ['www.example.com', '*.example.com']) {
      const below = await next([name], { ...request, csr: key });
      await app.idle();
      assert.equal(await stateOf(below), 'awaitingValidation', name);
    }
  });

  it('serves no order without a CSR; once that comes, the key decides', async () => {
    await begin();
    await issuedOnce(['a.example.com'], { ...request, csr: key });
    const later = { productCode: 'years', csr: null, ...offeringBound('server') } satisfies Partial<PlaceOrder>;
    const [own, other] = [await next(['a.example.com'], later), await next(['a.example.com'], later)];
    await app.idle();
    assert.deepEqual([await stateOf(own), await stateOf(other)], ['awaitingValidation', 'awaitingValidation']);
    await app.ports.issuances.provideCsr(customer.caller, own.order, key);
    await app.ports.issuances.provideCsr(customer.caller, other.order, otherKey);
    await app.advance(120);
    assert.deepEqual([await stateOf(own), await stateOf(other)], ['issued', 'awaitingValidation']);
  });

  it('is none while there is no key, whatever was found', async () => {
    await begin();
    app.checks.place('a.example.com');
    const view = await next(['a.example.com'], { ...request, productCode: 'years', csr: null });
    await app.advance(5);
    assert.equal(await stateOf(view), 'awaitingValidation');
    assert.equal((await see(view)).authorizations[0]?.state, 'pending');
    await app.ports.issuances.provideCsr(customer.caller, view.order, key);
    await app.advance(60);
    assert.equal(await stateOf(view), 'issued');
  });

  it('is no proof of a domain that the account keeps, before or after', async () => {
    await begin();
    const [identifier] = names('kept.example.com');
    assert.ok(identifier);
    const domain = (challenges: readonly Challenge[]) => ({
      name: identifier,
      organization: null,
      container: null,
      requestedLevels: [],
      proofReference: offering(() => challenges).proofReference,
      preferredMethod: 'dnsTxt' as const,
    });
    await assert.rejects(
      app.ports.managedDomains.add(customer.caller, domain(bound('request')(identifier))),
      refused('nothingToProve'),
    );
    const mixed = [...bound('request')(identifier), ...bound('account')(identifier)];
    const added = await app.ports.managedDomains.add(customer.caller, domain(mixed));
    assert.deepEqual(
      added.authorization.challenges.map(({ binding }) => binding),
      ['account', 'account', 'account', 'account'],
    );
    await issuedOnce(['kept.example.com'], { ...request, csr: key });
    const shown = await app.ports.managedDomains.get(customer.caller, { id: added.domain.id });
    assert.deepEqual([shown.proof, shown.authorization.id], [null, added.authorization.id]);
    // By a challenge of the account it is.
    await issuedOnce(['kept.example.com'], { ...offeringBound('account'), csr: otherKey });
    assert.equal(
      (await app.ports.managedDomains.get(customer.caller, { id: added.domain.id })).proof?.binding,
      'account',
    );
  });

  it('is told apart from another of the same method that the name has', async () => {
    await begin();
    const files = [
      { method: 'httpFile', binding: 'server', path: '/server', content: 's' },
      { method: 'httpFile', binding: 'request', path: '/request', content: 'r' },
    ] as const satisfies readonly Challenge[];
    for (const [path, content, binding] of [
      ['/request', 'r', 'request'],
      ['/server', 's', 'server'],
    ] as const) {
      app.checks.forget();
      app.checks.placeFile('two.example.com', path, content);
      const view = await next(['two.example.com'], { ...offering(() => files), csr: key });
      await app.idle();
      // The second order is served by the proof of the first, since it is of the same key: another key asks anew.
      key = otherKey;
      assert.equal((await see(view)).authorizations[0]?.binding, binding);
    }
  });
});

describe('what was proved before challenges had a binding', () => {
  /** As it stands in a database from then. */
  async function insertOld(name: string, change: Partial<Authorization> = {}): Promise<Authorization> {
    const [identifier] = names(name);
    assert.ok(identifier);
    const old: Authorization = {
      id: newId('authorization', app.context),
      accountId: customer.account.id,
      issuanceId: await nextId('issuance', app.context),
      identifier,
      checkedBy: null,
      state: 'valid',
      challenges: bound('request')(identifier),
      preferredMethod: 'httpFile',
      checks: [],
      provedBy: 'httpFile',
      binding: null,
      keyHash: null,
      provedAt: app.clock.now(),
      validUntil: new Date(app.clock.now().getTime() + 100 * daySeconds * 1000),
      isCheckedOnRequest: false,
      attempt: null,
      standalone: null,
      coversBelow: null,
      renouncedBy: [],
      createdAt: app.clock.now(),
      ...change,
    };
    await app.database.write((tx) => tx.authorizations.insert(old));
    return old;
  }

  it('serves no later order', async () => {
    await begin();
    await insertOld('a.example.com');
    const view = await next(['a.example.com'], { csr: key });
    assert.equal(view.issuance.state, 'awaitingValidation');
  });

  it('is asked for again by the order that asked for it, and never by one that took it over', async () => {
    await begin();
    const [own, taken] = [
      await next(['own.example.com', 'late.example.com'], { ...request, csr: key }),
      await next(['taken.example.com', 'late.example.com'], { ...request, csr: key }),
    ];
    await app.idle();
    const ofOwn = await insertOld('own.example.com', { issuanceId: own.issuance.id });
    const ofOther = await insertOld('taken.example.com');
    await app.database.write(async (tx) => {
      for (const [{ issuance }, { id }] of [
        [own, ofOwn],
        [taken, ofOther],
      ] as const) {
        const [first, ...rest] = issuance.names;
        assert.ok(first);
        await tx.issuances.updateNames(issuance.id, [{ ...first, authorizationId: id }, ...rest]);
      }
    });
    for (const name of ['own', 'taken', 'late']) app.checks.place(`${name}.example.com`);
    await app.advance(300);
    assert.equal(await stateOf(own), 'issued');
    const { issuance } = await see(taken);
    // The challenge was made of somebody else's CSR: found again, it would prove this key.
    assert.deepEqual([issuance.state, issuance.failure?.key], ['failed', 'nothingToProve']);
  });
});

describe('what else decides', () => {
  const add = async (of: Customer, text: string) => {
    const [identifier] = names(text);
    assert.ok(identifier);
    return app.ports.managedDomains.add(of.caller, {
      name: identifier,
      organization: null,
      container: null,
      requestedLevels: [],
      proofReference: newReference(),
      preferredMethod: 'dnsTxt',
    });
  };

  it('a domain that one account removes and another adds has to be proved by the other', async () => {
    await begin();
    const other = await createCustomer(app, { balanceMinor: 1_000_00, roles: ['requester', 'registrar'] });
    app.checks.place('moved.example.com', 'dnsTxt');
    const { domain } = await add(customer, 'moved.example.com');
    assert.equal((await app.ports.managedDomains.check(customer.caller, { id: domain.id })).proof?.state, 'valid');
    app.checks.remove('moved.example.com');
    await app.ports.managedDomains.remove(customer.caller, { id: domain.id });
    const theirs = await add(other, 'moved.example.com');
    assert.deepEqual([theirs.proof, theirs.authorization.state], [null, 'pending']);
    assert.equal((await app.ports.managedDomains.check(other.caller, { id: theirs.domain.id })).proof, null);
    for (const { caller } of [customer, other]) {
      const { issuance } = await place(app, caller, ['moved.example.com']);
      assert.equal(issuance.state, 'awaitingValidation');
    }
  });

  it('a domain that is removed while it is looked at is not proved by what was found', async () => {
    await begin();
    app.checks.place('gone.example.com', 'dnsTxt');
    app.checks.delay('gone.example.com', 1000);
    const { domain, authorization } = await add(customer, 'gone.example.com');
    const looking = app.ports.managedDomains.check(customer.caller, { id: domain.id }).catch(() => undefined);
    // New proofs are asked for meanwhile: then the first ones are not the newest any more, and not ended with the domain.
    await app.ports.managedDomains.renewProofs(
      customer.caller,
      { id: domain.id },
      {
        proofReference: newReference(),
        preferredMethod: 'dnsTxt',
      },
    );
    await app.ports.managedDomains.remove(customer.caller, { id: domain.id });
    await add(customer, 'gone.example.com');
    await app.clock.advance(1000);
    await looking;
    assert.equal((await app.database.read.authorizations.get(authorization.id))?.state, 'invalid');
    const view = await next(['gone.example.com'], {});
    assert.equal(view.issuance.state, 'awaitingValidation');
  });

  it('a domain counts as proved by the rules for domains, also where an order proved it by others', async () => {
    const profiles = defaultProfiles.map((profile) => ({
      ...profile,
      reuseDays: profile.id === 'private-dv' ? 800 : profile.reuseDays,
    }));
    await begin({ profiles });
    const { domain } = await add(customer, 'kept.example.com');
    const shown = () => app.ports.managedDomains.get(customer.caller, { id: domain.id });
    await issuedOnce(['kept.example.com'], { productCode: 'paid' });
    const { proof } = await shown();
    assert.ok(proof?.provedAt && proof.validUntil);
    assert.equal(proof.validUntil.getTime() - proof.provedAt.getTime(), 199 * daySeconds * 1000);
    app = await app.restart({ afterSeconds: 200 * daySeconds });
    assert.equal((await shown()).proof, null, 'too old for a domain');
    const [open, closed] = [
      await next(['kept.example.com'], { productCode: 'public' }),
      await next(['kept.example.com'], { productCode: 'paid' }),
    ];
    assert.deepEqual([open.issuance.state, closed.issuance.state], ['awaitingValidation', 'issuing']);
  });

  it('a proof of an order that was cancelled serves the next one, with the binding it had', async () => {
    await begin();
    app.checks.place('a.example.com');
    const view = await next(['a.example.com', 'b.example.com'], { ...request, csr: key });
    await app.idle();
    await app.ports.orders.cancel(customer.caller, view.order);
    app.checks.remove('a.example.com');
    assert.equal((await next(['a.example.com'], { csr: otherKey })).issuance.state, 'awaitingValidation');
    assert.equal((await next(['a.example.com'], { csr: key })).issuance.state, 'issuing');
  });

  it('a name whose mail was answered with no is proved by nothing of that order', async () => {
    await begin();
    const choose = { choices: byMailTo('admin@example.com', ['example.com']) };
    const view = await next(['example.com'], choose);
    await app.idle();
    await app.ports.confirmations.decide(tokenIn(mail.sent[0]?.text ?? ''), 'reject', origin);
    // What its files would prove comes too late.
    app.checks.place('example.com');
    await app.advance(60);
    assert.equal(await stateOf(view), 'failed');
    app.checks.remove('example.com');
    assert.equal((await next(['example.com'], {})).issuance.state, 'awaitingValidation');
  });
});
