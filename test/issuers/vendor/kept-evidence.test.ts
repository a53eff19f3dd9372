/** What the database has of exchanges with each vendor after a purchase: all that acted, under its issuance, and no secret anywhere. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { dialects } from '../../../src/dialects/registry.ts';
import { keptExchanges } from '../../../src/domain/upstream-exchange.ts';
import { doubleOf, type VendorName } from '../../support/vendor-doors.ts';
import { openVendorScene, type VendorScene, waysOut } from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const name = 'shop.example.com';

/** The secrets by which the vendor knows us. */
function secretsOf(vendor: VendorName): readonly string[] {
  const { credentials } = dialects.find((one) => one.name === vendor)?.upstream ?? assert.fail();
  const values = doubleOf(vendor, () => scene.app.clock).credentials;
  return credentials.flatMap((one) => (one.isSecret ? [values[one.name] ?? assert.fail(one.name)] : []));
}

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    it('keeps the purchase with its issuance, without our credentials or a private key', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view);
      const { exchanges } = await scene.app.ports.upstreams.order(scene.app.operator, view.issuance.id);
      assert.ok(
        exchanges.some(({ isActing, status }) => isActing && status !== null),
        'the purchase is there',
      );
      const { upstream_exchanges: rows = assert.fail('a table') } = await scene.app.tables();
      const kept = JSON.stringify(rows);
      for (const secret of secretsOf(vendor)) {
        assert.ok(!kept.includes(secret) && !kept.includes(encodeURIComponent(secret)), 'no secret is kept');
      }
      assert.doesNotMatch(kept, /PRIVATE KEY/);
    });

    it('keeps it however much goes wrong at the account since', async () => {
      scene = await openVendorScene({ vendor, mode });
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view);
      const acted = async () => {
        const { exchanges } = await scene.app.ports.upstreams.order(scene.app.operator, view.issuance.id);
        return exchanges.filter(({ isActing }) => isActing).map(({ id }) => id);
      };
      const before = await acted();
      assert.ok(before.length > 0);
      // Later than the purchase.
      await scene.app.advance(60);
      scene.double.isAway = true;
      const { upstreams } = scene.app.ports;
      for (let i = 0; i <= keptExchanges; i++) await upstreams.check(scene.app.operator, 'vendor');
      const { exchanges } = await upstreams.account(scene.app.operator, 'vendor');
      assert.ok(exchanges.length > 0 && exchanges.every(({ isActing }) => !isActing), 'the newest of the account');
      assert.deepEqual(await acted(), before);
    });
  });
}
