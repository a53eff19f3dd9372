/** What is forgotten of upstreams: what no budget counts any more, and proofs that are over. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { nextId } from '../../../src/domain/ids.ts';
import type { UpstreamBudget } from '../../../src/domain/upstream-budget.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { createNastyUpstream } from '../../support/nasty-upstream.ts';
import { createUpstreamIssuer, ordersOf } from '../../support/upstream-issuer.ts';

let app: TestApp;
afterEach(() => app.close());

const daySeconds = 86_400;
const of = { account: 'nasty', budget: 'orders', subject: '' };

async function start(budgets: readonly UpstreamBudget[] | undefined): Promise<void> {
  const clock = () => app.clock;
  const upstream = await createNastyUpstream(clock);
  app = await startTestApp({
    upkeep: true,
    upstreams: budgets === undefined ? [] : [createUpstreamIssuer(upstream, clock, { terms: { budgets } })],
  });
  await app.idle();
}

async function spend(): Promise<void> {
  const issuanceId = await nextId('issuance', app.context);
  await app.database.write((tx) => tx.upstreamSpendings.insert({ ...of, issuanceId, spentAt: app.clock.now() }));
}

/** The rows that are there, whatever a budget counts. */
const spent = async () => (await app.database.read.upstreamSpendings.count(of, new Date(0), 100)).spent;

/** @param days that pass, the last purge included */
async function pass(days: number): Promise<void> {
  app = await app.restart({ afterSeconds: days * daySeconds });
  await app.idle();
}

describe('what is counted of orders at an upstream', () => {
  const rows: readonly (readonly [why: string, windowDays: number | undefined, keptDays: number])[] = [
    ['is kept as long as the longest budget looks back', 20, 20],
    ['is kept for a week where budgets are short', 1, 7],
    ['is kept for a week where nothing is configured', undefined, 7],
    ['is kept for 40 days at most', 60, 40],
  ];
  for (const [why, windowDays, keptDays] of rows) {
    it(why, async () => {
      const budgets = windowDays === undefined ? undefined : [ordersOf(5, 3600), ordersOf(9, windowDays * daySeconds)];
      await start(budgets);
      await spend();
      await pass(keptDays - 1);
      await spend();
      assert.equal(await spent(), 2);
      await pass(1.1);
      assert.equal(await spent(), 1);
    });
  }
});

describe('a published proof', () => {
  it('is removed an hour after it was over', async () => {
    await start(undefined);
    const until = new Date(app.clock.now().getTime() + 600_000);
    const issuanceId = await nextId('issuance', app.context);
    const proof = { kind: 'http', place: 'token', value: 'token.print', issuanceId, until } as const;
    await app.database.write((tx) => tx.publishedProofs.put(proof));
    const thereSince = (at: Date) => app.database.read.publishedProofs.values('http', 'token', at, 1);
    const wasLive = new Date(until.getTime() - 1);
    await app.advance(600 + 3000);
    assert.deepEqual(await thereSince(wasLive), ['token.print'], 'over, and not removed yet');
    await app.advance(1300);
    assert.deepEqual(await thereSince(wasLive), []);
  });
});
