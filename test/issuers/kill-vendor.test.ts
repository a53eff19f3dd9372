import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waysOut } from '../support/vendor-scene.ts';
import { killAtVendors } from './kill-vendor.ts';

// The long form: `npm run test:kill -- --only vendor`.
test('a core that is killed while it buys of every vendor never buys twice, and loses no certificate', async () => {
  const report = await killAtVendors({ kills: 2, orders: waysOut.length });
  assert.ok(report.issued > 0, 'nothing was bought: the kills proved nothing');
  assert.ok(report.bought >= report.issued);
});
