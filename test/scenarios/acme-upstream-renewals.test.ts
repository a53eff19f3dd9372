/**
 * The order after the first, at each front door whose API has renewals, in mode `alias`: it says to the CA which certificate it replaces
 * (RFC 9773 §5), and so counts against none of the budgets from which the CA exempts renewals.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { UpstreamBudget } from '../../src/domain/upstream-budget.ts';
import { type AcmeDoors, openAcmeDoors } from '../support/acme-doors.ts';
import { type BuyerName, buyerNames, createBuyer, words } from '../support/buyers.ts';

let scene: AcmeDoors;
afterEach(() => scene.doors.app.close());

const dayMs = 86_400_000;
/** One certificate for a set of names in a year, but for renewals. */
const budget: UpstreamBudget = {
  ...{ name: 'exact set', counts: 'certificate', per: 'exactSet', limit: 1, windowSeconds: 365 * 86_400 },
  isExemptForRenewal: true,
};
const names = ['shop.example.com', 'www.shop.example.com'];

/** Their APIs have no renewal: whoever needs another certificate places another order. */
const withoutRenewal: readonly BuyerName[] = ['wosign', 'httpsok'];

const bought = () => scene.ca.books.certificates;

async function open(door: BuyerName) {
  const currency = door === 'digicert' ? { currency: 'USD' } : {};
  scene = await openAcmeDoors({ terms: { budgets: [budget] }, ...currency });
  scene.prepare(...names);
  scene.prove(...names);
  const buyer = await createBuyer(door, scene);
  const first = await buyer.order(names);
  scene.prove(...names);
  await buyer.proceed(first, names).catch(() => undefined);
  await scene.passUntil(async () => (await buyer.show(first)).state === words[door].issued, 'the first is issued');
  assert.equal(bought().length, 1);
  return { buyer, first };
}

for (const door of buyerNames) {
  describe(door, () => {
    if (withoutRenewal.includes(door)) {
      it('has no renewals: another order for the same names counts like the first', async () => {
        const { buyer } = await open(door);
        assert.equal(buyer.renew, undefined);
        // The same application within a minute is httpsok's first one.
        await scene.doors.app.advance(61);
        await buyer.order(names);
        await scene.doors.app.advance(120);
        const { rest } = await scene.newestIssuance();

        assert.equal(rest?.reason.key, 'upstreamBudgetSpent');
        assert.equal(bought().length, 1);
      });
      return;
    }

    it('renews: the CA is told what is replaced, and the budget is not spent', async () => {
      const { buyer, first } = await open(door);
      if (door !== 'acme') {
        // Near the end of the order, as Racent wants it; it had the certificates of the meantime by itself.
        scene.doors.app.clock.set(300 * dayMs);
        await scene.doors.app.advance(61);
        await scene.passUntil(() => bought().length > 1, 'the next certificate of the order is there');
        await scene.passUntil(async () => (await buyer.show(first)).state === words[door].issued, 'it is shown');
      }
      const before = [...bought()];
      const renewal = (await buyer.renew?.(first, names)) ?? assert.fail('it renews');
      scene.prove(...names);
      await buyer.proceed(renewal, names).catch(() => undefined);
      await scene.passUntil(async () => (await buyer.show(renewal)).state === words[door].issued, 'it is issued');
      const [newest = assert.fail('a certificate'), ...others] = bought().slice(before.length);
      assert.deepEqual(others, [], 'one was bought');
      assert.equal(newest.order.replaces, before.at(-1)?.certId);
      const spent = await scene.doors.app.ports.upstreams.account(scene.doors.app.operator, 'letsencrypt');
      assert.deepEqual(
        spent.budgets.map((one) => one.spent),
        // A year has passed but for some weeks; the first order is what is counted, once.
        [1],
      );
      assert.deepEqual(scene.ca.books.bugs, []);
    });
  });
}
