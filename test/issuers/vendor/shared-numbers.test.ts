/** A vendor that answers a purchase with the number of an order that another issuance has. */
import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { type FakeScene, openFakeScene } from '../../support/vendors/fake-scene.ts';

let scene: FakeScene;
afterEach(() => scene.app.close());

it('the second issuance waits for the operator, and its end does not touch the order of the first', async () => {
  scene = await openFakeScene();
  const { fake, app, customer } = scene;
  fake.isSlow = true;
  const first = await scene.order('a.example.com');
  await app.advance(60);
  const number = fake.sold[0]?.number ?? assert.fail('nothing was sold');
  const { place } = fake.upstream;
  Object.assign(fake.upstream, {
    place: async (...args: Parameters<typeof place>) => {
      const answer = await place(...args);
      return { ...answer, reference: { order: number, certificate: null } };
    },
  });
  const second = await scene.order('b.example.com');
  await app.advance(60);
  const { vendorOrders, issuances } = app.database.read;
  const [one, other] = [await vendorOrders.get(first.issuance.id), await vendorOrders.get(second.issuance.id)];
  assert.deepEqual([one?.reference?.order, other?.reference ?? null, other?.step], [number, null, 'sent']);
  const rest = (await issuances.get(second.issuance.id))?.rest;
  assert.deepEqual([rest?.turn, rest?.reason.key], ['operator', 'vendorReferenceTaken']);
  await app.ports.orders.cancel(customer.caller, second.order);
  await app.advance(3600);
  assert.equal(fake.sold[0]?.state, 'processing', 'the order of the first stays');
});
