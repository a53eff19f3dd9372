/** What is bought, what it costs us, and what customers paid for it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { monthAfter, monthOf } from '../../../src/domain/month.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { marginMinor } from '../../../src/domain/upstream-cost.ts';
import { place, reissueFor } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';
import {
  type FakeScene,
  fakeIssuers,
  openFakeScene,
  vendorAccount,
  vendorId,
} from '../../support/vendors/fake-scene.ts';

let scene: FakeScene;
beforeEach(async () => {
  scene = await openFakeScene();
});
afterEach(() => scene.app.close());

const linesOf = async ({ id }: OrderView['issuance']) => {
  const lines = await scene.app.database.read.upstreamCosts.listOf(id);
  return lines.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
};
const thisMonth = () => monthOf(scene.app.clock.now());
const report = (month = thisMonth(), upstream?: string) =>
  scene.app.ports.upstreams.costs(scene.app.operator, { month, ...(upstream === undefined ? {} : { upstream }) });
const days = (count: number) => scene.app.advance(count * 86_400);
/** The vendor is looked at within the hour. */
const looked = () => scene.app.advance(4000);

test('orders, payments and costs of a product stand in one line, by month', async () => {
  const { app, customer, order } = scene;
  const placed = await order('a.example.com');
  await order('b.example.com', 'c.example.com');
  const { paidMinor: first } = (await scene.see(placed)).order;
  const charged = 10_000_00 - (await app.ports.accounts.get(customer.caller)).balanceMinor;
  await app.ports.refunds.refund(app.operator, { id: placed.order.id }, { amountMinor: 5_00, note: 'kindness' });
  const [row, ...others] = await report();
  assert.deepEqual(others, []);
  assert.ok(row !== undefined && charged > first);
  assert.deepEqual([row.product.code, row.currency, row.orders], ['paid', 'CNY', 2]);
  const { chargedMinor, refundedMinor, costMinor, costRefundedMinor } = row;
  assert.deepEqual([chargedMinor, refundedMinor, costMinor, costRefundedMinor], [charged, 5_00, 80_00, 0]);
  assert.equal(marginMinor(row), charged - 5_00 - 80_00);
  assert.deepEqual(await report(thisMonth(), vendorAccount), [row]);
  assert.deepEqual(await report(monthAfter(thisMonth(), 1)), []);
  assert.deepEqual(await report(monthAfter(thisMonth(), -1)), []);
  await assert.rejects(report(thisMonth(), 'elsewhere'), refused('notFound'));
});

test('a later month has only what came then', async () => {
  const { app, order } = scene;
  const placed = await order('a.example.com');
  const before = thisMonth();
  const [first] = await report(before);
  await days(31);
  await app.ports.refunds.refund(app.operator, { id: placed.order.id }, { amountMinor: 3_00, note: 'late' });
  const [row] = await report();
  assert.notEqual(thisMonth(), before);
  assert.deepEqual([row?.orders, row?.chargedMinor, row?.refundedMinor, row?.costMinor], [0, 0, 3_00, 0]);
  assert.deepEqual((await report(before))[0], first);
});

test('what is bought in another currency than it is sold in has a line of its own', async () => {
  scene.fake.price = { minor: 9_00, currency: 'USD' };
  await scene.order('a.example.com');
  const rows = await report();
  assert.deepEqual(
    rows.map((row) => [row.currency, row.orders, row.costMinor, marginMinor(row) - row.chargedMinor]),
    [
      ['CNY', 1, 0, 0],
      ['USD', 0, 9_00, -9_00],
    ],
  );
});

test('a price that the vendor says only later is noted then, once, and one that changes after that is not', async () => {
  const { fake, order } = scene;
  fake.isSlow = true;
  fake.price = null;
  const { issuance } = await order('a.example.com');
  assert.deepEqual(await linesOf(issuance), []);
  const [sold] = fake.sold;
  assert.ok(sold);
  sold.price = { minor: 41_00, currency: 'CNY' };
  await looked();
  assert.deepEqual(await linesOf(issuance), ['purchase 4100']);
  sold.price = { minor: 43_00, currency: 'CNY' };
  await looked();
  assert.deepEqual(await linesOf(issuance), ['purchase 4100']);
});

test('an order that the vendor refuses after it took the money is given back', async () => {
  const { fake, order } = scene;
  fake.isSlow = true;
  const { issuance } = await order('a.example.com');
  await fake.decide('v-1', 'refused');
  await looked();
  assert.deepEqual(await linesOf(issuance), ['purchase 4000', 'refund 4000']);
});

for (const [after, lines] of [
  [1, ['purchase 4000', 'refund 4000']],
  [3, ['purchase 4000']],
] as const) {
  test(`an order that is cancelled after ${after} days, of the 2 of the vendor`, async () => {
    const { app, customer, fake, order } = scene;
    fake.isSlow = true;
    const placed = await order('a.example.com');
    await days(after);
    await app.ports.orders.cancel(customer.caller, placed.order);
    await app.idle();
    assert.equal(fake.sold[0]?.state, 'cancelled');
    assert.deepEqual(await linesOf(placed.issuance), lines);
  });

  test(`an order that the vendor cancels by itself after ${after} days`, async () => {
    const { fake, order } = scene;
    fake.isSlow = true;
    const placed = await order('a.example.com');
    await days(after);
    await fake.decide('v-1', 'cancelled');
    await looked();
    assert.deepEqual(await linesOf(placed.issuance), lines);
  });
}

for (const [price, lines] of [
  [40_00, []],
  [55_00, ['purchase 1500']],
] as const) {
  test(`another certificate of an order whose whole price is ${price} then costs what is above that of before`, async () => {
    const { app, customer, fake, order } = scene;
    const placed = await order('a.example.com');
    assert.deepEqual(await linesOf(placed.issuance), ['purchase 4000']);
    fake.price = { minor: price, currency: 'CNY' };
    const again = await app.ports.issuances.reissue(customer.caller, placed.order, await reissueFor(['a.example.com']));
    await app.idle();
    assert.deepEqual(
      fake.sold.map(({ purchase }) => purchase.kind),
      ['new', 'reissue'],
    );
    assert.deepEqual(await linesOf(again.issuance), lines);
  });
}

test('of one account: its costs, and what the orders brought that were placed there, of whatever product', async () => {
  const { app, order } = scene;
  await order('a.example.com');
  const [first] = await report();
  // The product is bought of another account from now on.
  const upstreams = fakeIssuers(scene.fake, { terms: { account: 'other-account' } });
  scene = { ...scene, app: await app.restart({ upstreams }) };
  for (const name of ['b.example.com', 'c.example.com']) {
    scene.app.checks.place(name);
    await place(scene.app, scene.customer.caller, [name], { productCode: 'encryption365:paid', issuerId: vendorId });
    await scene.app.idle();
  }
  const of = async (upstream?: string) => {
    const [row] = await report(thisMonth(), upstream);
    return [row?.orders, row?.chargedMinor, row?.costMinor];
  };
  const price = first?.chargedMinor ?? assert.fail();
  assert.deepEqual(await of(), [3, 3 * price, 120_00]);
  assert.deepEqual(await of('other-account'), [2, 2 * price, 80_00]);
});
