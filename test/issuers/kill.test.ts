import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killWithUpstream } from './kill.ts';

// The long form: `npm run test:kill`.
test('a core that is killed again and again while it buys never buys twice, and loses no certificate', async () => {
  const report = await killWithUpstream({ kills: 3, orders: 16 });
  assert.ok(report.issued > 0, 'nothing was bought: the kills proved nothing');
  assert.ok(report.bought >= report.issued);
});
