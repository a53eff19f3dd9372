/** We end in the middle of any call to a vendor: each issuance is bought once, or waits for the operator. */
import { afterEach, describe, it } from 'node:test';
import { openVendorScene, type VendorScene, waysOut } from '../../support/vendor-scene.ts';
import { troubleAtEachCall } from '../../support/vendor-troubles.ts';

let scene: VendorScene;
afterEach(() => scene.close());

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    for (const trouble of ['hangsBefore', 'hangsAfter'] as const) {
      it(`sells one where we end in any call that ${trouble}`, async () => {
        scene = await openVendorScene({ vendor, mode });
        await troubleAtEachCall(
          scene,
          (calls) => scene.trouble(trouble, calls),
          async ({ isMet }) => {
            if (isMet) await scene.restart({ afterSeconds: 5 });
          },
        );
      });
    }
  });
}
