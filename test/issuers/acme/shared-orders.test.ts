/** A CA that gives an order that is under way again for the same names: each of its orders is of one issuance of ours. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const name = 'www.example.com';
const begin = async (takesMs: number) => {
  const finalize = { isSynchronous: takesMs === 0, takesMs };
  scene = await startAcmeScene({ cas: [{ ca: { settings: { reusesOrders: true, finalize } } }] });
};

/** Each has a certificate of its own, for its own key. */
async function assertAllIssued(views: readonly Awaited<ReturnType<AcmeScene['place']>>[]): Promise<void> {
  const serials = new Set<string>();
  for (const view of views) {
    const { issuance, certificate } = await scene.see(view);
    assert.deepEqual([issuance.failure, issuance.state], [null, 'issued']);
    serials.add(certificate?.serial ?? assert.fail());
  }
  assert.equal(serials.size, views.length);
  assert.equal(scene.ca.books.certificates.length, views.length, 'nothing was bought in vain');
  assert.deepEqual(await scene.published(), []);
}

describe('orders of ours for the same names', () => {
  for (const takesMs of [0, 60_000]) {
    it(`get a certificate each where the CA gives its order again, and takes ${takesMs} ms to issue`, async () => {
      await begin(takesMs);
      const views = [await scene.place([name]), await scene.place([name]), await scene.place([name])];
      await scene.ends(...views);
      await assertAllIssued(views);
    });
  }

  it('wait without a call while another one has the order, and the operator reads which', async () => {
    await begin(0);
    scene.ca.misbehave({ on: 'validate', how: 'never' });
    const views = [await scene.place([name]), await scene.place([name])];
    await scene.passHours(0.1);
    const acmeOrders = await Promise.all(views.map((view) => scene.acmeOrder(view)));
    const holder = views[acmeOrders.findIndex((one) => one?.step === 'prove')] ?? assert.fail();
    const waiting = views.find((view) => view !== holder) ?? assert.fail();
    const { key, turn, en, zh } = await scene.told(waiting);
    assert.deepEqual([key, turn], ['caSharesOrder', 'operator']);
    for (const text of [en, zh]) assert.ok(text.includes(holder.issuance.id), text);
    assert.equal((await scene.upstreamOrder(waiting))?.reference, null, 'it is none of its own');
    const { length } = scene.ca.calls('newOrder');
    await scene.passHours(1);
    assert.equal(scene.ca.calls('newOrder').length, length);
    await scene.app.ports.orders.cancel(scene.customer.caller, holder.order);
    await scene.ends(...views);
    assert.equal((await scene.upstreamOrder(holder))?.state, 'cancelled');
    await assertAllIssued([waiting]);
  });

  it('that wait are cancelled without taking anything from the one that has the order', async () => {
    await begin(0);
    const rule = scene.ca.misbehave({ on: 'validate', how: 'never' });
    const views = [await scene.place([name]), await scene.place([name])];
    await scene.passUntil(() => rule.met > 0, 'the names of one are being proved');
    await scene.passHours(0.05);
    const acmeOrders = await Promise.all(views.map((view) => scene.acmeOrder(view)));
    const waiting = views[acmeOrders.findIndex((one) => one?.step === 'order')] ?? assert.fail();
    await scene.app.ports.orders.cancel(scene.customer.caller, waiting.order);
    await scene.ends(waiting);
    assert.deepEqual(scene.ca.calls('deactivateAuthorization'), []);
    assert.equal(scene.ca.books.authorizations[0]?.state, 'pending');
  });

  for (let after = 2; after < 14; after += 3) {
    it(`survive a restart after request ${after + 1}`, async () => {
      await begin(0);
      const rule = scene.ca.misbehave({ on: 'any', how: 'hangAfterwards', after });
      const views = [await scene.place([name]), await scene.place([name])];
      await scene.passUntil(() => rule.met > 0, 'it hangs');
      await scene.restart({ afterSeconds: 5 });
      await scene.ends(...views);
      await assertAllIssued(views);
    });
  }

  it('share an authorization that one of them gives up: another order is placed', async () => {
    await begin(0);
    scene.ca.misbehave({ on: 'validate', how: 'never' });
    const view = await scene.place([name]);
    await scene.passHours(0.05);
    const [authorization = assert.fail()] = scene.ca.books.authorizations;
    authorization.state = 'deactivated';
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal(scene.ca.books.orders.length, 2);
  });
});
