/** Orders at vendors that are given up, reissued, misconfigured, or answered with what nobody ordered. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CertError } from '../../../src/domain/errors.ts';
import { byMailTo } from '../../support/app.ts';
import {
  mannersOf,
  money,
  openVendorScene,
  priceMinor,
  type VendorScene,
  waysOut,
} from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const name = 'shop.example.com';
const keyOf = (thrown: unknown) => (thrown as CertError).reason.key;

/** Withheld, and revoked where the vendor can do that. */
async function assertWithheld(issuanceId: string): Promise<void> {
  const rows = ((await scene.app.tables()).certificates ?? []).filter((row) => row.issuance_id === issuanceId);
  assert.deepEqual(
    rows.map(({ is_withheld, state }) => [is_withheld, state]),
    [[1, 'revoked']],
  );
}

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    it('is cancelled where it can be; a certificate that comes all the same is withheld and revoked', async () => {
      scene = await openVendorScene({ vendor, mode });
      scene.double.isSlow = true;
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view, async () => scene.purchases() > 0 && (await scene.vendorOrder(view))?.step === 'bought');
      await scene.cancel(view);
      assert.equal(await scene.balance(), money);
      const [order = assert.fail()] = scene.double.orders;
      await scene.passHours(1);
      if (order.state === 'cancelled') {
        assert.equal((await scene.upstreamOrder(view))?.state, 'cancelled');
        assert.equal((await scene.vendorOrder(view))?.step, 'over');
        return;
      }
      await scene.double.decide(order.reference, 'issued');
      await scene.passUntil(() => scene.isOverThere(view), 'it is over there');
      await assertWithheld(view.issuance.id);
      await scene.passHours(1);
      const canRevoke = 'revoke' in (scene.app.context.issuers.get('vendor') ?? {});
      assert.equal(scene.double.revoked.length, canRevoke ? 1 : 0);
      assert.equal(scene.purchases(), 1);
      assert.equal(await scene.balance(), money);
    });

    it('is given up while its reply is lost, and is found and ended, or left to the operator', async () => {
      scene = await openVendorScene({ vendor, mode });
      scene.double.isSlow = true;
      scene.spoilPurchase();
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view, async () => scene.purchases() > 0);
      await scene.cancel(view);
      const isKnown = scene.manners.lostPurchases === 'search';
      await scene.passHours(isKnown ? 2 : 16 * 24);
      assert.equal(scene.purchases(), 1, 'nothing is sent again');
      const there = await scene.upstreamOrder(view);
      const [order = assert.fail()] = scene.double.orders;
      if (!isKnown) assert.equal(there?.state, 'lost');
      else if (order.state === 'cancelled') assert.equal(there?.state, 'cancelled');
      else assert.equal(there?.reference !== null, true, 'it was found');
      assert.equal(await scene.balance(), money);
    });

    it('is refused by the vendor: the customer has the money back, and so has the ledger', async () => {
      scene = await openVendorScene({ vendor, mode });
      scene.double.isSlow = true;
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view, async () => (await scene.vendorOrder(view))?.step === 'bought');
      const paid = await scene.costs(view);
      await scene.double.decide(scene.double.orders[0]?.reference ?? '', 'refused');
      await scene.ends(view);
      assert.equal(await scene.told(view), 'issuerRefused');
      assert.equal(await scene.balance(), money);
      assert.equal(scene.purchases(), 1);
      assert.deepEqual(await scene.costs(view), paid.length === 0 ? [] : ['purchase', 'refund']);
    });

    for (const misfit of ['anotherKey', 'missingName', 'noChain', 'expired'] as const) {
      it(`gets a certificate with ${misfit}: it is refused and kept, and nothing is bought again`, async () => {
        scene = await openVendorScene({ vendor, mode });
        scene.double.misfit = misfit;
        const view = await scene.place([name, `www.${name}`]);
        scene.prove(name, `www.${name}`);
        await scene.ends(view, async () => (await scene.told(view)) !== null);
        const there = await scene.upstreamOrder(view);
        const delivered = (await scene.app.tables()).certificates?.filter(
          (one) => one.issuance_id === view.issuance.id,
        );
        assert.deepEqual(delivered, []);
        assert.ok(
          there?.evidence != null || (await scene.told(view)) === 'upstreamUnclear',
          (await scene.told(view)) ?? '',
        );
        assert.equal(scene.purchases(), 1);
      });
    }

    if (mannersOf(vendor).lostPurchases === 'never') {
      it('is resolved by a number that is of another issuance, which is refused', async () => {
        scene = await openVendorScene({ vendor, mode });
        const first = await scene.place(['first.example.com']);
        scene.prove('first.example.com');
        await scene.ends(first);
        scene.spoilPurchase();
        const view = await scene.place([name]);
        scene.prove(name);
        await scene.ends(view, async () => (await scene.told(view)) === 'vendorReplyLost');
        const [one, other] = scene.double.orders;
        await assert.rejects(
          scene.resolve(view, { reference: one?.reference ?? '' }),
          (thrown) => keyOf(thrown) === 'vendorReferenceTaken',
        );
        await scene.resolve(view, { reference: other?.reference ?? '' });
        await scene.ends(view);
        await scene.assertIssued(view);
      });
    }

    it('is at another account by now: nothing is asked there and nothing bought, until it is as it was', async () => {
      scene = await openVendorScene({ vendor, mode });
      scene.double.isSlow = true;
      scene.spoilPurchase();
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view, async () => scene.purchases() > 0);
      await scene.restart({ terms: { account: 'another' } });
      await scene.passHours(5);
      assert.equal(await scene.told(view), 'vendorAccountChanged');
      assert.equal(scene.purchases(), 1);
      scene.double.isSlow = false;
      const [order = assert.fail()] = scene.double.orders;
      if (order.state === 'pending') await scene.double.decide(order.reference, 'issued');
      await scene.restart({ terms: {} });
      await scene.ends(view, async () => (await scene.told(view)) === 'vendorReplyLost');
      if ((await scene.told(view)) === 'vendorReplyLost') await scene.resolve(view, { reference: order.reference });
      await scene.ends(view);
      await scene.assertIssued(view);
    });

    it('waits while its product is not mapped, and follows what was bought without the mapping', async () => {
      const unmapped = { mapping: { otherProducts: null } };
      scene = await openVendorScene({ vendor, mode, ...unmapped });
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view, async () => (await scene.told(view)) === 'vendorLacksProduct');
      assert.equal(scene.purchases(), 0);
      scene.double.isSlow = true;
      await scene.restart({ mapping: {} });
      await scene.ends(view, async () => (await scene.vendorOrder(view))?.step === 'bought');
      await scene.restart(unmapped);
      const [order = assert.fail()] = scene.double.orders;
      scene.double.isSlow = false;
      if (order.state === 'pending') await scene.double.decide(order.reference, 'issued');
      await scene.ends(view);
      await scene.assertIssued(view);
    });

    it('waits while the credentials are refused, and goes on with the right ones', async () => {
      scene = await openVendorScene({ vendor, mode, credentials: {} });
      const view = await scene.place([name]);
      scene.prove(name);
      await scene.ends(view, async () => (await scene.told(view)) === 'vendorRefusesUs');
      assert.equal(scene.purchases(), 0);
      await scene.restart({ credentials: undefined });
      await scene.ends(view);
      await scene.assertIssued(view);
      assert.equal(await scene.balance(), money - priceMinor);
    });

    it('is reissued and renewed: each time the new certificate, and one purchase', async () => {
      scene = await openVendorScene({ vendor, mode });
      const first = await scene.place([name]);
      scene.prove(name);
      await scene.ends(first);
      const csr = (await scene.app.database.read.issuances.get(first.issuance.id))?.csr ?? assert.fail();
      const again = await scene.reissue(first, [name], scene.manners.takesCsr ? { csr } : {});
      await scene.ends(again);
      await scene.assertIssued(again, 2);
      const renewal = await scene.place([name], { renewalOf: first.order });
      await scene.ends(renewal);
      await scene.assertIssued(renewal, 3);
      const { certificates = [] } = await scene.app.tables();
      assert.equal(new Set(certificates.map(({ serial }) => serial)).size, certificates.length);
    });
  });
}

