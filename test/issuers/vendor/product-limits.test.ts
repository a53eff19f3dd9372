/** Names that a product of the vendor does not take, by its list: refused when they are ordered, once the list was read. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { queueUpstreamWatch } from '../../../src/app/issuing/upstream-watch.ts';
import { productFromWire } from '../../../src/dialects/racent/upstream/products.ts';
import { refused } from '../../support/refused.ts';
import { money, openVendorScene, type VendorScene } from '../../support/vendor-scene.ts';
import type { RacentDouble } from '../../support/vendors/racent-double.ts';

let scene: VendorScene;
afterEach(() => scene?.close());

const all = { takesPlainNames: true, takesWildcards: true, takesAddresses: true, mostNames: null };

describe('a line of Racent’s list', () => {
  for (const [title, fields, limits] of [
    ['without any of the fields', {}, undefined],
    ['that allows all', { supportWildcard: 'Y', supportStandard: 'Y', supportIp: 'Y', supportSan: 'Y' }, undefined],
    ['with a number of names', { maxDomain: 100 }, { ...all, mostNames: 100 }],
    ['with a number that limits nothing', { maxDomain: 0 }, undefined],
    ['for one name', { supportSan: 'N', maxDomain: 250 }, { ...all, mostNames: 1 }],
    ['for the names of the base price', { supportSan: 'N', defaultProtectDomain: '2' }, { ...all, mostNames: 2 }],
    [
      'without wildcards and addresses',
      { supportWildcard: 'N', supportIp: 'n' },
      { ...all, takesWildcards: false, takesAddresses: false },
    ],
    ['for wildcards', { supportStandard: 'N' }, { ...all, takesPlainNames: false }],
  ] as const) {
    it(title, () => assert.deepEqual(productFromWire({ code: 'one', ...fields })?.limits, limits));
  }
});

/** Names of an order, the vendor's fields, and the refusal. */
const orders = [
  [['*.example.com'], { supportWildcard: 'N' }, 'caTakesNoWildcard'],
  [['93.184.216.34'], { supportIp: 'N' }, 'caTakesNoAddress'],
  [['www.example.com'], { supportStandard: 'N' }, 'vendorTakesWildcardsOnly'],
  [['a.example.com', 'b.example.com', 'c.example.com'], { maxDomain: 2 }, 'vendorTakesFewerNames'],
  [['a.example.com', 'b.example.com'], { supportSan: 'N' }, 'vendorTakesFewerNames'],
] as const;

describe('an order that the product of the vendor does not take', () => {
  for (const [names, fields, key] of orders) {
    const preferredMethod = key === 'caTakesNoAddress' ? 'httpFile' : 'dnsCname';
    it(`is refused before it is charged: ${names.join()}, ${JSON.stringify(fields)}`, async () => {
      scene = await openVendorScene({ vendor: 'racent' });
      Object.assign(scene.double as RacentDouble, { productFields: fields });
      const { ports, operator } = scene.app;
      await ports.upstreams.check(operator, 'vendor');
      await assert.rejects(scene.place(names, { preferredMethod }), refused(key));
      assert.deepEqual([scene.purchases(), await scene.balance()], [0, money]);
      assert.ok(!scene.double.calls.includes('place'));
    });
  }

  it('is not refused by what nobody has read, and by the list of the night before', async () => {
    scene = await openVendorScene({ vendor: 'racent' });
    Object.assign(scene.double as RacentDouble, { productFields: { maxDomain: 1 } });
    const two = ['a.example.com', 'b.example.com'];
    await scene.place(two);
    const { context, database } = scene.app;
    await database.write((tx) => queueUpstreamWatch(context, tx));
    context.queue.wake();
    await scene.passHours(24);
    await assert.rejects(scene.place(two), refused('vendorTakesFewerNames'));
    assert.equal(scene.purchases(), 1);
  });

  it('that it has taken before its list said otherwise is issued', async () => {
    scene = await openVendorScene({ vendor: 'racent' });
    const view = await scene.place(['a.example.com', 'b.example.com']);
    Object.assign(scene.double as RacentDouble, { productFields: { maxDomain: 1 } });
    const { ports, operator } = scene.app;
    await ports.upstreams.check(operator, 'vendor');
    scene.prove('a.example.com', 'b.example.com');
    await scene.ends(view);
    await scene.assertIssued(view);
  });

  it('keeps the limits that were read, where the vendor shows no list now', async () => {
    scene = await openVendorScene({ vendor: 'racent' });
    Object.assign(scene.double as RacentDouble, { productFields: { maxDomain: 1 } });
    const { ports, operator } = scene.app;
    await ports.upstreams.check(operator, 'vendor');
    scene.double.isAway = true;
    await ports.upstreams.check(operator, 'vendor');
    scene.double.isAway = false;
    await assert.rejects(scene.place(['a.example.com', 'b.example.com']), refused('vendorTakesFewerNames'));
  });
});
