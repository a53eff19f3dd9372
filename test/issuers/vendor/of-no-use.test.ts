/** A reissue or a duplicate of an order that can serve no more at its vendor, for whatever became of it there: it is bought anew. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { mannersOf, openVendorScene, type VendorScene, waysOut } from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const name = 'shop.example.com';

async function issued(): Promise<OrderView> {
  const view = await scene.place([name]);
  scene.prove(name);
  await scene.ends(view);
  await scene.assertIssued(view);
  return view;
}

const kindOf = async (view: OrderView) => (await scene.vendorOrder(view))?.kind;

for (const { vendor, mode } of waysOut.filter((way) => mannersOf(way.vendor).reissues !== null)) {
  describe(`${vendor} (${mode})`, () => {
    for (const state of ['cancelled', 'refused'] as const) {
      it(`whose order was ${state} in its console`, async () => {
        scene = await openVendorScene({ vendor, mode });
        const first = await issued();
        for (const order of scene.double.orders) order.state = state;
        const again = await scene.reissue(first, [name]);
        await scene.ends(again);
        await scene.assertIssued(again, 2);
        assert.equal(await kindOf(again), 'new');
      });
    }

    it('whose certificate was revoked: a reissue, where its order allows it, and else a new order', async () => {
      scene = await openVendorScene({ vendor, mode });
      const first = await issued();
      const { certificate } = await scene.see(first);
      const { revocations } = scene.app.ports;
      await revocations.revokeCertificate(scene.customer.caller, certificate?.id ?? '', 'superseded');
      await scene.passUntil(() => scene.double.revoked.length === 1, 'it is revoked there');
      const again = await scene.reissue(first, [name]);
      await scene.ends(again);
      await scene.assertIssued(again, 2);
      // DigiCert revokes certificates, the others whole orders.
      assert.equal(await kindOf(again), vendor === 'digicert' ? 'reissue' : 'new');
    });
  });
}

describe('a reissue that the vendor does not take at the moment', () => {
  it('waits, and is part of its order later: that one is of use', async () => {
    scene = await openVendorScene({ vendor: 'encryption365' });
    const first = await issued();
    const [order = assert.fail('an order there')] = scene.double.orders;
    // Somebody reissues it in the console of the vendor.
    order.state = 'unproved';
    const again = await scene.reissue(first, [name]);
    await scene.ends(again, async () => (await scene.told(again)) === 'issuerRefused');
    await scene.passHours(2);
    assert.deepEqual([scene.double.orders.length, await kindOf(again)], [1, 'reissue']);
    order.state = 'issued';
    await scene.ends(again);
    await scene.assertIssued(again, 2);
    assert.equal(scene.double.orders.length, 1);
  });
});
