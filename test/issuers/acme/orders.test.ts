/** Orders at an ACME CA, from the core's issuance to the stored certificate. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

describe('an order at an ACME CA', () => {
  it('is issued by DNS in our zone, names and wildcards together', async () => {
    scene = await startAcmeScene();
    const view = await scene.place(['example.com', '*.example.com', 'www.example.com']);
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal(scene.ca.books.orders.length, 1);
    assert.equal((await scene.acmeOrder(view))?.step, 'download');
  });

  it('is issued by files of our responder, addresses too', async () => {
    scene = await startAcmeScene({ cas: [{ mode: 'serve' }] });
    const view = await scene.place(['www.example.com', '192.0.2.7']);
    await scene.ends(view);
    await scene.assertIssued(view);
  });

  it('is issued by a record that stays', async () => {
    const settings = { challengeTypes: ['dns-persist-01'] } as const;
    scene = await startAcmeScene({ cas: [{ mode: 'persist', ca: { settings } }] });
    const first = await scene.place(['first.example.com']);
    await scene.ends(first);
    const { key, en } = await scene.told(first);
    assert.deepEqual([key, /first\.example\.com/.test(en)], ['caCouldNotValidate', true], 'there is no record yet');
    const [account] = scene.ca.books.accounts;
    const url = `https://ca.example/account/${account?.id}`;
    scene.upstream.world.texts.set('_validation-persist.example.com', [
      `ca.example; accounturi=${url}; policy=wildcard`,
    ]);
    const view = await scene.place(['example.com', '*.example.com']);
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.deepEqual(await scene.published(), []);
  });

  it('that the CA never looks at waits, and neither fails nor is bought again, until its deadline', async () => {
    scene = await startAcmeScene({ cas: [{ terms: { deadlineHours: 12 } }] });
    scene.ca.misbehave({ on: 'validate', how: 'never' });
    const view = await scene.place(['www.example.com']);
    await scene.passHours(1);
    assert.equal((await scene.see(view)).issuance.state, 'issuing');
    assert.equal(scene.ca.books.orders.length, 1);
    const calls = scene.ca.calls().length;
    await scene.passHours(1);
    assert.ok(scene.ca.calls().length - calls < 240, 'it is looked at ever less often');
    await scene.passHours(11);
    await scene.assertRefunded(view, 'upstreamOverdue');
  });

  it('of several customers at once share an account, its nonces and its key', async () => {
    scene = await startAcmeScene();
    const views = await Promise.all(['a', 'b', 'c', 'd'].map((name) => scene.place([`${name}.example.com`])));
    await scene.ends(...views);
    for (const view of views) await scene.assertIssued(view);
    assert.equal(scene.ca.books.accounts.length, 1);
  });
});
