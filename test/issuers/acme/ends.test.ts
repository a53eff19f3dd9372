/** Orders that are given up, and certificates that are revoked: nothing is issued afterwards, or it is withheld and revoked. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Operation } from '../../support/acme-ca/manners.ts';
import { type AcmeScene, type AcmeSceneOptions, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;
const name = 'www.example.com';
const begin = async (one: NonNullable<AcmeSceneOptions['cas']>[number] = {}) => {
  scene = await startAcmeScene({ cas: [one] });
};
const cancel = (view: Awaited<ReturnType<AcmeScene['place']>>) =>
  scene.app.ports.orders.cancel(scene.customer.caller, view.order);

describe('an order that is cancelled', () => {
  for (const on of [
    'newAccount',
    'newOrder',
    'authorization',
    'respond',
    'order',
  ] as const satisfies readonly Operation[]) {
    it(`while the CA does not answer at ${on} is issued nowhere`, async () => {
      await begin();
      const rule = scene.ca.misbehave({ on, how: { status: 502 }, times: always });
      const view = await scene.place([name]);
      await scene.passUntil(() => rule.met > 0, 'it has come so far');
      await cancel(view);
      rule.stop();
      await scene.ends(view);
      assert.equal((await scene.upstreamOrder(view))?.state, 'cancelled');
      await scene.passHours(48);
      assert.deepEqual([scene.ca.books.certificates.length, await scene.balance()], [0, 1_000_000_00]);
      assert.deepEqual(await scene.published(), []);
      for (const { state } of scene.ca.books.authorizations) assert.notEqual(state, 'pending', 'it was deactivated');
    });
  }

  it('after the CSR was sent is too late: its certificate is withheld, and revoked at the CA', async () => {
    await begin({ ca: { settings: { finalize: { isSynchronous: false, takesMs: 600_000 } } } });
    const view = await scene.place([name]);
    await scene.passUntil(async () => (await scene.acmeOrder(view))?.finalizedAt != null, 'the CSR is sent');
    await cancel(view);
    await scene.ends(view);
    assert.equal((await scene.upstreamOrder(view))?.state, 'withheld');
    await scene.passHours(1);
    assert.notEqual(scene.ca.books.certificates[0]?.revoked, undefined);
    assert.equal(await scene.balance(), 1_000_000_00);
  });

  it('after the CSR was sent, and the CA refuses that, is over', async () => {
    await begin({ ca: { settings: { finalize: { isSynchronous: false, takesMs: 600_000 } } } });
    scene.ca.misbehave({ on: 'issue', how: { problem: 'caa', detail: 'no' } });
    const view = await scene.place([name]);
    await scene.passUntil(async () => (await scene.acmeOrder(view))?.finalizedAt != null, 'the CSR is sent');
    await cancel(view);
    await scene.ends(view);
    assert.deepEqual([(await scene.upstreamOrder(view))?.state, await scene.balance()], ['cancelled', 1_000_000_00]);
  });

  for (const how of ['readyAgain', 'forgetFinalize'] as const) {
    it(`after the CSR was sent is not sent again, by a CA with the manner ${how}`, async () => {
      await begin({ ca: { settings: { finalize: { isSynchronous: false, takesMs: 300_000 } } } });
      const isForgotten = how === 'forgetFinalize';
      if (isForgotten) scene.ca.misbehave({ on: 'finalize', how });
      const view = await scene.place([name]);
      await scene.passUntil(async () => (await scene.acmeOrder(view))?.finalizedAt != null, 'the CSR is sent');
      if (!isForgotten) scene.ca.misbehave({ on: 'order', how, times: 6 });
      await cancel(view);
      await scene.ends(view);
      await scene.passHours(1);
      assert.equal(scene.ca.calls('finalize').length, 1);
      const state = isForgotten ? 'cancelled' : 'withheld';
      assert.equal((await scene.upstreamOrder(view))?.state, state);
      assert.ok(scene.ca.books.certificates.every(({ revoked }) => revoked !== undefined));
    });
  }

  it('by the operator who suspends the account is cancelled at the CA too', async () => {
    await begin();
    scene.ca.misbehave({ on: 'validate', how: 'never' });
    const view = await scene.place([name]);
    await scene.passHours(0.1);
    await scene.app.ports.accounts.change(scene.app.operator, scene.customer.account.id, { state: 'suspended' });
    await scene.ends(view);
    assert.equal((await scene.upstreamOrder(view))?.state, 'cancelled');
    assert.equal(scene.ca.books.authorizations[0]?.state, 'deactivated');
  });
});

describe('a deadline', () => {
  const slow = { ca: { settings: { finalize: { isSynchronous: false, takesMs: 5 * 3_600_000 } } } } as const;

  it('that is over ends the order, and a certificate that comes all the same is withheld and revoked', async () => {
    await begin({ ...slow, terms: { deadlineHours: 2 } });
    const view = await scene.place([name]);
    await scene.passHours(3);
    await scene.assertRefunded(view, 'upstreamOverdue');
    await scene.ends(view);
    assert.equal((await scene.upstreamOrder(view))?.state, 'withheld');
    await scene.passHours(1);
    assert.notEqual(scene.ca.books.certificates[0]?.revoked, undefined);
  });

  it('may leave the order to the operator, and the certificate is delivered', async () => {
    await begin({ ...slow, terms: { deadlineHours: 2, afterDeadline: 'wait' } });
    const view = await scene.place([name]);
    await scene.passHours(3);
    assert.deepEqual((await scene.told(view)).key, 'upstreamOverdue');
    await scene.ends(view);
    await scene.assertIssued(view);
  });
});

describe('an order that the CA forgets', () => {
  it('before the CSR was sent is placed again', async () => {
    await begin();
    const rule = scene.ca.misbehave({ on: 'respond', how: { status: 502 } });
    const view = await scene.place([name]);
    await scene.passUntil(() => rule.met > 0, 'there is an order');
    scene.ca.forgetOrder(scene.ca.books.orders[0] ?? assert.fail());
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal(scene.ca.books.orders.length, 2);
  });

  it('after the CSR was sent is looked for, and placed again only when it stays away', async () => {
    await begin({ ca: { settings: { finalize: { isSynchronous: false, takesMs: 3_600_000 } } } });
    const view = await scene.place([name]);
    await scene.passUntil(async () => (await scene.acmeOrder(view))?.finalizedAt != null, 'the CSR is sent');
    scene.ca.forgetOrder(scene.ca.books.orders[0] ?? assert.fail());
    await scene.passHours(0.1);
    assert.equal((await scene.told(view)).key, 'caOrderGone');
    assert.equal(scene.ca.books.orders.length, 1);
    await scene.ends(view);
    await scene.assertIssued(view);
  });

  it('or lets expire is placed again, three times at most', async () => {
    await begin({ ca: { settings: { orderHours: 1 } } });
    scene.ca.misbehave({ on: 'validate', how: 'never', times: always });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertRefunded(view, 'caLostOrders');
    assert.equal(scene.ca.books.orders.length, 3);
  });
});

describe('a revocation', () => {
  it('reaches the CA with its reason, is no fault where it was revoked before, and is tried again', async () => {
    await begin();
    const views = [await scene.place(['a.example.com']), await scene.place(['b.example.com'])];
    await scene.ends(...views);
    scene.ca.misbehave({ on: 'revoke', how: 'loseReply' });
    scene.ca.misbehave({ on: 'revoke', how: { status: 503 } });
    for (const { order } of views) {
      await scene.app.ports.revocations.revokeOrder(scene.customer.caller, order, 'superseded');
    }
    await scene.passHours(1);
    assert.deepEqual(
      scene.ca.books.certificates.map(({ revoked }) => revoked?.reason),
      [4, 4],
    );
    const { length } = scene.ca.calls('revoke');
    await scene.passHours(48);
    assert.equal(scene.ca.calls('revoke').length, length, 'and is over');
  });
});
