/** We are killed and started again between any two requests to a CA: each order has one certificate there. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

/** What an order of two names needs, from the directory to the certificate. */
const requests = 17;

describe('a restart', () => {
  it('is tried after each request of an order', async () => {
    scene = await startAcmeScene();
    const view = await scene.place(['example.com', '*.example.com']);
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.ok(scene.ca.calls().length <= requests, `${scene.ca.calls().length} requests`);
  });

  for (let after = 0; after < requests; after++) {
    it(`after request ${after + 1}, with its answer on the way, sells one certificate`, async () => {
      scene = await startAcmeScene();
      // The process ends in the middle of the call.
      const rule = scene.ca.misbehave({ on: 'any', how: 'hangAfterwards', after });
      const view = await scene.place(['example.com', '*.example.com']);
      await scene.passUntil(async () => rule.met > 0 || (await scene.upstreamOrder(view))?.endedAt != null, 'it hangs');
      await scene.restart({ afterSeconds: 5 });
      await scene.ends(view);
      await scene.assertIssued(view);
      assert.equal(scene.ca.books.accounts.length, 1);
    });
  }
});
