/** Orders one after the other at a vendor, each with trouble in a later call: in the end each was bought once, or waits for the operator. */
import assert from 'node:assert/strict';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import { money, type Planned, priceMinor, type VendorScene } from './vendor-scene.ts';

/** More than any vendor is called for an order that goes well. */
const mostCalls = 9;

/** Until it has ended; what nobody can find out the operator does, from the books. */
async function endsAtLast(scene: VendorScene, view: OrderView, name: string): Promise<void> {
  const isLost = async () => (await scene.told(view)) === 'vendorReplyLost';
  await scene.ends(view, isLost);
  if (!(await isLost())) return;
  assert.equal(scene.manners.lostPurchases, 'never', 'a vendor that can be searched is searched');
  const found = scene.double.orders.find(({ names }) => names.includes(name));
  await scene.resolve(view, found === undefined ? 'notOrdered' : { reference: found.reference });
  await scene.ends(view);
}

/** Orders one after the other, each with trouble one call later, until there is none to have trouble with. */
export async function troubleAtEachCall(
  scene: VendorScene,
  begin: (calls: number) => Planned,
  during?: (planned: Planned) => Promise<void>,
): Promise<void> {
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
    await endsAtLast(scene, view, name);
    await scene.assertIssued(view);
    assert.equal(await scene.balance(), money - (calls + 1) * priceMinor);
    if (!planned.isMet) return;
  }
}
