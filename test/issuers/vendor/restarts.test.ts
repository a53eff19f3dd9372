/** Any call to a vendor goes wrong, or we are killed in it: each issuance is bought once, or waits for the operator. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  money,
  openVendorScene,
  type Planned,
  priceMinor,
  troubles,
  type VendorScene,
  waysOut,
} from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

/** More than any vendor is called for an order that goes well. */
const mostCalls = 9;

/** Until it has ended; what nobody can find out the operator does, from the books. */
async function endsAtLast(view: OrderView, name: string): Promise<void> {
  const isLost = async () => (await scene.told(view)) === 'vendorReplyLost';
  await scene.ends(view, isLost);
  if (!(await isLost())) return;
  assert.equal(scene.manners.lostPurchases, 'never', 'a vendor that can be searched is searched');
  const found = scene.double.orders.find(({ names }) => names.includes(name));
  await scene.resolve(view, found === undefined ? 'notOrdered' : { reference: found.reference });
  await scene.ends(view);
}

/** Orders one after the other, each with trouble one call later, until there is none to have trouble with. */
async function troubleAtEachCall(begin: (calls: number) => Planned, during?: (planned: Planned) => Promise<void>) {
  for (let calls = 0; ; calls++) {
    assert.ok(calls < mostCalls, `${calls} calls`);
    const name = `shop${calls}.example.com`;
    scene.double.isProved = false;
    const planned = begin(calls);
    const view = await scene.place([name]);
    scene.prove(name);
    if (during !== undefined) {
      await scene.ends(view, async () => planned.isMet);
      await during(planned);
    }
    await endsAtLast(view, name);
    await scene.assertIssued(view);
    assert.equal(await scene.balance(), money - (calls + 1) * priceMinor);
    if (!planned.isMet) return;
  }
}

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    // A page with 502 differs from one with 200 for the client half alone, and a hang is cut off as one that is not heard.
    for (const trouble of troubles.filter((one) => one !== 'gateway' && one !== 'hangsBefore')) {
      it(`sells one where any call ${trouble}`, async () => {
        scene = await openVendorScene({ vendor, mode });
        await troubleAtEachCall((calls) => scene.trouble(trouble, calls));
      });
    }

    for (const trouble of ['hangsBefore', 'hangsAfter'] as const) {
      it(`sells one where we end in any call that ${trouble}`, async () => {
        scene = await openVendorScene({ vendor, mode });
        await troubleAtEachCall(
          (calls) => scene.trouble(trouble, calls),
          async ({ isMet }) => {
            if (isMet) await scene.restart({ afterSeconds: 5 });
          },
        );
      });
    }
  });
}
