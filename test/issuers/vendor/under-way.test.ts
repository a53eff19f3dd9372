/** What happens here while an order is under way at a vendor: its account is suspended, it is late, its issuer has another name, somebody reads it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { money, openVendorScene, priceMinor, type VendorScene, waysOut } from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const name = 'shop.example.com';
const isHere = (view: OrderView, state: string) => async () =>
  (await scene.app.database.read.issuances.get(view.issuance.id))?.state === state;

/** Bought, and every name proved: it is the vendor's turn. */
async function underWay(): Promise<OrderView> {
  scene.double.isSlow = true;
  const view = await scene.place([name]);
  scene.prove(name);
  await scene.ends(view, async () => (await scene.upstreamOrder(view))?.state === 'issuing' && scene.purchases() > 0);
  await scene.ends(view, async () => (await scene.vendorOrder(view))?.step === 'bought');
  return view;
}

/** The customer has the money back, and what the vendor has is cancelled there, or withheld when it comes. */
async function assertGivenUp(view: OrderView): Promise<void> {
  assert.equal(await scene.balance(), money);
  await scene.passHours(1);
  const [order = assert.fail('an order there')] = scene.double.orders;
  if (order.state === 'cancelled') {
    assert.equal((await scene.upstreamOrder(view))?.state, 'cancelled');
  } else {
    await scene.double.decide(order.reference, 'issued');
    await scene.passUntil(() => scene.isOverThere(view), 'it is over there');
    assert.equal((await scene.upstreamOrder(view))?.state, 'withheld');
  }
  assert.equal(scene.purchases(), 1);
  assert.equal(await scene.balance(), money);
}

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    it('its account is suspended', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await underWay();
      const { accounts } = scene.app.ports;
      await accounts.change(scene.app.operator, scene.customer.account.id, { state: 'suspended' });
      await scene.passUntil(isHere(view, 'failed'), 'it has failed');
      assert.equal(await scene.told(view), 'accountSuspended');
      await accounts.change(scene.app.operator, scene.customer.account.id, { state: 'active' });
      await assertGivenUp(view);
    });

    it('its deadline passes, and the terms give it up', async () => {
      scene = await openVendorScene({ vendor, mode, terms: { deadlineHours: 6, afterDeadline: 'fail' } });
      const view = await underWay();
      await scene.passHours(3);
      assert.equal(await scene.told(view), null);
      await scene.passUntil(isHere(view, 'failed'), 'it has failed', 10);
      assert.equal(await scene.told(view), 'upstreamOverdue');
      await assertGivenUp(view);
    });

    it('its deadline passes, and the terms leave it to the operator: what comes late is delivered', async () => {
      scene = await openVendorScene({ vendor, mode, terms: { deadlineHours: 6, afterDeadline: 'wait' } });
      const view = await underWay();
      await scene.passUntil(async () => (await scene.told(view)) === 'upstreamOverdue', 'the operator is told', 10);
      const [order = assert.fail('an order there')] = scene.double.orders;
      await scene.double.decide(order.reference, 'issued');
      await scene.ends(view);
      await scene.assertIssued(view);
      assert.equal(await scene.balance(), money - priceMinor);
    });

    it('its issuer has another name: it waits for the former, and nothing is asked or bought meanwhile', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await underWay();
      await scene.restart({ issuerId: 'renamed' });
      const { length: calls } = scene.double.calls;
      await scene.passHours(5);
      assert.equal(await scene.told(view), 'issuerUnavailable');
      assert.equal(scene.double.calls.length, calls);
      await scene.restart({ issuerId: 'vendor' });
      const [order = assert.fail('an order there')] = scene.double.orders;
      await scene.double.decide(order.reference, 'issued');
      await scene.ends(view);
      await scene.assertIssued(view);
    });

    it('the vendor hangs while somebody reads it: the read does not wait', { timeout: 30_000 }, async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await underWay();
      const planned = scene.trouble('hangsBefore', 0);
      await scene.passUntil(() => planned.isMet, 'the vendor hangs');
      const monotonicMs = scene.app.clock.monotonicMs();
      // Nobody moves the clock: a read that waited would never answer.
      const seen = await scene.app.ports.orders.get(scene.customer.caller, view.order);
      assert.equal(scene.app.clock.monotonicMs(), monotonicMs);
      assert.equal(seen.issuance.id, view.issuance.id);
    });
  });
}
