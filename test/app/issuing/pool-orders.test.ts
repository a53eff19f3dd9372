/** What becomes of an order that a pool serves: cancelled, restarted, reissued, duplicated, revoked. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';
import { reissueFor } from '../../support/app.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;
const name = 'www.example.com';
const refused = { problem: 'rejectedIdentifier', detail: 'not here' } as const;
const limited = { problem: 'rateLimited', status: 429, retryAfter: 7 * 86_400 } as const;

const begin = async () => {
  const cas = ['first', 'second'].map((id) => ({ id, ca: { settings: { organization: `CA ${id}` } } }));
  scene = await startAcmeScene({ cas, pool: 'both' });
};
const [first, second] = [() => scene.upstreams[0]?.ca ?? assert.fail(), () => scene.upstreams[1]?.ca ?? assert.fail()];
const bought = () => scene.upstreams.map(({ ca }) => ca.books.certificates.length);

describe('an order that a pool serves', () => {
  it('is cancelled while the pool has it, and nothing is ordered any more', async () => {
    await begin();
    for (const ca of [first(), second()]) ca.misbehave({ on: 'newOrder', how: limited, times: always });
    const view = await scene.place([name]);
    await scene.passUntil(async () => (await scene.upstreamOrder(view))?.state === 'choosing', 'the pool has it');
    await scene.app.ports.orders.cancel(scene.customer.caller, view.order);
    await scene.ends(view);
    assert.equal((await scene.upstreamOrder(view))?.state, 'cancelled');
    for (const ca of [first(), second()]) ca.behave();
    await scene.passHours(24 * 8);
    assert.deepEqual(bought(), [0, 0]);
  });

  for (let after = 0; after < 14; after += 2) {
    it(`survives a restart after request ${after + 1} while it moves on: one certificate over all`, async () => {
      await begin();
      first().misbehave({ on: 'validate', how: { problem: 'caa', detail: 'not you' }, times: always });
      const rules = [first(), second()].map((ca) => ca.misbehave({ on: 'any', how: 'hangAfterwards', after }));
      const view = await scene.place([name]);
      for (const rule of rules) {
        await scene.passUntil(
          async () => rule.met > 0 || (await scene.upstreamOrder(view))?.endedAt != null,
          'it hangs',
        );
        await scene.restart({ afterSeconds: 5 });
      }
      await scene.ends(view);
      assert.equal((await scene.see(view)).issuance.state, 'issued');
      assert.deepEqual(bought(), [0, 1]);
    });
  }

  it('is reissued, duplicated and revoked where it was issued', async () => {
    await begin();
    first().misbehave({ on: 'newOrder', how: refused });
    const view = await scene.place([name]);
    await scene.ends(view);
    assert.deepEqual(bought(), [0, 1]);
    const { caller } = scene.customer;
    const { issuances } = scene.app.ports;
    const renewed = { ...(await reissueFor([name])), csr: await scene.csrFor([name]) };
    await scene.ends(await issuances.reissue(caller, view.order, renewed));
    // The pool begins at its first issuer, which does not refuse any more.
    assert.deepEqual([bought(), (await scene.see(view)).issuance.issuerId], [[1, 1], 'first']);
    const duplicate = { ...(await reissueFor([name])), csr: await scene.csrFor([name]) };
    await scene.ends(await issuances.duplicate(caller, view.order, duplicate));
    assert.deepEqual(bought(), [2, 1]);
    const replaced = [first(), second()].flatMap(({ books }) => books.orders.map(({ replaces }) => replaces));
    assert.deepEqual(replaced, [undefined, undefined, undefined], 'neither of them has issued what it replaces');
    await scene.app.ports.revocations.revokeOrder(caller, view.order, 'superseded');
    await scene.passHours(1);
    assert.deepEqual(
      [first(), second()].map(({ books }) => books.certificates.map(({ revoked }) => revoked?.reason)),
      [[4, 4], [4]],
    );
  });
});
