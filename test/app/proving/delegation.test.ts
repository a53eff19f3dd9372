/** Orders whose issuer has the names delegated: the delegation is the challenge, and must stand when the order is placed. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createPreparations } from '../../../src/app/issuing/preparations.ts';
import { createLookUpDelegation } from '../../../src/dcv/delegation-standing.ts';
import type { Challenge, MethodChoice } from '../../../src/domain/challenge.ts';
import { reason } from '../../../src/domain/errors.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { delegationOf } from '../../../src/pki/delegation.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  place as placeOrder,
  reissueFor,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createNastyUpstream, type NastyUpstream } from '../../support/nasty-upstream.ts';
import { until } from '../../support/system.ts';
import { createUpstreamIssuer } from '../../support/upstream-issuer.ts';
import { createZoneFake, type ZoneFake } from '../../support/zone-fake.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
let zone: ZoneFake;
afterEach(() => app.close());

const name = 'www.example.com';
const daySeconds = 86_400;

async function begin({ dialect = 'encryption365', ...options }: TestAppOptions & { dialect?: string } = {}) {
  const clock = () => app.clock;
  upstream = await createNastyUpstream(clock);
  zone = createZoneFake();
  const issuer = createUpstreamIssuer(upstream, clock, {
    mode: 'alias',
    missing: ({ accountId, names }, signal) =>
      createPreparations(app.context).missingDelegation(accountId, names, signal),
  });
  app = await startTestApp({
    aliasZone: 'acme.example.net',
    upstreams: [issuer],
    lookUpDelegation: createLookUpDelegation(zone.resolver),
    ...options,
  });
  customer = await createCustomer(app, { balanceMinor: 1000_00, dialect });
}

const place = (texts: readonly string[] = [name], change: Partial<PlaceOrder> = {}) =>
  placeOrder(app, customer.caller, texts, { productCode: 'paid', issuerId: 'upstream', ...change });
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const stateOf = async (view: OrderView) => (await see(view)).issuance.state;
const recordOf = (text: string) => {
  const { alias } = app.context;
  return delegationOf(customer.account.id, parseIdentifier(text, 'name'), alias ?? assert.fail('a zone'));
};
/** The customer sets the record, which our checks and the looks of the upstream both see. */
const delegate = (text: string = name) => {
  const { host, target } = recordOf(text);
  zone.set(host, 'CNAME', target);
  app.checks.placeRecord(host, target);
};
const challengeOf = (text: string): Challenge => ({ method: 'dnsCname', binding: 'account', ...recordOf(text) });
const choose = (view: OrderView, choice: MethodChoice) =>
  app.ports.proving.chooseMethods(customer.caller, view.order, [{ name: parseIdentifier(name, 'name'), choice }]);

