/** The rolling limits of a key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestLimiter } from '../../../src/app/accounts/request-limits.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { CredentialId } from '../../../src/domain/ids.ts';
import { createFakeClock } from '../../support/system.ts';

const windows = [
  { seconds: 5, limit: 3 },
  { seconds: 300, limit: 5 },
];

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
  const limiter = createRequestLimiter(clock);
  const ask = (key = 'a') => refusal(() => limiter.take(key as CredentialId, windows));
  assert.equal(ask(), undefined);
  await clock.advance(1000);
  assert.equal(ask(), undefined);
  assert.equal(ask(), undefined);
  assert.deepEqual(ask(), { limit: 3, windowSeconds: 5, retryAfterSeconds: 4 });
  assert.equal(ask('b'), undefined); // another key has its own
  await clock.advance(3999);
  assert.deepEqual(ask(), { limit: 3, windowSeconds: 5, retryAfterSeconds: 1 });
  await clock.advance(1);
  assert.equal(ask(), undefined); // the refused ones were not counted
  await clock.advance(5000);
  assert.equal(ask(), undefined);
  assert.deepEqual(ask(), { limit: 5, windowSeconds: 300, retryAfterSeconds: 290 });
  // Another key comes when nothing of the first has left the long window, and when some of it has.
  assert.equal(ask('b'), undefined);
  await clock.advance(290_000);
  assert.equal(ask('b'), undefined);
  assert.equal(ask(), undefined);
  await clock.advance(300_000);
  assert.equal(ask('b'), undefined); // nothing is known of the first any more
  for (let count = 0; count < 3; count++) assert.equal(ask(), undefined);
  assert.deepEqual(ask(), { limit: 3, windowSeconds: 5, retryAfterSeconds: 5 });
});

test('no limits, where there are no windows', () => {
  const limiter = createRequestLimiter(createFakeClock());
  for (let count = 0; count < 2000; count++) limiter.take('a' as CredentialId, []);
});
