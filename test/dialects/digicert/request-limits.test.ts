/** The rolling limits of a key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestLimiter } from '../../../src/dialects/digicert/request-limits.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { createFakeClock } from '../../support/system.ts';

const limits = { per5Seconds: 3, per5Minutes: 5 };

function refusal(take: () => void) {
  try {
    take();
  } catch (thrown) {
    assert.ok(thrown instanceof CertError);
    return thrown.reason.params;
  }
  return undefined;
}

test('a key may send as many as both windows allow, and again when the oldest has left them', async () => {
  const clock = createFakeClock();
  const limiter = createRequestLimiter(limits, clock);
  const ask = () => refusal(() => limiter.take('a'));
  assert.equal(ask(), undefined);
  await clock.advance(1000);
  assert.equal(ask(), undefined);
  assert.equal(ask(), undefined);
  assert.deepEqual(ask(), { limit: 3, windowSeconds: 5, retryAfterSeconds: 4 });
  assert.equal(
    refusal(() => limiter.take('b')),
    undefined,
  ); // another key has its own
  await clock.advance(3999);
  assert.deepEqual(ask(), { limit: 3, windowSeconds: 5, retryAfterSeconds: 1 });
  await clock.advance(1);
  assert.equal(ask(), undefined); // the refused ones were not counted
  await clock.advance(5000);
  assert.equal(ask(), undefined);
  assert.deepEqual(ask(), { limit: 5, windowSeconds: 300, retryAfterSeconds: 290 });
});

test('no limits, where they are off', () => {
  const limiter = createRequestLimiter('off', createFakeClock());
  for (let count = 0; count < 2000; count++) limiter.take('a');
});
