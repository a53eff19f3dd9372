/** A CA that will not show what it has: that decides nothing, least of all of a certificate that it may have issued. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const name = 'www.example.com';
const slowly = { isSynchronous: false, takesMs: 60_000 };

describe('once the CSR was sent', () => {
  for (const on of ['order', 'certificate'] as const) {
    for (const problem of ['unauthorized', 'malformed', 'rejectedIdentifier', 'badCSR'] as const) {
      it(`a CA that says ${problem} at ${on} for a while has sold one certificate`, async () => {
        scene = await startAcmeScene({ cas: [{ ca: { settings: { finalize: slowly } } }] });
        const view = await scene.place([name]);
        await scene.passUntil(async () => (await scene.acmeOrder(view))?.finalizedAt != null, 'the CSR is sent');
        scene.ca.misbehave({ on, how: { problem, detail: 'no', status: 403 }, times: 3 });
        await scene.ends(view);
        await scene.assertIssued(view);
        assert.equal(scene.ca.books.orders.length, 1);
      });
    }
  }

  it('the operator reads that the CA does not show the order, and what it says', async () => {
    scene = await startAcmeScene({ cas: [{ ca: { settings: { finalize: slowly } } }] });
    const view = await scene.place([name]);
    await scene.passUntil(async () => (await scene.acmeOrder(view))?.finalizedAt != null, 'the CSR is sent');
    const how = { problem: 'unauthorized', detail: 'not your order', status: 403 } as const;
    const rule = scene.ca.misbehave({ on: 'order', how, times: Number.POSITIVE_INFINITY });
    await scene.passHours(1);
    const { key, turn, en, zh } = await scene.told(view);
    assert.deepEqual([key, turn], ['caHidesOrder', 'operator']);
    for (const text of [en, zh]) assert.match(text, /order\/1.*not your order/);
    rule.stop();
    await scene.ends(view);
    await scene.assertIssued(view);
  });
});

describe('an account that the CA loses', () => {
  for (const on of ['authorization', 'respond', 'order'] as const) {
    it(`at ${on}, before the CSR was sent: the order is placed again by the new one`, async () => {
      scene = await startAcmeScene();
      const rule = scene.ca.misbehave({ on, how: { status: 502 } });
      const view = await scene.place([name]);
      await scene.passUntil(() => rule.met > 0, 'it has come so far');
      scene.ca.deleteAccount(scene.ca.books.accounts[0] ?? assert.fail());
      await scene.ends(view);
      await scene.assertIssued(view);
      assert.equal(scene.ca.books.orders.length, 2);
    });
  }

  it('after it has issued: nothing is bought again, and the order fails at once, which says why', async () => {
    scene = await startAcmeScene();
    const view = await beginLost();
    await scene.passHours(0.5);
    await scene.assertRefunded(view, 'caAccountLost');
    const { en, zh } = await scene.told(view);
    for (const text of [en, zh]) assert.match(text, /order\/1.*account\/2\b/);
    assert.deepEqual([scene.ca.books.orders.length, scene.ca.books.certificates.length], [1, 1]);
  });

  it('fails every order that it had finalized for it, also after another start', async () => {
    scene = await startAcmeScene();
    const rule = scene.ca.misbehave({ on: 'certificate', how: { status: 502 }, times: Number.POSITIVE_INFINITY });
    const views = [await scene.place([name]), await scene.place(['b.example.com'])];
    await scene.passUntil(() => scene.ca.books.certificates.length === 2 && rule.met > 1, 'both are issued');
    scene.ca.deleteAccount(scene.ca.books.accounts[0] ?? assert.fail());
    rule.stop();
    await scene.restart();
    await scene.passHours(0.5);
    const keys = await Promise.all(views.map(async (view) => (await scene.told(view)).key));
    assert.deepEqual(keys, ['caAccountLost', 'caAccountLost']);
    assert.equal(scene.ca.books.accounts.length, 2);
  });

  it('and that was cancelled meanwhile: it is over at once', async () => {
    scene = await startAcmeScene();
    const view = await beginLost();
    await scene.app.ports.orders.cancel(scene.customer.caller, view.order);
    await scene.passHours(0.5);
    assert.equal((await scene.upstreamOrder(view))?.state, 'refused');
    assert.equal((await scene.see(view)).order.state, 'cancelled');
  });
});

/** Its certificate is made, and the account is lost before it is fetched. */
async function beginLost() {
  const rule = scene.ca.misbehave({ on: 'certificate', how: { status: 502 } });
  const view = await scene.place([name]);
  await scene.passUntil(() => rule.met > 0, 'it has come so far');
  scene.ca.deleteAccount(scene.ca.books.accounts[0] ?? assert.fail());
  return view;
}
