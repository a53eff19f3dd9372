/** An issuer that has another vendor, address or account by now: what was bought before is asked for nowhere else, and bought nowhere twice. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { renderReason } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { VendorOrder } from '../../../src/domain/vendor-order.ts';
import { refused } from '../../support/refused.ts';
import { mannersOf, openVendorScene, usualUrlOf, type VendorScene, waysOut } from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const name = 'shop.example.com';
const movedUrl = 'https://moved.example';
/** The call that looks for a lost purchase, where there is one. */
const searches: Readonly<Record<string, string>> = { Racent: 'certIdByrefId', 'DigiCert CertCentral': 'alternate' };

/** Under way at the vendor; `isLost`: the reply to the purchase did not arrive. */
async function underWay(isLost: boolean): Promise<OrderView> {
  scene.double.isSlow = true;
  if (isLost) {
    scene.spoilPurchase();
    // So that it is not found again at once.
    const search = searches[scene.manners.title];
    if (search !== undefined) scene.double.spoil(search, ...Array.from({ length: 6 }, () => 'loseRequest' as const));
  }
  const view = await scene.place([name]);
  scene.prove(name);
  await scene.ends(view, async () => (await scene.vendorOrder(view))?.step === (isLost ? 'sent' : 'bought'));
  return view;
}

async function rowOf(view: OrderView): Promise<VendorOrder> {
  return (await scene.vendorOrder(view)) ?? assert.fail('a row');
}

/** As a version that kept no addresses has left it. */
async function forgetAddress(view: OrderView): Promise<void> {
  const row = await rowOf(view);
  const isKept = await scene.app.database.write((tx) =>
    tx.vendorOrders.replace(row, { ...row, vendor: null, baseUrl: null }),
  );
  assert.ok(isKept);
}

/** The reason, by its key, and that nothing was sent meanwhile. */
async function waitsInVain(view: OrderView): Promise<string | null> {
  const { length: calls } = scene.double.calls;
  await scene.passHours(5);
  assert.equal(scene.double.calls.length, calls, 'nobody was asked');
  assert.equal(scene.purchases(), 1);
  return scene.told(view);
}

async function endsWell(view: OrderView, resolvedWith?: string): Promise<void> {
  scene.double.isSlow = false;
  const [order = assert.fail('an order there')] = scene.double.orders;
  if (order.state === 'pending') await scene.double.decide(order.reference, 'issued');
  const isLost = async () => (await scene.told(view)) === 'vendorReplyLost';
  await scene.ends(view, isLost);
  if (resolvedWith === undefined && (await isLost())) await scene.resolve(view, { reference: numberOf(order) });
  await scene.ends(view);
  await scene.assertIssued(view);
}

