/** Pools of ACME CAs: who is tried first, when the pool moves on, and that it never does once a certificate may have been bought. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { UpstreamBudget } from '../../../src/domain/upstream-budget.ts';
import { acmeCas } from '../../../src/issuers/acme/presets.ts';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';
import type { AcmeUpstreamOptions } from '../../support/acme-upstream.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;
const name = 'www.example.com';

function caOf(id: string, options: AcmeUpstreamOptions = {}): AcmeUpstreamOptions {
  const { settings, ...ca } = options.ca ?? {};
  return { id, ...options, ca: { ...ca, settings: { organization: `CA ${id}`, ...settings } } };
}

const begin = async (first: AcmeUpstreamOptions = {}, second: AcmeUpstreamOptions = {}) => {
  scene = await startAcmeScene({ cas: [caOf('first', first), caOf('second', second)], pool: 'both' });
};
const [first, second] = [() => scene.upstreams[0] ?? assert.fail(), () => scene.upstreams[1] ?? assert.fail()];
const bought = () => scene.upstreams.map(({ ca }) => ca.books.certificates.length);
const passedOf = async (view: OrderView) =>
  (await scene.upstreamOrder(view))?.route?.passed.map(({ issuer, reason, until }) => [
    issuer,
    reason.key,
    until !== null,
  ]);
const issuerOf = async (view: OrderView) => (await scene.see(view)).issuance.issuerId;
const once: UpstreamBudget = {
  ...{ name: 'orders', counts: 'order', per: 'account', limit: 1, windowSeconds: 86_400 },
  isExemptForRenewal: false,
};

describe('a pool', () => {
  it('orders at its first issuer, and says so', async () => {
    await begin();
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view, first().ca);
    assert.deepEqual([bought(), await issuerOf(view), await passedOf(view)], [[1, 0], 'first', []]);
    assert.equal((await scene.upstreamOrder(view))?.route?.pool, 'both');
  });

  it('passes over one that never issues such keys', async () => {
    await begin({ settings: { ca: { ...acmeCas.custom, keyTypes: ['rsa'] } } });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view, second().ca);
    assert.deepEqual(await passedOf(view), [['first', 'caTakesNoKey', false]]);
  });

  it('passes over one whose budget is spent', async () => {
    await begin({ terms: { budgets: [once] } });
    const views = [await scene.place([name])];
    await scene.ends(...views);
    views.push(await scene.place(['next.example.com']));
    await scene.ends(...views);
    assert.deepEqual(bought(), [1, 1]);
    assert.deepEqual(await passedOf(views[1] ?? assert.fail()), [['first', 'upstreamBudgetSpent', true]]);
  });

  it('passes over one that is away, once its breaker is open, before anything was sent there', async () => {
    await begin();
    first().ca.misbehave({ on: 'any', how: 'loseRequest', times: always });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view, second().ca);
    assert.deepEqual([bought(), await issuerOf(view)], [[0, 1], 'second']);
    const later = await scene.place(['later.example.com']);
    await scene.ends(later);
    assert.deepEqual(await passedOf(later), [['first', 'upstreamAway', true]]);
  });

  for (const [on, how, key] of [
    ['newOrder', { problem: 'rejectedIdentifier', detail: 'not here' }, 'caRefused'],
    ['newOrder', { problem: 'rateLimited', retryAfter: 7 * 86_400, status: 429 }, 'upstreamLimit'],
    ['newOrder', 'addName', 'caRefused'],
    ['validate', { problem: 'caa', detail: 'only the second may' }, 'caCouldNotValidate'],
  ] as const) {
    it(`moves on where the first one says ${JSON.stringify(how)} at ${on}`, async () => {
      await begin();
      first().ca.misbehave({ on, how, times: always });
      const view = await scene.place([name]);
      await scene.ends(view);
      await scene.assertIssued(view, second().ca);
      assert.deepEqual([bought(), await issuerOf(view)], [[0, 1], 'second']);
      assert.deepEqual(await passedOf(view), [['first', key, key === 'upstreamLimit']]);
    });
  }

  it('does not move on where every CA would say the same', async () => {
    await begin();
    first().ca.misbehave({ on: 'validate', how: { problem: 'dns', detail: 'SERVFAIL' }, times: always });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertRefunded(view, 'caCouldNotValidate');
    assert.equal(second().ca.books.orders.length, 0);
  });

  for (const [on, how] of [
    ['finalize', 'loseReply'],
    ['finalize', 'hangAfterwards'],
    ['finalize', { problem: 'serverInternal', status: 500, hasActed: true }],
    ['finalize', { problem: 'rateLimited', status: 429, retryAfter: 7200 }],
    ['order', { status: 503 }],
  ] as const) {
    it(`never moves on once the CSR was sent: ${JSON.stringify(how)} at ${on}`, async () => {
      await begin({ ca: { settings: { finalize: { isSynchronous: false, takesMs: 60_000 } } } });
      const after = on === 'order' ? 3 : 0;
      first().ca.misbehave({ on, how, after, times: on === 'order' ? 20 : 1 });
      const view = await scene.place([name]);
      await scene.ends(view);
      await scene.assertIssued(view, first().ca);
      assert.deepEqual(bought(), [1, 0]);
      assert.equal(second().ca.calls('newOrder').length, 0);
    });
  }

  it('never moves on where the CA refuses what it was sent to sign, for good', async () => {
    await begin();
    first().ca.misbehave({ on: 'issue', how: { problem: 'caa', detail: 'changed' }, times: always });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertRefunded(view, 'caRefused');
    assert.equal(second().ca.books.orders.length, 0);
  });

  it('fails with the last reason where all of them refuse', async () => {
    await begin();
    for (const { ca } of scene.upstreams) {
      ca.misbehave({ on: 'newOrder', how: { problem: 'rejectedIdentifier', detail: 'forbidden' }, times: always });
    }
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertRefunded(view, 'caRefused');
    assert.match((await scene.told(view)).en, /second.*forbidden/);
  });

  it('waits while none of them has room, says until when, and goes on by itself', async () => {
    await begin({ terms: { budgets: [once] } }, { terms: { budgets: [{ ...once, windowSeconds: 7200 }] } });
    const views = [await scene.place(['a.example.com']), await scene.place(['b.example.com'])];
    await scene.ends(...views);
    assert.deepEqual(bought(), [1, 1]);
    const third = await scene.place([name]);
    await scene.passHours(0.1);
    const { key, turn } = await scene.told(third);
    assert.deepEqual([key, turn, await issuerOf(third)], ['poolHasNoRoom', 'operator', 'both']);
    await scene.ends(third);
    await scene.assertIssued(third, second().ca);
    assert.equal((await scene.see(third)).issuance.rest, null);
  });

  it('waits where each of them limits it, and comes back to the one that is free first', async () => {
    await begin();
    const limited = (retryAfter: number) => ({ problem: 'rateLimited', status: 429, retryAfter }) as const;
    first().ca.misbehave({ on: 'newOrder', how: limited(6 * 3600) });
    second().ca.misbehave({ on: 'newOrder', how: limited(2 * 3600) });
    const view = await scene.place([name]);
    await scene.passHours(1);
    assert.equal((await scene.told(view)).key, 'poolHasNoRoom');
    assert.equal((await scene.upstreamOrder(view))?.state, 'choosing');
    await scene.ends(view);
    await scene.assertIssued(view, second().ca);
  });
});
