/** The operator changes the issuers while a CA has an order: what may have been issued is not bought again, and somebody reads why it waits. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, poolOf, startAcmeScene } from '../../support/acme-scene.ts';
import { type AcmeUpstreamOptions, createAcmeUpstream } from '../../support/acme-upstream.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const name = 'www.example.com';
const slowly = { isSynchronous: false, takesMs: 600_000 };

async function beginSent() {
  scene = await startAcmeScene({ cas: [{ ca: { settings: { finalize: slowly } } }] });
  const view = await scene.place([name]);
  await scene.passUntil(async () => (await scene.acmeOrder(view))?.finalizedAt != null, 'the CSR is sent');
  return view;
}

/** The same CA by other settings. */
function otherWay(options: AcmeUpstreamOptions) {
  const { directoryUrl: directory } = scene.ca;
  const settings = { directory };
  return createAcmeUpstream(() => scene.app, { ...options, settings, account: { ...options.account, directory } });
}

describe('an order whose CSR was sent', () => {
  for (const isCancelled of [false, true]) {
    it(`waits for the former account of its issuer${isCancelled ? ', also where it is cancelled' : ''}`, async () => {
      const view = await beginSent();
      const other = otherWay({ account: { account: 'renamed' }, terms: { account: 'renamed' } });
      await scene.restart({ upstreams: other.issuersIn });
      if (isCancelled) await scene.app.ports.orders.cancel(scene.customer.caller, view.order);
      await scene.passHours(2);
      assert.deepEqual([other.ca.calls(), scene.ca.books.orders.length], [[], 1], 'nothing is ordered by the other');
      if (!isCancelled) {
        const { key, turn, en, zh } = await scene.told(view);
        assert.deepEqual([key, turn], ['caElsewhere', 'operator']);
        for (const text of [en, zh]) assert.match(text, /\(ca\).*\(renamed\)/);
      }
      await scene.restart({ upstreams: scene.upstream.issuersIn });
      await scene.ends(view);
      if (!isCancelled) return scene.assertIssued(view);
      assert.equal((await scene.upstreamOrder(view))?.state, 'withheld');
    });

    it(`waits for its issuer, whose name a pool has now${isCancelled ? ', also where it is cancelled' : ''}`, async () => {
      const view = await beginSent();
      await scene.restart({
        upstreams: (context) => {
          const members = scene.upstream.issuersIn(context).map((one) => ({ ...one, id: 'first' }));
          return [...members, poolOf('ca', members)];
        },
      });
      if (isCancelled) await scene.app.ports.orders.cancel(scene.customer.caller, view.order);
      await scene.passHours(2);
      assert.equal((await scene.upstreamOrder(view))?.state, isCancelled ? 'cancelling' : 'issuing');
      if (!isCancelled) {
        const { key, turn } = await scene.told(view);
        assert.deepEqual([key, turn], ['issuerIsPool', 'operator']);
      }
      await scene.restart({ upstreams: scene.upstream.issuersIn });
      await scene.ends(view);
      if (!isCancelled) return scene.assertIssued(view);
      assert.equal((await scene.upstreamOrder(view))?.state, 'withheld');
    });
  }
});

it('an order that its pool has is placed at the issuer that has the name of the pool now', async () => {
  scene = await startAcmeScene({ cas: [{ id: 'first' }], pool: 'both' });
  scene.ca.misbehave({ on: 'newOrder', how: { problem: 'rateLimited', status: 429, retryAfter: 3600 } });
  const view = await scene.place([name]);
  await scene.passUntil(async () => (await scene.upstreamOrder(view))?.state === 'choosing', 'the pool has it');
  await scene.restart({
    upstreams: (context) => scene.upstream.issuersIn(context).map((one) => ({ ...one, id: 'both' })),
  });
  await scene.ends(view);
  await scene.assertIssued(view);
});