describe('an order behind a front door that shows the delegation', () => {
  it('offers nothing else, and a name shares it with its wildcard', async () => {
    await begin();
    const view = await place([name, `*.${name}`, 'example.com']);
    assert.deepEqual(
      view.authorizations.map(({ challenges, preferredMethod, checkedBy }) => [challenges, preferredMethod, checkedBy]),
      [name, name, 'example.com'].map((text) => [[challengeOf(text)], 'dnsCname', null]),
    );
  });

  it('is placed at the upstream once our own resolver has seen the record', async () => {
    await begin();
    const view = await place();
    await app.idle();
    assert.deepEqual([await stateOf(view), upstream.orders.length], ['awaitingValidation', 0]);
    delegate();
    await app.advance(60);
    const { issuance, authorizations } = await see(view);
    assert.deepEqual([issuance.state, upstream.orders.length], ['issued', 1]);
    assert.deepEqual([authorizations[0]?.provedBy, authorizations[0]?.binding], ['dnsCname', 'account']);
  });

  it('refuses another method by name, whether with the order or later, and says which record it takes', async () => {
    await begin();
    const refusal = (method: 'httpFile' | 'email') => ({
      reason: reason('onlyDelegation', { method, name, ...recordOf(name) }),
    });
    const asked = { name: parseIdentifier(name, 'name'), choice: 'httpFile' } as const;
    await assert.rejects(place([name], { choices: [asked] }), refusal('httpFile'));
    await assert.rejects(place([name], { preferredMethod: 'httpFile', isMethodRequested: true }), refusal('httpFile'));
    const view = await place([name], { preferredMethod: 'httpFile' });
    assert.equal(view.authorizations[0]?.preferredMethod, 'dnsCname', 'a usual method is no request');
    await assert.rejects(choose(view, 'httpFile'), refusal('httpFile'));
    await assert.rejects(choose(view, { method: 'email', address: 'admin@example.com' }), refusal('email'));
    await choose(view, 'dnsCname');
    assert.deepEqual((await see(view)).authorizations[0]?.challenges, [challengeOf(name)]);
  });

  it('finds nothing in the front door’s own proofs, wherever they lie', async () => {
    await begin();
    for (const method of ['httpFile', 'httpsFile', 'dnsTxt'] as const) app.checks.place(name, method);
    const view = await place();
    await app.advance(3600);
    assert.deepEqual([await stateOf(view), upstream.orders.length], ['awaitingValidation', 0]);
  });

  it('keeps to it for reissues, by hand and by themselves, and for renewals', async () => {
    await begin();
    delegate();
    const view = await place();
    await app.advance(60);
    assert.equal(upstream.orders.length, 1);
    const reissued = await app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['example.com']));
    assert.deepEqual(reissued.authorizations[0]?.challenges, [challengeOf('example.com')]);
    delegate('example.com');
    await app.advance(60);
    assert.equal(upstream.orders.length, 2);
    await until(async () => {
      await app.advance(daySeconds);
      return upstream.orders.length === 3;
    }, 'the next certificate of the coverage is ordered');
    const last = await see(view);
    assert.deepEqual(
      [last.issuance.state, last.authorizations[0]?.challenges],
      ['issued', [challengeOf('example.com')]],
    );
  });

  it('takes what the account has proved otherwise; the look before the order then decides', async () => {
    await begin();
    app.checks.place(name, 'httpFile');
    await placeOrder(app, customer.caller, [name], { productCode: 'paid' });
    await app.advance(60);
    const view = await place();
    await app.idle();
    const { issuance } = await see(view);
    assert.equal(issuance.rest?.turn, 'customer');
    assert.deepEqual(issuance.rest?.reason, reason('delegationNoName', recordOf(name)));
    assert.equal(upstream.orders.length, 0);
    delegate();
    await app.advance(3600);
    assert.deepEqual([await stateOf(view), upstream.orders.length], ['issued', 1]);
  });
});

describe('a delegation that was proved and stands no longer', () => {
  const proved = async () => {
    await begin();
    app.checks.placeRecord(recordOf(name).host, recordOf(name).target);
    const view = await place();
    await app.advance(60);
    return view;
  };
  const restOf = async (view: OrderView) => {
    const { rest } = (await see(view)).issuance;
    return rest && [rest.turn, rest.reason];
  };

  it('has the issuance wait for the customer, and go on when it stands again', async () => {
    const view = await proved();
    assert.deepEqual(await restOf(view), ['customer', reason('delegationNoName', recordOf(name))]);
    const { host } = recordOf(name);
    zone.set(host, 'CNAME', 'elsewhere.example');
    await app.advance(3600);
    const found = { ...recordOf(name), found: 'elsewhere.example' };
    assert.deepEqual(await restOf(view), ['customer', reason('delegationElsewhere', found)]);
    assert.equal(upstream.orders.length, 0, 'nothing was sent');
    zone.remove(host);
    delegate();
    await app.advance(3600);
    assert.deepEqual([await stateOf(view), upstream.orders.length], ['issued', 1]);
  });

  it('of which no resolver can tell is the operator’s to see to', async () => {
    await begin();
    app.checks.placeRecord(recordOf(name).host, recordOf(name).target);
    zone.fail(recordOf(name).host, reason('resolversAway', { servers: '192.0.2.53' }));
    const view = await place();
    await app.advance(60);
    const rest = await restOf(view);
    assert.equal(rest?.[0], 'operator');
    assert.equal((await see(view)).issuance.rest?.reason.key, 'delegationUnchecked');
    assert.ok(!JSON.stringify(rest).includes('192.0.2.53'), 'customers do not read the address of a resolver');
    zone.fail(recordOf(name).host, undefined);
    delegate();
    await app.advance(3600);
    assert.equal(await stateOf(view), 'issued');
  });
});

describe('an order behind a front door that cannot show it', () => {
  it('has the front door’s own challenges, and waits for the delegation besides', async () => {
    await begin();
    const caller = await createCaller(app, customer.account, { dialect: 'wosign' });
    app.checks.place(name, 'httpFile');
    const view = await placeOrder(app, caller, [name], { productCode: 'public', issuerId: 'upstream' });
    assert.ok(view.authorizations[0]?.challenges.some(({ method }) => method === 'httpFile'));
    await app.advance(60);
    const { issuance } = await app.ports.orders.get(caller, view.order);
    assert.deepEqual(issuance.rest?.reason, reason('delegationNoName', recordOf(name)));
    delegate();
    await app.advance(3600);
    assert.equal((await app.ports.orders.get(caller, view.order)).issuance.state, 'issued');
  });
});
