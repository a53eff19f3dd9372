/** Some thousands of changed packets, as `npm run fuzz -- --target dns-query` sends millions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dnsQueryTarget } from '../fuzz/dns-query.ts';
import { type Finding, fuzz } from '../fuzz/fuzz.ts';

test('whatever is changed in a packet, the answer is whole, no larger than its transport carries, and to the same question', async () => {
  const findings: Finding[] = [];
  const { inputs, byTarget } = await fuzz({
    targets: [dnsQueryTarget],
    seed: 1,
    maxInputs: 6000,
    maxMs: 60_000,
    onFinding: async (finding) => {
      findings.push(finding);
    },
  });
  assert.deepEqual(findings, []);
  assert.ok(inputs >= 6000);
  // Codes, flags and counts: the changes reach more than one way through the server.
  assert.ok((byTarget.get('dns-query')?.outcomes ?? 0) > 30);
});
