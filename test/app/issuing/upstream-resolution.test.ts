/** Orders at a vendor whose reply was lost, and that nobody can search for: the operator says what became of them. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { UpstreamRequest } from '../../../src/domain/ports/issuer.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { VendorOrder } from '../../../src/domain/vendor-order.ts';
import { keepBought, RowMoved } from '../../../src/issuers/vendor/kept-row.ts';
import { refused } from '../../support/refused.ts';
import { until } from '../../support/system.ts';
import { type FakeScene, openFakeScene } from '../../support/vendors/fake-scene.ts';

let scene: FakeScene;
beforeEach(async () => {
  scene = await openFakeScene();
});
afterEach(() => scene.app.close());

/** An order whose purchase was taken, or never arrived, without a reply. */
async function lost(mishap: 'loseReply' | 'loseRequest', name = 'a.example.com'): Promise<OrderView> {
  const { app, fake } = scene;
  fake.mishaps.push(mishap);
  const view = await scene.order(name);
  await until(async () => {
    await app.advance(60);
    return (await scene.see(view)).issuance.rest?.turn === 'operator';
  }, 'it waits for the operator');
  return view;
}

const resolve = (view: OrderView, found: { reference: string } | 'notOrdered') =>
  scene.app.ports.upstreams.resolve(scene.app.operator, view.issuance.id, found);
const rowOf = ({ issuance }: OrderView) => scene.app.database.read.vendorOrders.get(issuance.id);
const stateOf = async (view: OrderView) => (await scene.see(view)).issuance.state;
const saidOf = async ({ order }: OrderView) => {
  const { app } = scene;
  const { items } = await app.ports.events.list(app.operator, { limit: 100, subject: order.id });
  return items.filter(({ kind }) => kind === 'upstream.resolved').map(({ actor, data }) => [actor, data.reference]);
};

test('nothing is sent again until somebody says what became of it', async () => {
  const { app, fake } = scene;
  const view = await lost('loseReply');
  await app.advance(7200);
  assert.equal(fake.sold.length, 1);
  assert.equal(await stateOf(view), 'issuing');
  assert.equal((await scene.see(view)).issuance.rest?.reason.key, 'vendorReplyLost');
  const { vendorOrder } = await app.ports.upstreams.order(app.operator, view.issuance.id);
  assert.deepEqual([vendorOrder?.step, vendorOrder?.reference, vendorOrder?.product], ['sent', null, 'dv']);
});

test('with its number it is driven on at once, paid for once, and the audit log has who said so', async () => {
  const { app, fake } = scene;
  const view = await lost('loseReply');
  const { vendorOrder } = await resolve(view, { reference: 'v-1' });
  assert.deepEqual([vendorOrder?.step, vendorOrder?.reference?.order], ['bought', 'v-1']);
  await app.idle();
  assert.equal(await stateOf(view), 'issued');
  assert.equal(fake.sold.length, 1);
  assert.deepEqual(await saidOf(view), [['crd_operator', 'v-1']]);
  const costs = await app.database.read.upstreamCosts.listOf(view.issuance.id);
  assert.deepEqual(
    costs.map(({ kind, vendorNumber, amountMinor }) => [kind, vendorNumber, amountMinor]),
    [['purchase', 'v-1', 40_00]],
  );
});

test('where it was not ordered it is ordered at once, for the first time', async () => {
  const { app, fake } = scene;
  const view = await lost('loseRequest');
  assert.equal(fake.sold.length, 0);
  await resolve(view, 'notOrdered');
  await app.idle();
  assert.equal(await stateOf(view), 'issued');
  assert.equal(fake.sold.length, 1);
  assert.deepEqual(await saidOf(view), [['crd_operator', null]]);
});

test('a number that the vendor does not know changes nothing', async () => {
  const view = await lost('loseReply');
  await assert.rejects(resolve(view, { reference: 'v-9' }), refused('vendorReferenceUnknown'));
  assert.equal((await rowOf(view))?.step, 'sent');
  assert.deepEqual(await saidOf(view), []);
});

test('a number that another issuance was bought under is refused', async () => {
  const { fake } = scene;
  await scene.order('first.example.com');
  assert.equal(fake.sold.length, 1);
  const view = await lost('loseReply');
  await assert.rejects(resolve(view, { reference: 'v-1' }), refused('vendorReferenceTaken'));
  assert.equal((await rowOf(view))?.step, 'sent');
});

test('a vendor that does not answer changes nothing', async () => {
  const view = await lost('loseReply');
  scene.fake.isAway = true;
  await assert.rejects(resolve(view, { reference: 'v-1' }), refused('vendorNotAnswering'));
  assert.equal((await rowOf(view))?.step, 'sent');
});

