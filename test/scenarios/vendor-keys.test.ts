/** Keys of certificates that are bought: the customer's CSR that comes later, and keys that httpsok makes, fitting or not. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { generateKey, privateKeyPem } from '../../src/pki/key.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { type Buyer, createBuyer, csrPemFor, words } from '../support/buyers.ts';
import { openVendorDoors, type VendorDoors, type VendorName } from '../support/vendor-doors.ts';
import type { HttpsokDouble } from '../support/vendors/httpsok-double.ts';

let scene: VendorDoors;
afterEach(() => scene.close());

const names = ['shop.example.com', 'www.example.org'];
const only = async () => (await scene.orders())[0] ?? assert.fail('an order');

describe('a CSR that comes after the order', () => {
  for (const vendor of ['racent', 'encryption365', 'digicert'] as const satisfies readonly VendorName[]) {
    for (const behind of ['double', 'certmux'] as const) {
      it(`${vendor} (${behind}): nothing is bought before it is there; the certificate is for it`, async () => {
        scene = await openVendorDoors({ vendor, behind, mode: 'relay' });
        const { post, put, get } = scene.tenant;
        const placed = await post('native', '/api/v1/orders', { productCode: 'tls-dv', names });
        assert.equal(placed.state, 'open', JSON.stringify(placed));
        await scene.pass(3 * 86_400);
        assert.match((await get('native', `/api/v1/orders/${placed.id}`)).summary, /CSR/);
        assert.equal(await bought(), 0);
        const csr = await csrPemFor(names);
        const given = await put('native', `/api/v1/orders/${placed.id}/csr`, { csr });
        assert.equal(given.state, 'open', JSON.stringify(given));
        const proofs = async () =>
          (await get('native', `/api/v1/orders/${placed.id}`)).names.map((one: { proofs: [] }) => one.proofs.length);
        await scene.passUntil(async () => (await proofs()).every((count: number) => count > 0), 'the proofs are shown');
        scene.prove(...names);
        await post('native', `/api/v1/orders/${placed.id}/check`);
        await scene.passUntil(async () => (await only()).order.state === 'active', 'it is issued');
        assert.equal(await scene.sold(names), 1);
        const again = await put('native', `/api/v1/orders/${placed.id}/csr`, { csr });
        assert.equal(again.number, undefined, 'it has one');
      });
    }
  }

  async function bought(): Promise<number> {
    if (scene.double !== undefined) return scene.double.orders.length;
    const { app } = scene.other ?? assert.fail();
    return (await app.ports.orders.list(app.operator, { limit: 5 })).items.length;
  }
});

describe('a key that httpsok makes', () => {
  for (const door of ['httpsok', 'racent'] as const) {
    async function ordered(): Promise<{ readonly buyer: Buyer; readonly id: string; readonly double: HttpsokDouble }> {
      scene = await openVendorDoors({ vendor: 'httpsok' });
      const buyer = await createBuyer(door, scene);
      const id = await buyer.order(names, []);
      scene.prove(...names);
      return { buyer, id, double: scene.double as HttpsokDouble };
    }

    const waits = async () => (await only()).issuance.rest?.reason.key;
    const isShownAs = (buyer: Buyer, id: string, word: 'issued' | 'revoked') =>
      scene.passUntil(async () => (await buyer.show(id)).state === words[door][word], `it is ${word}`);

    const strangers = {
      'is missing': () => ({ privateKey: '' }),
      'is of another certificate': async () => {
        const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
        return { privateKey: privateKeyPem(privateKeyPkcs8, 'sec1') };
      },
      'is cut off': () => ({ privateKey: '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n' }),
    } as const;

    for (const [what, make] of Object.entries(strangers)) {
      it(`${door}: and that ${what} waits for the operator; the right one is delivered`, async () => {
        const { buyer, id, double } = await ordered();
        const change = await make();
        double.change = (data) => (data.status === 1 ? { ...data, ...change } : data);
        await buyer.proceed(id, names);
        await scene.passUntil(async () => (await waits()) !== undefined, 'it waits');
        assert.equal(await waits(), 'upstreamUnclear');
        assert.equal((await buyer.show(id)).pem, '');
        double.change = (data) => data;
        await isShownAs(buyer, id, 'issued');
        const { pem, privateKey } = await buyer.show(id);
        const [leaf = assert.fail()] = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/) ?? [];
        if (privateKey !== undefined) assert.ok(privateKey.includes('PRIVATE KEY'));
        assert.equal(new X509Certificate(leaf).serialNumber.toLowerCase(), double.orders[0]?.certificate?.serial);
        assert.equal(double.orders.length, 1);
      });
    }

    it(`${door}: and that is blocked is not used: the certificate is revoked at once`, async () => {
      const { buyer, id, double } = await ordered();
      double.isSlow = true;
      await buyer.proceed(id, names);
      await scene.passUntil(() => double.orders.length === 1, 'it is bought');
      const [order = assert.fail()] = double.orders;
      const key = encodePem('PUBLIC KEY', order.spkiDer ?? assert.fail('a key'));
      const { app } = scene.doors;
      await app.ports.keyRegister.block(app.operator, { key, scope: null, note: 'found on a pastebin' });
      await double.decide(order.reference, 'issued');
      await isShownAs(buyer, id, 'revoked');
      const { items } = await app.ports.certificates.list(app.operator, { limit: 5 });
      assert.deepEqual(
        items.map(({ state, revocationReason }) => [state, revocationReason]),
        [['revoked', 'keyCompromise']],
      );
    });
  }
});
