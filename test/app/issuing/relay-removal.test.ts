/** Names taken out of an order that an upstream has: it takes them out first, and only then do they leave ours and are refunded. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { relayJson } from '../../../src/db/rows/upstreams.ts';
import { timelineEntryToWire } from '../../../src/dialects/native/timeline-to-wire.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCustomer,
  names,
  place as placeOrder,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { createNastyUpstream, type NastyUpstream } from '../../support/nasty-upstream.ts';
import { refused } from '../../support/refused.ts';
import { passingTime } from '../../support/system.ts';
import { createRelayingIssuer } from '../../support/upstream-issuer.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
afterEach(() => app.close());

const money = 1000_00;
const price = 100_00;
const [a, b, c] = ['a.example.com', 'b.example.com', 'c.example.com'] as const;

async function begin(options: Parameters<typeof createRelayingIssuer>[2] = {}): Promise<void> {
  const clock = () => app.clock;
  upstream = Object.assign(await createNastyUpstream(clock), { relays: true });
  const issuer = createRelayingIssuer(upstream, clock, { ...options, terms: { relayWaitMs: 500, ...options.terms } });
  app = await startTestApp({ upstreams: [issuer] });
  customer = await createCustomer(app, { balanceMinor: money });
}

async function place(...texts: readonly string[]): Promise<OrderView> {
  const wish = { productCode: 'paid', issuerId: 'upstream', preferredMethod: 'dnsCname' } as const;
  const view = await passingTime(app.clock, placeOrder(app, customer.caller, texts, wish), 1000);
  await app.idle();
  return view;
}

const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const textsOf = ({ issuance }: OrderView) => issuance.names.map(({ identifier }) => identifier.value);
const remove = (view: OrderView, ...texts: readonly string[]) =>
  passingTime(app.clock, app.ports.orders.removeNames(customer.caller, view.order, names(...texts)), 1000);
const removeUnproved = (view: OrderView) =>
  passingTime(app.clock, app.ports.orders.removeNames(customer.caller, view.order, 'unproved'), 1000);
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const bought = () => upstream.orders[0] ?? assert.fail('the upstream has the order');
const namesThere = () => bought().names.map(({ value }) => value);
const wishes = async ({ issuance }: OrderView) =>
  (await app.database.read.upstreamOrders.get(issuance.id))?.relay?.wish.removals.map(({ value }) => value);
const countCalls = (operation: string) => upstream.calls.filter((call) => call === operation).length;
const eventsOf = async ({ order }: OrderView) =>
  (await app.ports.events.list(app.operator, { limit: 100, subject: order.id })).items;

async function assertIssuedFor(view: OrderView, ...texts: readonly string[]): Promise<void> {
  await upstream.accept(bought().reference);
  await app.advance(120);
  const { issuance, certificate } = await see(view);
  assert.deepEqual([issuance.failure, certificate?.names.toSorted()], [null, texts.toSorted()]);
  assert.equal(await balance(), money - texts.length * price);
  assert.equal(await app.database.read.ledger.sum(customer.account.id), money - texts.length * price);
}

describe('a name', () => {
  it('leaves the upstream’s order, then ours, and is refunded; the certificate is for the others', async () => {
    await begin();
    const view = await place(a, b, c);
    const after = await remove(view, b);
    assert.deepEqual(
      [textsOf(after), namesThere()],
      [
        [a, c],
        [a, c],
      ],
    );
    assert.deepEqual(
      [after.order.totalMinor, after.issuance.chargedMinor, await balance()],
      [2 * price, 2 * price, money - 2 * price],
    );
    const events = await eventsOf(view);
    const { number } = view.order;
    const found = (kind: string) => events.find((event) => event.kind === kind);
    assert.deepEqual(found('order.removalRequested')?.data, { number, names: [b] });
    assert.deepEqual(found('order.namesRemoved')?.data, { number, names: [b], refundedMinor: price });
    assert.equal(found('order.namesRemoved')?.actor, 'system');
    await assertIssuedFor(view, a, c);
  });

  it('that the upstream keeps stays, with its reason, and nothing is refunded', async () => {
    await begin();
    const view = await place(a, b);
    upstream.keptNames = [b];
    await assert.rejects(remove(view, b), refused('issuerKeptName'));
    assert.deepEqual([textsOf(await see(view)), await wishes(view), await balance()], [[a, b], [], money - 2 * price]);
    const { items } = await app.ports.orderPages.timeline(customer.caller, view.order, { limit: 50 });
    const system = { id: 'system', kind: 'system', name: 'certmux', credential: null } as const;
    const shown = items.map((item) => timelineEntryToWire(item, system, 'en'));
    const refusal = shown.find(({ kind }) => kind === 'order.removalRefused');
    assert.deepEqual([refusal?.text, refusal?.name], ['the issuer did not take names out', b]);
    assert.match(refusal?.reason ?? '', /b\.example\.com/);
    await assertIssuedFor(view, a, b);
  });

  it('that it has accepted is not taken out, nor one that the order does not hold', async () => {
    await begin();
    upstream.acceptedNames = [a];
    const view = await place(a, b, c);
    await assert.rejects(remove(view, a), refused('wrongState'));
    await assert.rejects(remove(view, 'd.example.com'), refused('notFound'));
    assert.equal(countCalls('removeName'), 0);
    const after = await removeUnproved(view);
    assert.deepEqual(textsOf(after), [a]);
  });

  it('that is the last one stays, counting those that are still on their way', async () => {
    await begin({ terms: { relayWaitMs: 0 } });
    const view = await place(a, b);
    upstream.isAway = true;
    await remove(view, a);
    await app.idle();
    assert.deepEqual([textsOf(await see(view)), await wishes(view)], [[a, b], [a]]);
    await assert.rejects(remove(view, b), refused('lastName'));
    await assert.rejects(removeUnproved(view), refused('lastName'));
    upstream.isAway = false;
    await app.advance(600);
    assert.deepEqual([textsOf(await see(view)), await balance()], [[b], money - price]);
    await assert.rejects(remove(view, b), refused('lastName'));
  });

  it('cannot be taken out where the upstream has no call for that', async () => {
    await begin({ takesNamesOut: false });
    const view = await place(a, b);
    await assert.rejects(remove(view, b), refused('relayedNamesFixed'));
    assert.deepEqual([textsOf(await see(view)), await balance()], [[a, b], money - 2 * price]);
  });

  it('may leave before there are challenges: it does once there are', async () => {
    await begin();
    upstream.isPreparing = true;
    const view = await place(a, b);
    const before = await remove(view, b);
    assert.deepEqual([textsOf(before), await wishes(view), countCalls('removeName')], [[a, b], [b], 0]);
    upstream.prepare(bought().reference);
    await app.advance(60);
    assert.deepEqual([textsOf(await see(view)), countCalls('removeName')], [[a], 1]);
    await assertIssuedFor(view, a);
  });

  it('leaves a reissue, and is refunded where it was charged for it', async () => {
    await begin();
    const view = await place(a);
    await upstream.accept(bought().reference);
    await app.advance(120);
    const wish = await reissueFor([a, b], { preferredMethod: 'dnsCname' });
    const again = await passingTime(app.clock, app.ports.issuances.reissue(customer.caller, view.order, wish), 1000);
    assert.equal(await balance(), money - 2 * price);
    const after = await remove(again, b);
    assert.deepEqual([textsOf(after), await balance()], [[a], money - price]);
  });
});

describe('two removals at once', () => {
  it('of two names take out both, each refunded once', async () => {
    await begin();
    const view = await place(a, b, c);
    await Promise.all([remove(view, a), remove(view, b)]);
    assert.deepEqual([textsOf(await see(view)), namesThere(), await balance()], [[c], [c], money - price]);
    await assertIssuedFor(view, c);
  });

  it('of one name take it out once', async () => {
    await begin();
    const view = await place(a, b);
    const outcomes = await Promise.allSettled([remove(view, b), remove(view, b)]);
    // The second sees it leave, or finds it gone.
    for (const one of outcomes) {
      if (one.status === 'rejected') assert.ok(refused('notFound')(one.reason), String(one.reason));
    }
    assert.equal(
      outcomes.some(({ status }) => status === 'fulfilled'),
      true,
    );
    assert.deepEqual([textsOf(await see(view)), await balance()], [[a], money - price]);
    await assertIssuedFor(view, a);
  });

  it('that together take out all leave the last name', async () => {
    await begin();
    const view = await place(a, b);
    const outcomes = await Promise.allSettled([remove(view, a), remove(view, b)]);
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.deepEqual([namesThere().length, await balance()], [1, money - price]);
  });
});

describe('an order that is issued meanwhile', () => {
  it('keeps the name: the certificate is for all of them, and nothing is refunded', async () => {
    await begin({ terms: { relayWaitMs: 0 } });
    const view = await place(a, b);
    upstream.spoil('removeName', 'loseRequest');
    await remove(view, b);
    await app.idle();
    await upstream.accept(bought().reference);
    await app.advance(600);
    const { certificate } = await see(view);
    assert.deepEqual([certificate?.names.toSorted(), await balance()], [[a, b], money - 2 * price]);
    const event = (await eventsOf(view)).find(({ kind }) => kind === 'order.removalRefused');
    assert.equal((event?.data.reason as { readonly key: string } | undefined)?.key, 'issuerKeptName');
    await assert.rejects(remove(view, b), refused('wrongState'));
  });

  it('and whose names are accepted before the wish is passed on, refuses it', async () => {
    await begin({ terms: { relayWaitMs: 0 } });
    upstream.isPreparing = true;
    upstream.isSlow = true;
    const view = await place(a, b);
    await remove(view, b);
    assert.deepEqual(await wishes(view), [b]);
    await upstream.accept(bought().reference);
    await app.advance(120);
    assert.deepEqual(
      [(await see(view)).issuance.state, await wishes(view), countCalls('removeName')],
      ['issuing', [], 0],
    );
    const event = (await eventsOf(view)).find(({ kind }) => kind === 'order.removalRefused');
    assert.equal((event?.data.reason as { readonly key: string } | undefined)?.key, 'relayedNamesProved');
  });
});

describe('a reply that is lost', () => {
  for (const mishaps of [['loseReply'], ['loseRequest'], ['loseReply', 'loseReply', 'loseRequest']] as const) {
    it(`(${mishaps.join(', ')}) takes the name out and refunds it once`, async () => {
      await begin({ terms: { relayWaitMs: 0 } });
      const view = await place(a, b);
      upstream.spoil('removeName', ...mishaps);
      await remove(view, b);
      await app.advance(900);
      assert.deepEqual([textsOf(await see(view)), await wishes(view), await balance()], [[a], [], money - price]);
      await assertIssuedFor(view, a);
    });
  }

  it('because we end in the call: the next start finds the name gone, and refunds it once', async () => {
    await begin({ terms: { relayWaitMs: 0 } });
    const view = await place(a, b);
    upstream.spoil('removeName', 'hang');
    // It is taken out there, and we never hear of it.
    await remove(view, b);
    bought().names = bought().names.filter(({ value }) => value !== b);
    const issuer = createRelayingIssuer(upstream, () => app.clock, {});
    app = await app.restart({ afterSeconds: 60, upstreams: [issuer] });
    await app.advance(300);
    assert.deepEqual([textsOf(await see(view)), await balance()], [[a], money - price]);
    await assertIssuedFor(view, a);
  });

  it('and an order that is cancelled then give back everything, once', async () => {
    await begin({ terms: { relayWaitMs: 0 } });
    const view = await place(a, b);
    upstream.spoil('removeName', 'loseReply');
    await remove(view, b);
    await app.idle();
    await app.ports.orders.cancel(customer.caller, view.order);
    await app.advance(900);
    assert.deepEqual([bought().state, await balance()], ['cancelled', money]);
  });
});

describe('rows of before', () => {
  it('have nothing to take out', () => {
    const stored =
      '{"wish":{"number":1,"choices":[],"wantsCheck":true},"refusal":null,"proofsUntil":null,"checkedAt":null}';
    assert.deepEqual(relayJson.read(stored).wish, { number: 1, choices: [], removals: [], wantsCheck: true });
  });
});
