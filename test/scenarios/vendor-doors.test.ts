/**
 * Every front door sells what is bought of each vendor, by the client half of the door's dialect; the vendor is the double of the real one,
 * or a second certmux that speaks its API.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { standingOf } from '../../src/domain/pair-table.ts';
import { type Buyer, type BuyerName, buyerNames, createBuyer, words } from '../support/buyers.ts';
import {
  openVendorDoors,
  type VendorDoors,
  type VendorDoorsOptions,
  type VendorName,
} from '../support/vendor-doors.ts';

let scene: VendorDoors;
let buyer: Buyer;
let door: BuyerName;
afterEach(() => scene.close());

const vendors = ['racent', 'encryption365', 'wosign', 'httpsok', 'digicert'] as const satisfies readonly VendorName[];

async function open(name: BuyerName, options: Pick<VendorDoorsOptions, 'vendor' | 'behind' | 'mode'>): Promise<void> {
  door = name;
  scene = await openVendorDoors({ ...options, ...(name === 'digicert' ? { currency: 'USD' } : {}) });
  buyer = await createBuyer(name, scene);
}

const seen = async (id: string, word: keyof (typeof words)[BuyerName]) =>
  scene.passUntil(async () => (await buyer.show(id)).state === words[door][word], `${door} shows ${word}`);

const pems = (text: string) => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

async function assertDelivered(id: string, names: readonly string[], count: number): Promise<void> {
  const [leaf = assert.fail('nothing was downloaded'), ...chain] = pems((await buyer.show(id)).pem).map(
    (one) => new X509Certificate(one),
  );
  assert.ok(
    chain.length > 0 && leaf.verify((chain[0] ?? assert.fail()).publicKey),
    'a chain that begins with its issuer',
  );
  assert.equal(await scene.sold(names), count, 'each certificate was bought once');
}

const names = ['shop.example.com', 'www.shop.example.com'];

/** Without a CSR, where the vendor makes the key and the door lets one order so. */
const csrNames = (vendor: VendorName) => (vendor === 'httpsok' ? [] : names);

for (const [vendor, maker, mode] of vendors.flatMap((vendor) => {
  const maker = dialects.find((one) => one.name === vendor)?.upstream ?? assert.fail();
  return maker.manners.modes.map((mode) => [vendor, maker, mode] as const);
})) {
  for (const name of buyerNames) {
    const dialect = dialects.find((one) => one.name === name) ?? assert.fail();
    const issuer = mode === 'relay' ? { id: vendor, mode, relayed: maker.manners.relayed } : { id: vendor, mode };
    const { kind } = standingOf({ dialect: name, door: dialect.relayDoor }, issuer);
    const needsCsr = !['httpsok', 'racent'].includes(name);
    if (kind === 'none' || (vendor === 'httpsok' && needsCsr)) continue;

    for (const behind of ['double', 'certmux'] as const) {
      describe(`${name} in, ${vendor} out (${mode}), ${behind}`, () => {
        // What stood beforehand was found with the order; the client of ACME always goes on by itself.
        async function proceed(id: string): Promise<void> {
          const isWaiting = (await buyer.show(id)).state !== words[door].issued;
          if (isWaiting && (mode === 'relay' || name === 'acme')) await buyer.proceed(id, names);
        }

        it('sells, reissues and revokes as its API has it', async () => {
          await open(name, { vendor, behind, mode });
          await scene.prepare(...names);
          const id = await buyer.order(names, csrNames(vendor));
          await scene.pass(5);
          scene.prove(...names);
          await proceed(id);
          await seen(id, 'issued');
          await assertDelivered(id, names, 1);
          let newest = id;
          // A vendor that makes keys serves no CSR, which these calls bring.
          if (buyer.reissue !== undefined && maker.manners.takesCsr) {
            newest = await buyer.reissue(id, names);
            await scene.pass(5);
            await proceed(newest);
            await seen(newest, 'issued');
            await assertDelivered(newest, names, 2);
          }
          if (buyer.revoke !== undefined) {
            await buyer.revoke(newest);
            if (name !== 'acme') await seen(newest, 'revoked');
          }
        });
      });
    }
  }
}
