import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killTest } from './kill.ts';

// The long form, 20 kills and more: `npm run test:kill`.
test('a server killed again and again while clients order loses nothing and repeats nothing', async () => {
  const report = await killTest({ kills: 5, clients: 4 });
  assert.ok(
    report.acknowledged > 20,
    `only ${report.acknowledged} orders were acknowledged: too few to prove anything`,
  );
  assert.ok(report.interrupted > 0, 'no request was ever cut off: the kills proved nothing');
  assert.ok(report.acme.finalized >= 12, `only ${report.acme.finalized} ACME orders were finalized`);
  assert.ok(report.acme.repeated > 0, 'no ACME call was ever cut off');
  assert.ok(report.certificates >= report.acknowledged + report.acme.finalized);
});
