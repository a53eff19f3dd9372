/** Issuances whose names an upstream checks itself: its challenges are shown, and ours never count. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { timelineEntryToWire } from '../../../src/dialects/native/timeline-to-wire.ts';
import type { MethodChoice } from '../../../src/domain/challenge.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import {
  anyCsr,
  type Customer,
  createCustomer,
  issue,
  place as placeOrder,
  reissueFor,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createNastyUpstream, type NastyUpstream } from '../../support/nasty-upstream.ts';
import { refused } from '../../support/refused.ts';
import { passingTime, until } from '../../support/system.ts';
import {
  createRelayingIssuer,
  createUpstreamIssuer,
  type UpstreamIssuerOptions,
} from '../../support/upstream-issuer.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
afterEach(() => app.close());

const hourSeconds = 3600;
const daySeconds = 86_400;
const price = 100_00;
const name = 'a.example.com';

async function begin(
  options: UpstreamIssuerOptions & TestAppOptions & Parameters<typeof createRelayingIssuer>[2] = {},
): Promise<void> {
  const clock = () => app.clock;
  upstream = Object.assign(await createNastyUpstream(clock), { relays: true });
  app = await startTestApp({
    ...options,
    upstreams: options.upstreams ?? [createRelayingIssuer(upstream, clock, options)],
  });
  customer = await createCustomer(app, { balanceMinor: 1000_00 });
}

const place = (texts: readonly string[] = [name], change: Partial<PlaceOrder> = {}) =>
  placeOrder(app, customer.caller, texts, {
    productCode: 'paid',
    issuerId: 'upstream',
    preferredMethod: 'dnsCname',
    ...change,
  });
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const upstreamOrder = ({ issuance }: OrderView) => app.database.read.upstreamOrders.get(issuance.id);
const statesOf = async (view: OrderView) => [(await see(view)).issuance.state, (await upstreamOrder(view))?.state];
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const eventsOf = async ({ order }: OrderView) =>
  (await app.ports.events.list(app.operator, { limit: 100, subject: order.id })).items.map(({ kind }) => kind);
const bought = () => upstream.orders[0] ?? assert.fail('the upstream has the order');
const choose = (view: OrderView, choice: MethodChoice, text = name) =>
  passingTime(
    app.clock,
    app.ports.proving.chooseMethods(customer.caller, view.order, [{ name: parseIdentifier(text, 'name'), choice }]),
  );
const countCalls = (operation: string) => upstream.calls.filter((call) => call === operation).length;

describe('a relayed order', () => {
  it('is bought before its names are proved, and shows the challenges of the upstream', async () => {
    await begin();
    const view = await place(['a.example.com', '*.b.example.com']);
    assert.deepEqual(
      [view.issuance.state, view.authorizations.map(({ challenges }) => challenges)],
      ['awaitingValidation', [[], []]],
    );
    await app.idle();
    assert.deepEqual(upstream.calls, ['place', 'status']);
    assert.deepEqual(await statesOf(view), ['awaitingValidation', 'proving']);
    const { authorizations } = await see(view);
    assert.deepEqual(
      authorizations.map(({ challenges, checkedBy, state }) => [challenges, checkedBy, state]),
      ['a.example.com', 'b.example.com'].map((base) => [
        [{ method: 'dnsCname', binding: 'server', host: `_up-1-1.${base}`, target: 'up-1-1.upstream.example' }],
        'upstream',
        'pending',
      ]),
    );
    assert.equal(app.checks.looks.length, 0, 'our validators never run for it');
    assert.ok((await eventsOf(view)).includes('validation.proofsWanted'));
    await upstream.accept(bought().reference);
    await app.advance(60);
    const { issuance, certificate, order } = await see(view);
    assert.deepEqual([issuance.state, issuance.plan, order.state], ['issued', null, 'active']);
    assert.equal(certificate?.serial, parseCertificate(bought().der ?? assert.fail()).serialHex);
    assert.deepEqual([(await upstreamOrder(view))?.state, upstream.orders.length], ['issued', 1]);
    assert.equal(app.checks.looks.length, 0);
  });

  it('goes on to `issuing` with its upstream order when the proofs are accepted, and may be refused after that', async () => {
    await begin();
    upstream.isSlow = true;
    const view = await place();
    await app.idle();
    await upstream.accept(bought().reference);
    await app.advance(60);
    assert.deepEqual(await statesOf(view), ['issuing', 'issuing']);
    const [authorization] = (await see(view)).authorizations;
    assert.deepEqual(
      [authorization?.state, authorization?.provedBy, authorization?.binding],
      ['valid', 'dnsCname', null],
    );
    await upstream.decide(bought().reference, 'refused');
    await app.advance(60);
    const { issuance, order } = await see(view);
    assert.deepEqual([order.state, issuance.failure?.key, await balance()], ['failed', 'issuerRefused', 1000_00]);
  });

  it('waits for challenges that come late, as long as its terms say', async () => {
    await begin({ terms: { relayWaitMs: 5000 }, pollSeconds: 2 });
    upstream.isPreparing = true;
    const late = await passingTime(app.clock, place(), 5000);
    assert.deepEqual([late.issuance.state, late.authorizations[0]?.challenges], ['awaitingValidation', []]);
    assert.equal((await upstreamOrder(late))?.state, 'preparing');
    upstream.prepare(bought().reference);
    await app.advance(2);
    assert.equal((await upstreamOrder(late))?.state, 'proving');
    upstream.isPreparing = false;
    const quick = await passingTime(app.clock, place(['b.example.com']), 5000);
    assert.equal(quick.authorizations[0]?.challenges.length, 1, 'they are part of the answer');
  });

  it('is refused where the upstream can prove some of its names by nothing, with a part for each', async () => {
    await begin({ relays: ['dnsCname', 'email'] });
    await assert.rejects(place([name, '203.0.114.1', '203.0.114.2']), (thrown: unknown) => {
      assert.ok(thrown instanceof CertError);
      const { key, parts } = thrown.reason;
      assert.deepEqual([key, parts?.map((part) => part.name)], ['nothingToRelay', ['203.0.114.1', '203.0.114.2']]);
      return true;
    });
    assert.equal(upstream.orders.length, 0);
  });

  it('of which the upstream knows the names already goes on without proofs', async () => {
    await begin();
    upstream.isPreparing = true;
    const view = await place();
    await app.idle();
    await upstream.accept(bought().reference);
    await app.advance(60);
    assert.deepEqual(await statesOf(view), ['issued', 'issued']);
  });

  it('waits for its CSR, and for an approval', async () => {
    await begin();
    const view = await placeOrder(app, customer.caller, [name], {
      productCode: 'years',
      issuerId: 'upstream',
      csr: null,
      preferredMethod: 'dnsCname',
    });
    await app.idle();
    assert.deepEqual([await statesOf(view), upstream.calls], [['awaitingValidation', undefined], []]);
    await app.ports.issuances.provideCsr(customer.caller, view.order, await anyCsr());
    await app.idle();
    assert.deepEqual(await statesOf(view), ['awaitingValidation', 'proving']);

    const asked = await createCustomer(app, { approval: 'manual', balanceMinor: 1000_00 });
    const needing = await placeOrder(app, asked.caller, ['b.example.com'], {
      issuerId: 'upstream',
      productCode: 'paid',
    });
    await app.idle();
    assert.deepEqual([needing.issuance.state, upstream.orders.length], ['awaitingApproval', 1]);
    await app.ports.approvals.decide(app.operator, { order: needing.order }, { approve: true, note: '' });
    await app.idle();
    assert.equal(upstream.orders.length, 2);
  });
});

describe('a check', () => {
  it('is passed on, once for customers who ask again and again', async () => {
    await begin();
    const view = await place();
    await app.idle();
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    assert.equal(countCalls('check'), 1);
    upstream.isProved = true;
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.advance(11);
    assert.deepEqual(await statesOf(view), ['issued', 'issued']);
    assert.equal(countCalls('check'), 2);
  });

  it('is passed on where it is asked for by the authorization', async () => {
    await begin();
    const view = await place();
    await app.idle();
    upstream.isProved = true;
    const [shown] = await app.ports.authorizations.listOfOrder(customer.caller, view.order);
    await app.ports.authorizations.check(customer.caller, shown?.authorization.id ?? '', 0);
    await app.idle();
    assert.deepEqual([await statesOf(view), countCalls('check')], [['issued', 'issued'], 1]);
  });

  it('is held back while the certificate may not be issued, and passed on afterwards', async () => {
    await begin();
    const view = await place();
    await app.idle();
    const { id } = customer.account;
    await app.ports.accounts.change(app.operator, id, { allowedNames: ['other.example'] });
    upstream.isProved = true;
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    const { issuance } = await see(view);
    assert.deepEqual(
      [issuance.rest?.turn, issuance.rest?.reason.key, countCalls('check')],
      ['operator', 'nameNotAllowedForAccount', 0],
    );
    await app.ports.accounts.change(app.operator, id, { allowedNames: null });
    await app.advance(hourSeconds);
    assert.deepEqual([await statesOf(view), countCalls('check')], [['issued', 'issued'], 1]);
  });

  it('whose answer is lost is passed on again', async () => {
    await begin();
    const view = await place();
    await app.idle();
    upstream.isProved = true;
    upstream.spoil('check', 'loseRequest', 'loseReply');
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.advance(600);
    assert.deepEqual(await statesOf(view), ['issued', 'issued']);
  });
});

const system = { id: 'system', kind: 'system', name: 'certmux', credential: null } as const;

describe('a change of method', () => {
  it('is passed on, and answered by the new challenges', async () => {
    await begin({ terms: { relayWaitMs: 5000 } });
    const view = await passingTime(app.clock, place());
    const changed = await choose(view, 'dnsTxt');
    const [authorization] = changed.authorizations;
    assert.deepEqual(
      [authorization?.preferredMethod, authorization?.challenges],
      ['dnsTxt', [{ method: 'dnsTxt', binding: 'server', host: name, value: 'up-1-1' }]],
    );
    const again = await choose(view, 'dnsTxt');
    assert.deepEqual([again.authorizations[0]?.preferredMethod, countCalls('changeMethod')], ['dnsTxt', 1]);
    await choose(view, { method: 'email', address: 'admin@a.example.com' });
    assert.deepEqual(bought().methods.get(name), { method: 'email', address: 'admin@a.example.com' });
  });

  it('that the upstream refuses is refused, and leaves everything as it was', async () => {
    await begin({ terms: { relayWaitMs: 5000 } });
    const view = await passingTime(app.clock, place());
    upstream.refusedMethods = ['httpFile'];
    await assert.rejects(choose(view, 'httpFile'), refused('issuerRefusedMethod'));
    assert.equal((await see(view)).authorizations[0]?.preferredMethod, 'dnsCname');
    upstream.refusedMethods = ['httpFile', 'dnsTxt'];
    await assert.rejects(choose(view, 'dnsTxt'), refused('issuerRefusedMethod'));
    for (const [language, words] of [
      ['en', /will not validate a\.example\.com by /],
      ['zh', /不接受用.+方式验证 a\.example\.com/],
    ] as const) {
      const { items } = await app.ports.orderPages.timeline(customer.caller, view.order, { limit: 50 });
      const shown = items.map((item) => timelineEntryToWire(item, system, language));
      const refusals = shown.filter(({ kind }) => kind === 'validation.methodRefused');
      assert.deepEqual(
        refusals.map(({ name: of, method, reason }) => [of, method, words.test(reason ?? '')]),
        [
          [name, 'dnsTxt', true],
          [name, 'httpFile', true],
        ],
        'each refusal is there, the newest first',
      );
    }
  });

  it('to a method that the upstream does not have is refused without asking it', async () => {
    await begin({ relays: ['dnsCname'] });
    const view = await place();
    await app.idle();
    await assert.rejects(choose(view, 'dnsTxt'), refused('methodNotAllowed'));
    assert.equal(countCalls('changeMethod'), 0);
  });

  it('before there are challenges is part of the order, or passed on when there are', async () => {
    await begin();
    upstream.isPreparing = true;
    const view = await place();
    await app.idle();
    await choose(view, 'dnsTxt');
    await app.idle();
    assert.equal(countCalls('changeMethod'), 0);
    upstream.prepare(bought().reference);
    await app.advance(60);
    assert.deepEqual(
      [(await see(view)).authorizations[0]?.preferredMethod, bought().methods.get(name)],
      ['dnsTxt', 'dnsTxt'],
    );
  });

  it('reaches an upstream that loses its replies, once it answers', async () => {
    await begin();
    const view = await place();
    await app.idle();
    upstream.spoil('changeMethod', 'loseReply', 'loseRequest');
    await choose(view, 'dnsTxt');
    await app.advance(600);
    const [authorization] = (await see(view)).authorizations;
    assert.deepEqual([authorization?.preferredMethod, authorization?.challenges[0]?.method], ['dnsTxt', 'dnsTxt']);
    assert.deepEqual((await upstreamOrder(view))?.relay?.wish.choices, []);
  });
});

describe('challenges', () => {
  it('that run out are replaced, and the customer learns of it', async () => {
    await begin({ pollSeconds: 30 * daySeconds });
    upstream.challengeHours = 10;
    const view = await place();
    await app.idle();
    const first = (await see(view)).authorizations[0]?.challenges;
    await app.advance(10 * hourSeconds);
    const { authorizations } = await see(view);
    assert.notDeepEqual(authorizations[0]?.challenges, first);
    assert.deepEqual((await eventsOf(view)).filter((kind) => kind === 'validation.proofsWanted').length, 2);
    assert.equal(
      (await upstreamOrder(view))?.relay?.proofsUntil?.getTime(),
      app.clock.now().getTime() + 10 * 3_600_000,
    );
  });

  it('that nobody proves end the order after the time that the profile gives, with the money back', async () => {
    await begin({ pollSeconds: daySeconds });
    const view = await place();
    await app.idle();
    await app.advance(29 * daySeconds);
    assert.deepEqual(await statesOf(view), ['awaitingValidation', 'proving']);
    await app.advance(2 * daySeconds);
    const { issuance } = await see(view);
    assert.deepEqual(
      [issuance.failure?.key, bought().state, await balance()],
      ['validationExpired', 'cancelled', 1000_00],
    );
  });
});

describe('a relayed order that is given up', () => {
  for (const isPreparing of [true, false]) {
    it(`is cancelled at the upstream: ${isPreparing ? 'preparing' : 'proving'}`, async () => {
      await begin();
      upstream.isPreparing = isPreparing;
      const view = await place();
      await app.idle();
      assert.equal((await upstreamOrder(view))?.state, isPreparing ? 'preparing' : 'proving');
      assert.equal(await balance(), 1000_00 - price);
      await app.ports.orders.cancel(customer.caller, view.order);
      await app.idle();
      assert.deepEqual(
        [bought().state, (await upstreamOrder(view))?.state, await balance()],
        ['cancelled', 'cancelled', 1000_00],
      );
    });
  }

  it('because its account is suspended', async () => {
    await begin();
    const view = await place();
    await app.idle();
    await app.ports.accounts.change(app.operator, customer.account.id, { state: 'suspended' });
    await app.advance(120);
    assert.deepEqual(
      [bought().state, (await app.ports.orders.get(app.operator, view.order)).issuance.failure?.key],
      ['cancelled', 'accountSuspended'],
    );
  });

  it('too late has its certificate stored, withheld and revoked', async () => {
    await begin();
    upstream.isStubborn = true;
    const view = await place();
    await app.idle();
    await app.ports.orders.cancel(customer.caller, view.order);
    await app.idle();
    await upstream.accept(bought().reference);
    await app.advance(120);
    assert.equal((await upstreamOrder(view))?.state, 'withheld');
    assert.deepEqual(upstream.revoked, [parseCertificate(bought().der ?? assert.fail()).serialHex]);
    assert.equal((await see(view)).certificate, null);
  });
});

describe('whose check counts for whom', () => {
  it("ours never for an upstream, an upstream's never for ours, nor one upstream's for another", async () => {
    const clock = () => app.clock;
    const other = Object.assign(await createNastyUpstream(clock), { relays: true });
    const nasty = Object.assign(await createNastyUpstream(clock), { relays: true });
    await begin({
      upstreams: [
        createRelayingIssuer(nasty, clock),
        createRelayingIssuer(other, clock, { id: 'other', terms: { account: 'other' } }),
        createUpstreamIssuer(await createNastyUpstream(clock), clock, { id: 'own', terms: { account: 'own' } }),
      ],
    });
    // Proved by us: the embedded CA issues at once from now on, and the upstream does not.
    await issue(app, customer.caller, [name]);
    const first = await place();
    await app.idle();
    assert.deepEqual(await statesOf(first), ['awaitingValidation', 'proving']);
    await nasty.accept('up-1');
    await app.advance(60);
    assert.deepEqual(await statesOf(first), ['issued', 'issued']);
    // Proved to one upstream, for one order: not to itself, to another, or to us.
    const again = await place();
    const elsewhere = await place([name], { issuerId: 'other' });
    await app.idle();
    assert.deepEqual(await statesOf(again), ['awaitingValidation', 'proving']);
    assert.deepEqual(await statesOf(elsewhere), ['awaitingValidation', 'proving']);
    const b = await place(['b.example.com']);
    await app.idle();
    await nasty.accept(nasty.orders.at(-1)?.reference ?? '');
    await app.advance(60);
    assert.deepEqual(await statesOf(b), ['issued', 'issued']);
    for (const issuerId of ['embedded', 'own']) {
      const ours = await place(['b.example.com'], { issuerId });
      await app.idle();
      assert.equal((await see(ours)).issuance.state, 'awaitingValidation', issuerId);
      assert.equal(ours.authorizations[0]?.checkedBy, null);
    }
    const { items } = await app.ports.authorizations.list(customer.caller, { limit: 100 });
    assert.deepEqual(
      items.map(({ authorization }) => authorization.identifier.value),
      [name],
    );
  });

  it('is fixed when the order is placed: another mode of its issuer leaves it to the operator', async () => {
    await begin();
    const view = await place();
    await app.idle();
    const clock = () => app.clock;
    const relaying = app.context.issuers.get('upstream');
    app = await app.restart({ upstreams: [createUpstreamIssuer(upstream, clock)], afterSeconds: 60 });
    await app.idle();
    assert.deepEqual([(await see(view)).issuance.rest?.reason.key, countCalls('place')], ['issuerModeChanged', 1]);
    await upstream.accept(bought().reference);
    app = await app.restart({ upstreams: [relaying as never], afterSeconds: hourSeconds });
    await app.idle();
    assert.deepEqual(await statesOf(view), ['issued', 'issued']);
  });

  it('and what an upstream checks cannot be deactivated here', async () => {
    await begin();
    const view = await place();
    await app.idle();
    const [one] = await app.ports.authorizations.listOfOrder(customer.caller, view.order);
    assert.ok(one);
    assert.equal(one.expiresAt?.getTime(), (await upstreamOrder(view))?.relay?.proofsUntil?.getTime());
    await assert.rejects(
      app.ports.authorizations.deactivate(customer.caller, one.authorization.id),
      refused('checkedByIssuer'),
    );
  });
});

describe('further certificates of a relayed order', () => {
  it('are relayed as well: a reissue by hand, and the one that comes by itself', async () => {
    await begin();
    const view = await place([name], { preferredMethod: 'dnsTxt' });
    await app.idle();
    await upstream.accept(bought().reference);
    await app.advance(60);
    const reissued = await app.ports.issuances.reissue(customer.caller, view.order, await reissueFor([name]));
    await app.idle();
    assert.deepEqual(
      [reissued.issuance.state, upstream.orders.length, upstream.orders[1]?.state],
      ['awaitingValidation', 2, 'unproved'],
    );
    await upstream.accept('up-2');
    await app.advance(60);
    await until(async () => {
      await app.advance(daySeconds);
      return upstream.orders.length === 3;
    }, 'the next certificate of the coverage is ordered');
    assert.deepEqual(upstream.orders[2]?.methods.get(name), upstream.orders[1]?.methods.get(name));
    await upstream.accept('up-3');
    await app.advance(60);
    assert.equal((await see(view)).issuance.state, 'issued');
  });
});
