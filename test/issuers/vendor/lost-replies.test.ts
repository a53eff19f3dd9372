/** Any call to a vendor goes wrong on its way: each issuance is bought once, or waits for the operator. */
import { afterEach, describe, it } from 'node:test';
import { openVendorScene, troubles, type VendorScene, waysOut } from '../../support/vendor-scene.ts';
import { troubleAtEachCall } from '../../support/vendor-troubles.ts';

let scene: VendorScene;
afterEach(() => scene.close());

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    // A page with 502 differs from one with 200 for the client half alone, and a hang is cut off as one that is not heard.
    for (const trouble of troubles.filter((one) => one !== 'gateway' && one !== 'hangsBefore')) {
      it(`sells one where any call ${trouble}`, async () => {
        scene = await openVendorScene({ vendor, mode });
        await troubleAtEachCall(scene, (calls) => scene.trouble(trouble, calls));
      });
    }
  });
}
