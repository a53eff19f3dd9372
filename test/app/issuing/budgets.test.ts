/** Budgets of an account at an ACME CA: what is counted, for what, for how long, and what is given back. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { UpstreamBudget } from '../../../src/domain/upstream-budget.ts';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';
import { reissueFor } from '../../support/app.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;
const daySeconds = 86_400;

const budgetOf = (change: Partial<UpstreamBudget>): UpstreamBudget => ({
  ...{ name: 'budget', counts: 'certificate', per: 'account', limit: 1, windowSeconds: daySeconds },
  isExemptForRenewal: false,
  ...change,
});
const begin = async (...budgets: readonly Partial<UpstreamBudget>[]) => {
  scene = await startAcmeScene({ cas: [{ terms: { budgets: budgets.map(budgetOf), deadlineHours: 500 } }] });
};
/** Places an order, and sees whether it is issued or rests, once there is nothing to do at the moment. */
async function outcome(...names: readonly string[]): Promise<string> {
  const view = await scene.place(names);
  await scene.passHours(0.1);
  const { issuance } = await scene.see(view);
  return issuance.rest?.reason.key ?? issuance.failure?.key ?? issuance.state;
}

describe('a budget', () => {
  for (const [per, firstNames, free, spent] of [
    ['account', ['a.example.com'], [], ['b.example.org']],
    ['registeredDomain', ['a.example.com'], ['a.example.org'], ['other.example.com', 'b.example.org']],
    ['exactSet', ['a.example.com', 'b.example.com'], ['a.example.com'], ['b.example.com', 'a.example.com']],
    ['name', ['a.example.com', 'b.example.com'], ['c.example.com'], ['b.example.com', 'd.example.com']],
  ] as const) {
    it(`per ${per} counts what is counted together`, async () => {
      await begin({ per });
      assert.equal(await outcome(...firstNames), 'issued');
      if (free.length > 0) assert.equal(await outcome(...free), 'issued');
      assert.equal(await outcome(...spent), 'upstreamBudgetSpent');
    });
  }

  it('has a window that slides on over a restart', async () => {
    await begin({ limit: 2, counts: 'order' });
    assert.equal(await outcome('a.example.com'), 'issued');
    await scene.passHours(12);
    assert.equal(await outcome('b.example.com'), 'issued');
    await scene.restart({ afterSeconds: 60 });
    const third = await scene.place(['c.example.com']);
    await scene.passHours(11);
    assert.equal((await scene.told(third)).key, 'upstreamBudgetSpent');
    await scene.passHours(1.5);
    await scene.assertIssued(third);
    assert.equal(await outcome('d.example.com'), 'upstreamBudgetSpent', 'the second is still in the window');
  });

  it('has one place at its end for two orders at once', async () => {
    await begin({ limit: 1, counts: 'order' });
    const views = await Promise.all(['a', 'b', 'c'].map((name) => scene.place([`${name}.example.com`])));
    await scene.passHours(0.2);
    const states = await Promise.all(views.map(async (view) => (await scene.see(view)).issuance.state));
    assert.deepEqual(states.toSorted(), ['issued', 'issuing', 'issuing']);
    assert.equal(scene.ca.books.orders.length, 1);
  });

  it('of certificates is given back where the CA issues none, and one of orders is not', async () => {
    await begin({ name: 'certificates' }, { name: 'orders', counts: 'order', limit: 2 });
    scene.ca.misbehave({ on: 'issue', how: { problem: 'caa', detail: 'no' } });
    assert.equal(await outcome('a.example.com'), 'caRefused');
    assert.equal(await outcome('a.example.com'), 'issued');
    assert.equal(await outcome('b.example.org'), 'upstreamBudgetSpent');
  });

  it('of failed validations counts those of each name, and no others', async () => {
    await begin({ counts: 'failedValidation', per: 'name', limit: 2, windowSeconds: 3600 });
    const rule = scene.ca.misbehave({ on: 'validate', how: { problem: 'dns', detail: 'SERVFAIL' }, times: always });
    for (let i = 0; i < 2; i++) assert.equal(await outcome('a.example.com'), 'caCouldNotValidate');
    rule.stop();
    assert.equal(await outcome('b.example.com'), 'issued');
    const view = await scene.place(['a.example.com']);
    await scene.passHours(0.1);
    assert.equal((await scene.told(view)).key, 'upstreamBudgetSpent');
    await scene.passHours(1);
    await scene.assertIssued(view);
  });

  it('does not count what renews a certificate, where the CA exempts that', async () => {
    await begin({ counts: 'order', isExemptForRenewal: true });
    const view = await scene.place(['a.example.com']);
    await scene.ends(view);
    assert.equal(await outcome('b.example.com'), 'upstreamBudgetSpent');
    const { issuances } = scene.app.ports;
    const request = async () => ({
      ...(await reissueFor(['a.example.com'])),
      csr: await scene.csrFor(['a.example.com']),
    });
    await scene.ends(await issuances.reissue(scene.customer.caller, view.order, await request()));
    assert.deepEqual(
      scene.ca.books.orders.map(({ replaces }) => replaces === scene.ca.books.certificates[0]?.certId),
      [false, true],
    );
    const duplicate = await issuances.duplicate(scene.customer.caller, view.order, await request());
    await scene.passHours(0.1);
    const counted = await scene.app.database.read.issuances.get(duplicate.issuance.id);
    assert.equal(counted?.rest?.reason.key, 'upstreamBudgetSpent', 'a duplicate renews nothing');
  });

  it('is counted before the CA hears of the order, and given back where it takes none', async () => {
    await begin({ counts: 'order', limit: 1 });
    scene.ca.misbehave({ on: 'newOrder', how: { problem: 'rejectedIdentifier', detail: 'no' } });
    const view = await scene.place(['a.example.com']);
    await scene.ends(view);
    await scene.assertRefunded(view, 'caRefused');
    assert.equal(await outcome('b.example.com'), 'issued', 'what the CA refused did not count there');
  });
});
