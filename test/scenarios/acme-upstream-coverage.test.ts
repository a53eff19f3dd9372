/** A year of coverage by certificates of 90 days: one after the other, when the CA wants it, each bought once; and the next year. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeDoors, type AcmeDoorsOptions, openAcmeDoors } from '../support/acme-doors.ts';
import { createBuyer } from '../support/buyers.ts';

let scene: AcmeDoors;
afterEach(() => scene.doors.app.close());

const names = ['shop.example.com', '*.shop.example.com'];
const dayMs = 86_400_000;
const stepDays = 1;

const bought = () => scene.ca.books.certificates;
const current = async () => {
  const view = (await scene.orders()).find(({ order }) => order.state === 'active');
  return view?.certificate ?? assert.fail('there is an active order with a certificate');
};

/** @returns the number of the order */
async function order(options: AcmeDoorsOptions = {}): Promise<number> {
  scene = await openAcmeDoors({ ca: { settings: { validityDays: 90 } }, ...options });
  scene.prepare(...names);
  const buyer = await createBuyer('native', scene);
  const id = await buyer.order(names);
  await scene.passUntil(async () => (await buyer.show(id)).state === 'active', 'it is issued');
  return Number(id);
}

/** @param look every few days */
async function passDays(days: number, look: () => Promise<void> = async () => undefined): Promise<void> {
  for (let passed = 0; passed < days; passed += stepDays) {
    // As after a night of sleep: the runner looks once a minute, and a year of minutes is long.
    scene.doors.app.clock.set(Math.min(stepDays, days - passed) * dayMs);
    for (let look = 0; look < 3; look++) await scene.doors.app.advance(61);
    await look();
  }
  // What fell due at the end takes a few calls of the CA.
  for (let call = 0; call < 6; call++) await scene.doors.app.advance(10);
}

describe('an order of a year at a CA of 90 days', () => {
  it('always has a valid certificate, each in the place of the one before, and none is bought twice', async () => {
    const number = await order();
    await passDays(360, async () => {
      const { notAfter } = await current();
      assert.ok(notAfter > scene.doors.app.clock.now(), 'it has not expired');
    });
    const { order: year, certificate } = await scene.see(number);
    assert.equal(year.state, 'active');
    const count = bought().length;
    assert.ok(count >= 5 && count <= 7, `${count} certificates`);
    assert.equal(certificate?.serial, bought().at(-1)?.serialHex);
    const replaced = bought().map(({ order: { replaces } }) => replaces);
    assert.deepEqual(replaced, [
      undefined,
      ...bought()
        .slice(0, -1)
        .map(({ certId }) => certId),
    ]);
    assert.equal(new Set(bought().map(({ order: { id } }) => id)).size, count);
    assert.deepEqual(scene.ca.books.bugs, []);
  });

  it('has the next certificate when the CA wants it renewed at once', async () => {
    await order();
    await passDays(5);
    const [first = assert.fail()] = bought();
    assert.equal(bought().length, 1);
    scene.ca.renewNow(first);
    await passDays(2);
    assert.deepEqual(
      bought().map(({ order: { replaces } }) => replaces),
      [undefined, first.certId],
    );
    await passDays(5);
    assert.equal(bought().length, 2, 'and not again');
  });

  it('waits for the customer where the delegation was taken away, and goes on once it is back', async () => {
    await order();
    scene.unprepare(...names);
    await passDays(80);
    assert.equal(bought().length, 1);
    const [view = assert.fail()] = await scene.orders();
    assert.equal(view.issuance.rest?.turn, 'customer');
    scene.prepare(...names);
    await scene.passUntil(() => bought().length === 2, 'the next one is bought');
  });

  it('is followed by an order of the next year where it renews itself', async () => {
    const number = await order();
    const { app } = scene.doors;
    await app.ports.orders.change(app.operator, { number }, { isAutoRenewed: true });
    await passDays(370);
    const [second = assert.fail(), first = assert.fail(), ...others] = await scene.orders();
    assert.deepEqual(others, []);
    assert.deepEqual([first.order.number, first.order.renewedBy], [number, second.order.id]);
    assert.equal(second.order.state, 'active');
    assert.ok((second.order.coverageUntil ?? 0) > (first.order.coverageUntil ?? 0), 'it covers another year');
    assert.equal(second.certificate?.serial, bought().at(-1)?.serialHex);
    assert.ok((await current()).notAfter > app.clock.now());
    assert.equal(new Set(bought().map(({ order: { id } }) => id)).size, bought().length);
  });
});
