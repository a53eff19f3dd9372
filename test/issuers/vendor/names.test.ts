/** Names that a vendor never certifies: each vendor by its documents, and refused when they are ordered, before anything is charged or sent. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import { isUpstream } from '../../../src/domain/ports/issuer.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { refused } from '../../support/refused.ts';
import {
  money,
  openVendorScene,
  type VendorScene,
  type VendorSceneOptions,
  waysOut,
} from '../../support/vendor-scene.ts';

let scene: VendorScene;
afterEach(() => scene.close());

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `n${i}.example.com`);
const names = {
  wildcard: ['*.example.com'],
  ipv4: ['93.184.216.34'],
  ipv6: ['2606:2800:220:1::1'],
  five: numbered(5),
  six: numbered(6),
  hundred: numbered(100),
  hundredAndOne: numbered(101),
  twoHundredFifty: numbered(250),
  twoHundredFiftyOne: numbered(251),
} as const;
type Names = keyof typeof names;

const tooMany = 'vendorTakesFewerNames';
const noAddresses = { ipv4: 'caTakesNoAddress', ipv6: 'caTakesNoAddress' } as const;

/** What the documents of the vendor leave out (contracts; docs/upstreams.md). All else of the table is taken. */
const refusals: Readonly<Record<VendorSceneOptions['vendor'], Partial<Record<Names, string>>>> = {
  racent: { twoHundredFiftyOne: tooMany },
  encryption365: { ipv6: 'vendorTakesNoIpv6', twoHundredFiftyOne: tooMany },
  wosign: {
    wildcard: 'caTakesNoWildcard',
    ...noAddresses,
    ...{
      six: tooMany,
      hundred: tooMany,
      hundredAndOne: tooMany,
      twoHundredFifty: tooMany,
      twoHundredFiftyOne: tooMany,
    },
  },
  httpsok: { ...noAddresses, hundredAndOne: tooMany, twoHundredFifty: tooMany, twoHundredFiftyOne: tooMany },
  digicert: { ...noAddresses, twoHundredFiftyOne: tooMany },
};

for (const { vendor, mode } of waysOut) {
  it(`${vendor} (${mode}) takes what its documents name, also before there is a CSR`, async () => {
    scene = await openVendorScene({ vendor, mode });
    const issuer = scene.app.context.issuers.get('vendor');
    const [profile = assert.fail('a profile')] = defaultProfiles;
    assert.ok(issuer !== undefined && isUpstream(issuer));
    const found = Object.entries(names).flatMap(([kind, texts]) => {
      const identifiers = texts.map((text) => parseIdentifier(text, 'name'));
      const asked = { names: identifiers, csr: null, profile, ordered: { isKeyOurs: false } };
      const objection = issuer.objectionTo?.(asked);
      return objection === undefined ? [] : [[kind, objection.key] as const];
    });
    assert.deepEqual(Object.fromEntries(found), refusals[vendor]);
  });
}

describe('an IPv6 address, of a product that may have it, bought of a vendor that certifies none', () => {
  for (const [title, change] of [
    ['with its CSR', {}],
    ['before there is a CSR', { csr: null }],
  ] as const) {
    it(`is refused with the order, and nothing is charged: ${title}`, async () => {
      scene = await openVendorScene({ vendor: 'encryption365' });
      await scene.app.database.write(async (tx) => {
        for (const product of await tx.products.list(null))
          await tx.products.put({ ...product, allowsIpv6: true, csrMayFollow: true });
      });
      await assert.rejects(
        scene.place(names.ipv6, { preferredMethod: 'httpFile', ...change }),
        refused('vendorTakesNoIpv6'),
      );
      assert.equal(scene.purchases(), 0);
      assert.equal(await scene.balance(), money);
    });
  }
});
