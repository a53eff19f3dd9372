/**
 * What follows by itself of what was bought: the certificates of a coverage, and the order after it; and duplicates beside them. The vendor
 * reissues inside of what was bought of it, and is bought from again after that.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { createBuyer, csrPemFor } from '../support/buyers.ts';
import { openVendorDoors, type VendorDoors, type VendorName } from '../support/vendor-doors.ts';

let scene: VendorDoors;
afterEach(() => scene?.close());

const names = ['shop.example.com', 'www.example.org'];
const daySeconds = 86_400;

/** Time moves by days at once: what comes by the minute is not for here. */
async function passDay(): Promise<void> {
  const { doors, other } = scene;
  for (const { app } of other === undefined ? [doors] : [doors, other]) app.clock.set(daySeconds * 1000);
  await scene.pass(61);
}

/** Lets days pass until then. */
async function passDays(isThere: () => boolean | Promise<boolean>, what: string, days: number): Promise<number> {
  for (let day = 0; day <= days; day++) {
    if (await isThere()) return day;
    await findProofs();
    await passDay();
  }
  return assert.fail(`${days} days passed until ${what}`);
}

const kinds = () => {
  const { double } = scene;
  return (double?.orders ?? []).map(({ kind }) => kind);
};
/** The vendor looks by itself: a record for the same CSR stands since the first time. */
async function findProofs(): Promise<void> {
  for (const { reference, state } of scene.double?.orders ?? []) {
    if (state === 'unproved') await scene.double?.prove(reference);
  }
}

const isIssued = async () => (await scene.orders()).every(({ issuance }) => issuance.state === 'issued');

async function certificates() {
  const { ports, operator } = scene.doors.app;
  return (await ports.certificates.list(operator, { limit: 100 })).items;
}

/** Purchases of a reissue, which one vendor keeps under the number of its order. */
function reissues(): number {
  const calls = scene.double?.calls ?? [];
  return calls.filter((call) => call === 'reissue' || call === 'replace').length;
}

const ways = [
  { vendor: 'racent', mode: 'relay', reissues: true },
  // It has the reissue under the number of its order.
  { vendor: 'encryption365', mode: 'relay', reissues: true },
  { vendor: 'digicert', mode: 'standing', reissues: true },
  // It knows no reissue: each certificate is bought.
  { vendor: 'wosign', mode: 'signfile', reissues: false },
] as const satisfies readonly { readonly vendor: VendorName; readonly mode: string; readonly reissues: boolean }[];

describe('an order of a year that renews itself, whose certificates last 47 days', () => {
  for (const { vendor, mode, reissues: isReissued } of ways) {
    it(`${vendor} (${mode}): is ${isReissued ? 'reissued' : 'bought'} inside its coverage, and renewed at its end`, async () => {
      scene = await openVendorDoors({ vendor, mode });
      await scene.prepare(...names);
      const csr = await csrPemFor(names);
      const wish = { productCode: 'encryption365:paid', names, csr, isAutoRenewed: true };
      const placed = await scene.tenant.post('native', '/api/v1/orders', wish);
      assert.equal(placed.state, 'open', JSON.stringify(placed));
      scene.prove(...names);
      await scene.tenant.post('native', `/api/v1/orders/${placed.id}/check`);
      await passDays(isIssued, 'the first is issued', 2);
      const first = (await scene.orders())[0] ?? assert.fail();
      const until = first.order.coverageUntil ?? assert.fail('it is covered');
      const isSecond = () => (isReissued ? reissues() : kinds().length - 1) > 0;
      const day = await passDays(isSecond, 'a second certificate is bought', 47);
      assert.ok(day > 20, `only when it is time: on day ${day}`);
      await passDays(isIssued, 'the second is issued', 3);
      const [second] = await scene.orders();
      assert.notEqual(second?.certificate?.serial, first.certificate?.serial);
      assert.equal(second?.order.id, first.order.id);
      const left = Math.ceil((until.getTime() - scene.doors.app.clock.now().getTime()) / 86_400_000);
      await passDays(async () => (await scene.orders()).length === 2, 'it is renewed', left + 1);
      await passDays(isIssued, 'the renewal is issued', 3);
      const renewal = (await scene.orders()).find(({ order }) => order.id !== first.order.id) ?? assert.fail();
      assert.equal(renewal.order.renewalOf, first.order.id);
      assert.equal(kinds().filter((kind) => kind === 'renewal').length, vendor === 'wosign' ? 0 : 1, kinds().join());
      const beforeMs = until.getTime() - (renewal.order.createdAt.getTime() ?? 0);
      assert.ok(beforeMs > 0, 'before the end of the coverage');
      const issued = await certificates();
      assert.equal(new Set(issued.map(({ serial }) => serial)).size, issued.length);
      assert.equal(await scene.sold(names), issued.length, 'each was bought once');
    });
  }
});

/** Each front door, each mode, and each of what stands behind it. */
const duplicates = [
  { door: 'native', mode: 'standing', behind: 'double' },
  { door: 'digicert', mode: 'relay', behind: 'double' },
  { door: 'digicert', mode: 'standing', behind: 'certmux' },
] as const;

describe('a duplicate at DigiCert', () => {
  for (const { door, mode, behind } of duplicates) {
    it(`${door} (${mode}, ${behind}): is one more certificate of the order there, beside the first`, async () => {
      const currency = door === 'digicert' ? { currency: 'USD' } : {};
      scene = await openVendorDoors({ vendor: 'digicert', mode, behind, ...currency });
      await scene.prepare(...names);
      const buyer = await createBuyer(door, scene);
      const id = await buyer.order(names);
      await scene.pass(5);
      scene.prove(...names);
      if (mode === 'relay') await buyer.proceed(id, names);
      await scene.passUntil(isIssued, 'the first is issued');
      const before = await serialOf(id);
      await buyer.duplicate?.(id, names);
      await scene.passUntil(async () => {
        await scene.pass(60);
        return (await scene.sold(names)) === 2;
      }, 'the duplicate is sold');
      await scene.passUntil(async () => (await serialOf(id)) !== before, 'the duplicate is there');
      const both = await certificates();
      assert.deepEqual(
        [both.map(({ state }) => state), new Set(both.map(({ orderId }) => orderId)).size],
        [['valid', 'valid'], 1],
      );
      if (behind === 'double') assert.deepEqual(kinds(), ['new', 'duplicate']);

      async function serialOf(of: string): Promise<string> {
        const [leaf] =
          (await buyer.show(of)).pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/) ?? [];
        return leaf === undefined ? (before ?? '') : new X509Certificate(leaf).serialNumber;
      }
    });
  }

  it('of a vendor that has none is bought as an order of its own', async () => {
    scene = await openVendorDoors({ vendor: 'racent' });
    const buyer = await createBuyer('native', scene);
    const id = await buyer.order(names);
    scene.prove(...names);
    await buyer.proceed(id, names);
    await scene.passUntil(isIssued, 'the first is issued');
    await buyer.duplicate?.(id, names);
    await scene.passUntil(() => kinds().length === 2, 'the duplicate is ordered');
    await findProofs();
    await scene.passUntil(async () => (await certificates()).length === 2, 'the duplicate is there');
    assert.deepEqual(kinds(), ['new', 'new']);
    assert.equal(await scene.sold(names), 2);
  });
});
