import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killWhileBuying } from './kill-upstream.ts';

// The long form, 25 kills: `npm run test:kill`.
test('a server killed again and again while it buys from an ACME CA buys each certificate once', async () => {
  const report = await killWhileBuying({ kills: 5, openOrders: 4, sparesFinalize: true });
  assert.equal(report.atRequests.length, 2);
  assert.ok(report.orders >= 5, `only ${report.orders} orders: too few to prove anything`);
  assert.ok(report.requests > report.orders * 6, `only ${report.requests} requests at the CA`);
});