test('what is not lost is refused, and so is what nobody ordered', async () => {
  const view = await scene.order('a.example.com');
  assert.equal(await stateOf(view), 'issued');
  await assert.rejects(resolve(view, 'notOrdered'), refused('vendorNothingLost'));
  await assert.rejects(
    scene.app.ports.upstreams.resolve(scene.app.operator, 'iss_none', 'notOrdered'),
    refused('notFound'),
  );
});

test('of two operators at once one is heard', async () => {
  const { app, fake } = scene;
  const view = await lost('loseReply');
  const met = Promise.withResolvers<void>();
  let looking = 0;
  fake.beforeState = async () => {
    if (++looking === 2) met.resolve();
    if (looking <= 2) await met.promise;
  };
  const said = await Promise.allSettled([resolve(view, { reference: 'v-1' }), resolve(view, { reference: 'v-1' })]);
  assert.deepEqual(said.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  await app.idle();
  assert.equal(await stateOf(view), 'issued');
  assert.equal(fake.sold.length, 1);
  assert.equal((await saidOf(view)).length, 1);
});

test('of one who found it and one who did not the later one is refused, whichever that is', async () => {
  const { app, fake } = scene;
  const view = await lost('loseReply');
  const other = Promise.withResolvers<void>();
  fake.beforeState = () => other.promise;
  const slow = resolve(view, { reference: 'v-1' });
  fake.isSlow = true;
  await resolve(view, 'notOrdered');
  fake.beforeState = async () => undefined;
  await app.idle();
  other.resolve();
  await assert.rejects(slow, refused('vendorNothingLost'));
  await app.idle();
  assert.equal((await saidOf(view)).length, 1);
  assert.equal((await rowOf(view))?.reference?.order, 'v-2');
});

test('while the purchase itself is under way, whose reply may still come, nobody is heard', async () => {
  const { app, fake } = scene;
  const reply = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  fake.beforeReply = () => {
    asked.resolve();
    return reply.promise;
  };
  app.checks.place('a.example.com');
  const ordering = scene.order('a.example.com');
  await asked.promise;
  const [open] = await app.database.read.upstreamOrders.listOpen('vendor-account', 10);
  const id = open?.issuanceId ?? assert.fail('it is not at the vendor');
  await assert.rejects(app.ports.upstreams.resolve(app.operator, id, 'notOrdered'), refused('vendorOrderUnderWay'));
  reply.resolve();
  const view = await ordering;
  assert.equal(await stateOf(view), 'issued');
  assert.equal(fake.sold.length, 1);
});

test('the reply that comes when somebody said that there is none counts, and one to an older purchase does not', async () => {
  const { app } = scene;
  const view = await lost('loseReply');
  const sent = (await rowOf(view)) ?? assert.fail('it has no row');
  const { order } = view;
  const terms = {
    account: sent.account,
    deadlineHours: 1,
    afterDeadline: 'wait',
    concurrency: 1,
    budgets: [],
  } as const;
  const request = { issuanceId: view.issuance.id, ordered: { orderId: order.id, productId: order.productId } };
  const step = { row: sent, request: request as UpstreamRequest };
  const bought = { ...sent, step: 'bought', reference: { order: 'v-1', certificate: null } } as const;
  const here = { id: 'vendor', terms, dialect: 'fake', baseUrl: 'https://vendor.example', formerUrls: [] };
  const context = { ...here, clock: app.clock };
  const arrives = () => app.database.write((tx) => keepBought(context, tx, step, { bought, isOwed: false }));
  const stands = (before: VendorOrder, after: VendorOrder) =>
    app.database.write((tx) => tx.vendorOrders.replace(before, after));
  const waiting = { ...sent, step: 'waiting', sentAt: null } as const;
  const again = { ...sent, sentAt: app.clock.now() };
  assert.ok((await stands(sent, waiting)) && (await stands(waiting, again)));
  await assert.rejects(arrives(), RowMoved);
  assert.ok(await stands(again, waiting));
  await arrives();
  assert.deepEqual(await rowOf(view), bought);
});

test('an order that was given up meanwhile is cancelled at the vendor once it is found', async () => {
  const { app, customer, fake } = scene;
  fake.isSlow = true;
  const view = await lost('loseReply');
  await app.ports.orders.cancel(customer.caller, view.order);
  await app.idle();
  await resolve(view, { reference: 'v-1' });
  await app.idle();
  assert.equal(fake.sold[0]?.state, 'cancelled');
  assert.equal((await app.database.read.upstreamOrders.get(view.issuance.id))?.state, 'cancelled');
  const costs = await app.database.read.upstreamCosts.listOf(view.issuance.id);
  assert.deepEqual(
    costs.map(({ kind }) => kind),
    ['purchase', 'refund'],
  );
});
