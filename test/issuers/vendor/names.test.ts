/** Names that a vendor never certifies: refused when they are ordered, before anything is charged or sent, with a CSR or without. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CertError } from '../../../src/domain/errors.ts';
import type { PlaceOrder } from '../../../src/domain/ports/orders.ts';
import {
  money,
  openVendorScene,
  type VendorScene,
  type VendorSceneOptions,
  waysOut,
} from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

type Vendor = VendorSceneOptions['vendor'];

const names = {
  wildcard: ['*.example.com'],
  ipv4: ['93.184.216.34'],
  ipv6: ['2606:2800:220:1::1'],
  five: ['a', 'b', 'c', 'd', 'e'].map((label) => `${label}.example.com`),
  six: ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => `${label}.example.com`),
  hundredAndOne: Array.from({ length: 101 }, (_, i) => `n${i}.example.com`),
  twoHundredFiftyOne: Array.from({ length: 251 }, (_, i) => `n${i}.example.com`),
} as const;

/** The reason for each kind of names that the documents of the vendor leave out (contracts; docs/upstreams.md). */
const refusals: Readonly<Record<Vendor, Partial<Record<keyof typeof names, string>>>> = {
  racent: { twoHundredFiftyOne: 'vendorTakesFewerNames' },
  encryption365: { ipv6: 'vendorTakesNoIpv6', twoHundredFiftyOne: 'vendorTakesFewerNames' },
  wosign: {
    wildcard: 'caTakesNoWildcard',
    ipv4: 'caTakesNoAddress',
    ipv6: 'caTakesNoAddress',
    six: 'vendorTakesFewerNames',
    hundredAndOne: 'vendorTakesFewerNames',
  },
  httpsok: { ipv4: 'caTakesNoAddress', ipv6: 'caTakesNoAddress', hundredAndOne: 'vendorTakesFewerNames' },
  digicert: { ipv4: 'caTakesNoAddress', ipv6: 'caTakesNoAddress', twoHundredFiftyOne: 'vendorTakesFewerNames' },
};

for (const { vendor, mode } of waysOut) {
  describe(`${vendor} (${mode})`, () => {
    for (const [kind, refused] of Object.entries(refusals[vendor])) {
      for (const isLater of [false, true]) {
        const takesCsr = vendor !== 'httpsok';
        if (isLater && !takesCsr) continue;
        it(`${kind}, ${isLater ? 'before there is a CSR' : 'with the order'}: ${refused}`, async () => {
          scene = await openVendorScene({ vendor, mode });
          const texts = names[kind as keyof typeof names];
          const isAddress = kind.startsWith('ip');
          const change: Partial<PlaceOrder> = {
            ...(isLater ? { csr: null } : {}),
            ...(isAddress ? { preferredMethod: 'httpFile' } : {}),
          };
          const thrown = await scene.place(texts, change).then(
            () => assert.fail('it was taken'),
            (error: unknown) => error,
          );
          assert.ok(thrown instanceof CertError, String(thrown));
          assert.equal(thrown.reason.key, refused);
          assert.equal(scene.purchases(), 0);
          assert.equal(await scene.balance(), money);
        });
      }
    }
  });
}

describe('what the documents allow', () => {
  for (const [vendor, kind] of [
    ['encryption365', 'ipv4'],
    ['racent', 'ipv6'],
    ['racent', 'wildcard'],
    ['wosign', 'five'],
  ] as const) {
    it(`is bought: ${kind} of ${vendor}`, async () => {
      scene = await openVendorScene({ vendor });
      const texts = names[kind];
      const view = await scene.place(texts, kind.startsWith('ip') ? { preferredMethod: 'httpFile' } : {});
      scene.prove(...texts);
      await scene.ends(view);
      await scene.assertIssued(view);
    });
  }
});
