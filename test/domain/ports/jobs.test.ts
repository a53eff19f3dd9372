import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { backoffSeconds, nextCheckSeconds, type RetryPolicy, retryPolicies } from '../../../src/domain/job.ts';

/** When checks run if nothing but the schedule asks for them. */
function schedule(untilSeconds: number): number[] {
  const times = [0];
  for (let at = 0; at < untilSeconds; ) {
    at = nextCheckSeconds(at);
    times.push(at);
  }
  return times;
}

test('Proofs are looked for at once, after 2, 5, 10, 20, 40, 60 s more, and every minute for an hour.', () => {
  const times = schedule(3600);
  assert.deepEqual(times.slice(0, 9), [0, 2, 7, 17, 37, 77, 137, 197, 257]);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  assert.deepEqual(new Set(gaps.slice(6)), new Set([60]));
});

test('After an hour every ten minutes, after a day every hour.', () => {
  const gapsBetween = (from: number, to: number) =>
    new Set(
      schedule(to)
        .filter((at) => at >= from && at < to)
        .map((at) => nextCheckSeconds(at) - at),
    );
  assert.deepEqual(gapsBetween(3600, 86_400), new Set([600]));
  assert.deepEqual(gapsBetween(86_400, 30 * 86_400), new Set([3600]));
});

test('Checks that polls cause do not slow the schedule down.', () => {
  const rows = [
    [0.4, 2], // a poll between the first checks: the next one stays where it was
    [1.999, 2],
    [2.001, 7],
    [76, 77],
    [136.5, 137],
    [137.5, 197.5],
    [3599, 3659],
    [3601, 4201],
    [90_000, 93_600],
  ] as const;
  for (const [ageSeconds, expected] of rows) assert.equal(nextCheckSeconds(ageSeconds), expected);
});

describe('backoffSeconds', () => {
  const policy: RetryPolicy = { backoffSeconds: [1, 5, 60], maxAttempts: 9, lane: 'local', timeoutMs: 1 };
  const rows: readonly (readonly [attempts: number, expected: number])[] = [
    [1, 1],
    [2, 5],
    [3, 60],
    [4, 60], // the last one repeats
    [1000, 60],
  ];
  for (const [attempts, expected] of rows) {
    test(`after ${attempts} failed attempts ${expected} s`, () =>
      assert.equal(backoffSeconds(policy, attempts), expected));
  }
});

/** A webhook and an upstream's revocation are waited for longer; what follows by itself has weeks, and so has what only watches. */
const longestSeconds: Readonly<Record<string, number>> = {
  deliver: 21_600,
  reissue: 3600,
  renew: 3600,
  revokeUpstream: 3600,
  watchBalance: 3600,
  compareUpstream: 3600,
};

test('Every kind of work waits longer each time, never more than five minutes unless listed, and has a time limit.', () => {
  for (const [kind, policy] of Object.entries<RetryPolicy>(retryPolicies)) {
    assert.deepEqual(
      policy.backoffSeconds.toSorted((a, b) => a - b),
      policy.backoffSeconds,
      kind,
    );
    assert.ok(Math.max(...policy.backoffSeconds) <= (longestSeconds[kind] ?? 300), kind);
    assert.ok(policy.timeoutMs > 0 && policy.timeoutMs <= 120_000, kind);
    assert.ok(policy.maxAttempts >= 20, kind);
  }
});
