/** An order that was given up while its reply was lost, and that nobody could find: the operator says later what became of it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { refused } from '../../support/refused.ts';
import { mannersOf, money, openVendorScene, type VendorScene, waysOut } from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const name = 'shop.example.com';

async function lost(trouble: 'taken' | 'neverArrived'): Promise<OrderView> {
  scene.double.isSlow = true;
  if (trouble === 'taken') scene.spoilPurchase();
  const view = await scene.place([name]);
  scene.prove(name);
  await scene.ends(view, async () => (await scene.vendorOrder(view))?.step === 'sent');
  await scene.cancel(view);
  await scene.passUntil(async () => (await scene.upstreamOrder(view))?.state === 'lost', 'it is lost', 16 * 24);
  assert.equal(await scene.balance(), money);
  return view;
}

for (const { vendor, mode } of waysOut.filter((way) => mannersOf(way.vendor).lostPurchases === 'never')) {
  describe(`${vendor} (${mode})`, () => {
    it('is found: what comes of it is withheld, and revoked where the vendor can', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await lost('taken');
      const [order = assert.fail('an order there')] = scene.double.orders;
      await scene.resolve(view, { reference: order.reference });
      assert.equal((await scene.upstreamOrder(view))?.endedAt, null, 'it is under way again');
      await scene.passHours(1);
      if (order.state !== 'cancelled') await scene.double.decide(order.reference, 'issued');
      await scene.passUntil(() => scene.isOverThere(view), 'it is over there');
      const { state } = (await scene.upstreamOrder(view)) ?? assert.fail();
      assert.equal(state, order.state === 'cancelled' ? 'cancelled' : 'withheld');
      const canRevoke = 'revoke' in (scene.app.context.issuers.get('vendor') ?? {});
      if (state === 'withheld' && canRevoke) {
        await scene.passUntil(() => scene.double.revoked.length === 1, 'it is revoked there');
      }
      assert.equal(scene.purchases(), 1);
      assert.equal(await scene.balance(), money, 'the customer was paid back once');
    });

    it('was never ordered: it is over, and nothing is bought', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await lost('taken');
      // Deleted there, or never seen: the operator finds no such order.
      (scene.double.orders as unknown[]).length = 0;
      await scene.resolve(view, 'notOrdered');
      await scene.passUntil(() => scene.isOverThere(view), 'it is over there');
      assert.equal((await scene.upstreamOrder(view))?.state, 'cancelled');
      assert.equal(scene.purchases(), 0);
      assert.equal(await scene.balance(), money);
      await assert.rejects(scene.resolve(view, 'notOrdered'), refused('vendorNothingLost'));
    });
  });
}
