/** Names taken out of orders that vendors have: by the vendors with a call for that, and by those that have no order yet. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CertError } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { names } from '../../support/app.ts';
import { passingTime } from '../../support/system.ts';
import { vendorNames } from '../../support/vendor-doors.ts';
import {
  mannersOf,
  money,
  openVendorScene,
  priceMinor,
  troubles,
  type VendorScene,
} from '../../support/vendor-scene.ts';
import { limited } from '../../support/vendors/books.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const [kept, gone] = ['shop.example.com', 'old.shop.example.com'] as const;
const keyOf = (thrown: unknown) => (thrown as CertError).reason.key;

/** As it is stored: a poll would wait for the call that hangs. */
const textsOf = async ({ issuance: { id } }: OrderView) =>
  (await scene.app.database.read.issuances.get(id))?.names.map(({ identifier }) => identifier.value);
const remove = (view: OrderView, ...texts: readonly string[]) =>
  passingTime(
    scene.app.clock,
    scene.app.ports.orders.removeNames(scene.customer.caller, view.order, names(...texts)),
    1000,
  );
const namesThere = () => scene.double.orders[0]?.names;
const asksForProofs = async (view: OrderView) => (await scene.upstreamOrder(view))?.state === 'proving';
/** Passed on and answered. */
const isAnswered = async (view: OrderView) => (await scene.upstreamOrder(view))?.relay?.wish.removals.length === 0;

async function placed(vendor: (typeof vendorNames)[number]): Promise<OrderView> {
  scene = await openVendorScene({ vendor });
  const view = await scene.place([kept, gone]);
  await scene.ends(view, () => asksForProofs(view));
  return view;
}

async function assertIssuedWithoutIt(view: OrderView): Promise<void> {
  scene.prove(kept);
  await scene.ends(view);
  const after = await scene.see(view);
  await scene.assertIssued(after);
  assert.deepEqual(await textsOf(view), [kept]);
  assert.equal(await scene.balance(), money - priceMinor);
}

describe('racent', () => {
  it('takes a name out, and sells the others', async () => {
    const view = await placed('racent');
    await remove(view, gone);
    assert.deepEqual([await textsOf(view), namesThere()], [[kept], [kept]]);
    assert.equal(await scene.balance(), money - priceMinor);
    await assertIssuedWithoutIt(view);
  });

  it('refuses: its words are the reason, and the name stays', async () => {
    const view = await placed('racent');
    const [order = assert.fail()] = scene.double.orders;
    order.state = 'pending';
    await assert.rejects(remove(view, gone), (thrown) => {
      assert.equal(keyOf(thrown), 'issuerKeptName');
      assert.match((thrown as CertError).message, /CA request failed/);
      return true;
    });
    assert.deepEqual([await textsOf(view), await scene.balance()], [[kept, gone], money - 2 * priceMinor]);
  });

  it('takes no calls for a while: it is called again then, once', async () => {
    const view = await placed('racent');
    scene.double.spoil('removeMdcDomain', limited(600));
    await remove(view, gone);
    assert.deepEqual(await textsOf(view), [kept, gone]);
    await scene.passUntil(() => isAnswered(view), 'it is passed on');
    assert.equal(scene.double.calls.filter((call) => call === 'removeMdcDomain').length, 2);
    await assertIssuedWithoutIt(view);
  });

  for (const trouble of troubles) {
    for (const calls of [0, 1]) {
      it(`takes it out once where call ${calls} ${trouble}`, async () => {
        const view = await placed('racent');
        scene.trouble(trouble, calls);
        await remove(view, gone);
        await scene.passUntil(() => isAnswered(view), 'it is passed on');
        assert.deepEqual([await textsOf(view), namesThere()], [[kept], [kept]]);
        await assertIssuedWithoutIt(view);
      });
    }
  }

  it('has taken it out and has issued when we start again, having heard of neither', async () => {
    const view = await placed('racent');
    const planned = scene.trouble('hangsAfter', 0);
    const waiting = remove(view, gone).catch((thrown: unknown) => thrown);
    await scene.passUntil(() => planned.isMet && namesThere()?.length === 1, 'it is out there');
    await scene.double.prove(scene.double.orders[0]?.reference ?? '');
    await scene.restart({ afterSeconds: 5 });
    await waiting;
    await scene.passUntil(() => isAnswered(view), 'it is passed on');
    await assertIssuedWithoutIt(view);
  });
});

describe('httpsok', () => {
  it('has no order before the names are delegated: a name leaves it without a call', async () => {
    const view = await placed('httpsok');
    const calls = scene.double.calls.length;
    await remove(view, gone);
    assert.deepEqual(await textsOf(view), [kept]);
    assert.ok(scene.double.calls.slice(calls).every((call) => call === 'dv'));
    await assertIssuedWithoutIt(view);
    assert.deepEqual(namesThere(), [kept]);
  });
});

for (const vendor of vendorNames) {
  const { modes } = mannersOf(vendor);
  if (vendor === 'racent' || vendor === 'httpsok' || !modes.includes('relay')) continue;
  describe(vendor, () => {
    it('has no such call: the refusal says so, and the order stays', async () => {
      scene = await openVendorScene({ vendor, mode: 'relay' });
      const view = await scene.place([kept, gone]);
      await scene.ends(view, () => asksForProofs(view));
      await assert.rejects(remove(view, gone), (thrown) => keyOf(thrown) === 'relayedNamesFixed');
      assert.deepEqual([await textsOf(view), await scene.balance()], [[kept, gone], money - 2 * priceMinor]);
    });
  });
}