/** As the client half names it: an order of DigiCert has certificates, by which its double keeps its books. */
function numberOf(order: { readonly reference: string }): string {
  return 'number' in order ? String(order.number) : order.reference;
}

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    for (const isLost of [false, true]) {
      const what = isLost ? 'a purchase without a reply' : 'an order';

      it(`that has moved: ${what} waits, names both addresses, and goes on once the former one is configured`, async () => {
        scene = await openVendorScene({ vendor, mode });
        const view = await underWay(isLost);
        await scene.restart({ baseUrl: movedUrl });
        assert.equal(await waitsInVain(view), 'vendorAddressChanged');
        const why = (await scene.see(view)).issuance.rest?.reason ?? assert.fail();
        for (const language of ['en', 'zh'] as const) {
          const text = renderReason(why, language);
          assert.ok(text.includes(usualUrlOf(vendor)) && text.includes(movedUrl), text);
        }
        await scene.restart({ baseUrl: movedUrl, formerUrls: [usualUrlOf(vendor)] });
        await endsWell(view);
        const { vendor: api, baseUrl } = await rowOf(view);
        assert.deepEqual([api, baseUrl], [vendor, movedUrl], 'it was seen there since');
      });

      it(`in whose place there is another one: ${what} waits until it is as it was`, async () => {
        scene = await openVendorScene({ vendor, mode });
        const view = await underWay(isLost);
        await scene.restart({ dialect: 'another' });
        assert.equal(await waitsInVain(view), 'vendorAddressChanged');
        await scene.restart({ dialect: vendor });
        await endsWell(view);
      });

      it(`of which nobody knows where it was: ${what} waits for the operator, who finds it there`, async () => {
        scene = await openVendorScene({ vendor, mode });
        const view = await underWay(isLost);
        await forgetAddress(view);
        await scene.restart();
        assert.equal(await waitsInVain(view), 'vendorAddressUnknown');
        const [order = assert.fail('an order there')] = scene.double.orders;
        const number = numberOf(order);
        await assert.rejects(
          scene.resolve(view, { reference: `${number}9` }),
          refused(isLost ? 'vendorReferenceUnknown' : 'vendorNothingLost'),
        );
        await scene.resolve(view, { reference: number });
        assert.equal((await rowOf(view)).baseUrl, usualUrlOf(vendor));
        await endsWell(view, number);
      });
    }

    it('that has moved: a number is not looked for at the new address', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await underWay(true);
      await scene.restart({ baseUrl: movedUrl });
      await scene.passHours(1);
      const { length: calls } = scene.double.calls;
      const [order = assert.fail('an order there')] = scene.double.orders;
      await assert.rejects(scene.resolve(view, { reference: numberOf(order) }), refused('vendorAddressChanged'));
      assert.equal(scene.double.calls.length, calls);
    });

    it('that has moved: one that is cancelled is cancelled nowhere else, and the operator reads why', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await underWay(false);
      await scene.restart({ baseUrl: movedUrl });
      const { length: calls } = scene.double.calls;
      await scene.cancel(view);
      await scene.passHours(5);
      assert.equal(scene.double.calls.length, calls);
      const there = await scene.upstreamOrder(view);
      assert.equal(there?.state, 'cancelling');
      assert.match(there?.lastFault ?? '', new RegExp(`${usualUrlOf(vendor)}.*${movedUrl}`));
    });

    if (mannersOf(vendor).reissues !== null) {
      it('that has moved: a reissue waits, and is part of the order once the former address is configured', async () => {
        scene = await openVendorScene({ vendor, mode });
        const first = await scene.place([name]);
        scene.prove(name);
        await scene.ends(first);
        await scene.restart({ baseUrl: movedUrl });
        const again = await scene.reissue(first, [name]);
        await scene.ends(again, async () => (await scene.told(again)) === 'vendorAddressChanged');
        assert.equal(await waitsInVain(again), 'vendorAddressChanged');
        await scene.restart({ baseUrl: movedUrl, formerUrls: [usualUrlOf(vendor)] });
        await scene.ends(again);
        await scene.assertIssued(again, 2);
        assert.equal((await rowOf(again)).kind, 'reissue');
      });

      it('in whose place there is another one: a reissue is bought anew', async () => {
        scene = await openVendorScene({ vendor, mode });
        const first = await scene.place([name]);
        scene.prove(name);
        await scene.ends(first);
        await scene.restart({ dialect: 'another', baseUrl: movedUrl });
        const again = await scene.reissue(first, [name]);
        await scene.ends(again);
        await scene.assertIssued(again, 2);
        const { kind, of } = await rowOf(again);
        assert.deepEqual([kind, of], ['new', null]);
      });
    }

    it('that has moved: what is revoked here is revoked there once the former address is configured', async () => {
      scene = await openVendorScene({ vendor, mode });
      if (!('revoke' in (scene.app.context.issuers.get('vendor') ?? {}))) return;
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view);
      await scene.restart({ baseUrl: movedUrl });
      await scene.app.ports.revocations.revokeOrder(scene.customer.caller, view.order, 'superseded');
      await scene.passHours(3);
      assert.deepEqual(scene.double.revoked, []);
      const account = await scene.app.database.read.upstreamAccounts.get('vendor');
      assert.equal(account?.faults ?? 0, 0, 'which says nothing of the vendor of today');
      await scene.restart({ baseUrl: movedUrl, formerUrls: [usualUrlOf(vendor)] });
      await scene.passUntil(() => scene.double.revoked.length === 1, 'it is revoked there');
    });
  });
}