describe('encryption365', () => {
  it('is told of a mail address after the purchase, once', async () => {
    scene = await openVendorScene({ vendor: 'encryption365' });
    const view = await scene.place([name], { choices: byMailTo(`admin@${name}`, [name]) });
    await scene.passHours(1);
    assert.deepEqual(
      scene.double.calls.filter((call) => call === 'changeMethod'),
      ['changeMethod'],
    );
    assert.equal(scene.double.orders[0]?.methods.get(name), `admin@${name}`);
    scene.prove(name);
    await scene.ends(view);
    await scene.assertIssued(view);
  });
});

describe('the certificate of before', () => {
  it('is not taken for that of a reissue with the same CSR, though the vendor shows it until then', async () => {
    scene = await openVendorScene({ vendor: 'encryption365' });
    const first = await scene.place([name]);
    scene.prove(name);
    await scene.ends(first);
    const csr = (await scene.app.database.read.issuances.get(first.issuance.id))?.csr ?? assert.fail();
    Object.assign(scene.double, { isStale: true });
    scene.double.isProved = false;
    const again = await scene.reissue(first, [name], { csr });
    await scene.passHours(1);
    assert.equal(await scene.told(again), null);
    Object.assign(scene.double, { isStale: false });
    scene.double.isProved = true;
    await scene.double.prove(scene.double.orders[0]?.reference ?? '');
    await scene.ends(again);
    await scene.assertIssued(again, 2);
  });

  it('leads to a new purchase where the order that it is of is gone', async () => {
    scene = await openVendorScene({ vendor: 'racent' });
    const first = await scene.place([name]);
    scene.prove(name);
    await scene.ends(first);
    scene.double.forget();
    const again = await scene.reissue(first, [name]);
    await scene.ends(again);
    await scene.assertIssued(again, 1);
    assert.equal(scene.double.orders[0]?.kind, 'new');
  });

  it('has other names than the new one, where the vendor reissues for the same names alone: it is bought anew', async () => {
    scene = await openVendorScene({ vendor: 'racent' });
    const first = await scene.place([name]);
    scene.prove(name);
    await scene.ends(first);
    const again = await scene.reissue(first, [name, `www.${name}`]);
    await scene.ends(again);
    await scene.assertIssued(again, 1);
    assert.deepEqual(
      scene.double.orders.map(({ kind }) => kind),
      ['new', 'new'],
    );
  });
});

describe('a prepaid balance that is empty', () => {
  it('holds the order until there is enough', async () => {
    scene = await openVendorScene({ vendor: 'encryption365' });
    scene.double.isBroke = true;
    const view = await scene.place([name]);
    scene.prove(name);
    await scene.ends(view, async () => (await scene.told(view)) === 'vendorBalanceEmpty');
    assert.equal(scene.purchases(), 0);
    scene.double.isBroke = false;
    await scene.ends(view);
    await scene.assertIssued(view);
  });
});
