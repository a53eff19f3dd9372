/** Values of vendors' replies: amounts, flags, lists of any form; and when a vendor takes no more calls. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { firstText, looseFlag, looseList, looseObject, looseText } from '../../../src/dialects/kit/loose.ts';
import { withLimits } from '../../../src/dialects/kit/upstream-failure.ts';
import { moneyFromWire } from '../../../src/dialects/kit/wire-money.ts';
import { UpstreamFailure } from '../../../src/domain/upstream-failure.ts';

describe('an amount', () => {
  for (const [value, currency, minor] of [
    [256, 'CNY', 25600],
    [0.1 + 0.2, 'USD', 30], // 0.30000000000000004
    [88.01, 'USD', 8801],
    ['256.1', 'CNY', 25610],
    ['1,256.5', 'CNY', 125650],
    ['19.995', 'USD', 2000],
    ['120', 'JPY', 120],
    ['-3.50', 'USD', -350],
    ['0', 'USD', 0],
    ['', 'USD', undefined],
    ['free', 'USD', undefined],
    [null, 'USD', undefined],
    [{}, 'USD', undefined],
  ] as const) {
    test(`${JSON.stringify(value)} ${currency}`, () => assert.equal(moneyFromWire(value, currency)?.minor, minor));
  }
});

test('values of other types than the documents say', () => {
  assert.deepEqual(looseObject([]), {}); // PHP's empty map
  assert.deepEqual(looseList({ 1: 'a', 4: 'b' }), ['a', 'b']); // PHP's list with gaps
  assert.deepEqual(
    [looseText(12), looseText(' x '), looseText(''), looseText(null)],
    ['12', 'x', undefined, undefined],
  );
  assert.equal(firstText({ a: '', b: 7, c: 'x' }, 'a', 'b', 'c'), '7');
  assert.deepEqual(
    [true, '1', 1, 'TRUE', 'verified', false, '0', 'pending', null].map((value) => looseFlag(value, 'verified')),
    [true, true, true, true, true, false, false, false, false],
  );
});

describe('a limit', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  for (const [header, retryAt] of [
    ['90', '2026-06-01T00:01:30.000Z'],
    ['Mon, 01 Jun 2026 00:05:00 GMT', '2026-06-01T00:05:00.000Z'],
    ['Mon, 01 Jun 2020 00:05:00 GMT', now.toISOString()], // over already
    ['999999999', '2026-06-02T00:00:00.000Z'], // a slip
    ['soon', undefined],
    // Days of long ago to `Date.parse`: it would be asked again at once.
    ['1.5', undefined],
    ['-1', undefined],
    ['try 5', undefined],
    ['31536000', '2026-06-02T00:00:00.000Z'], // a year
    ['Tue, 01 Jun 2027 00:00:00 GMT', '2026-06-02T00:00:00.000Z'],
    [undefined, undefined],
  ] as const) {
    test(`with Retry-After: ${header}`, async () => {
      const headers = header === undefined ? {} : { 'retry-after': header };
      const fetch = withLimits(async () => new Response('x', { status: 429, headers }), { now: () => now });
      await assert.rejects(fetch(new Request('https://vendor.example')), (thrown) => {
        assert.ok(thrown instanceof UpstreamFailure);
        assert.deepEqual([thrown.kind, thrown.retryAt?.toISOString()], ['limited', retryAt]);
        return true;
      });
    });
  }

  test('is none with any other status', async () => {
    const fetch = withLimits(async () => new Response('x', { status: 503 }), { now: () => now });
    assert.equal((await fetch(new Request('https://vendor.example'))).status, 503);
  });
});
