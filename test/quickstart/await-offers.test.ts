import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { awaitOffers } from '../../src/quickstart/await-offers.ts';
import type { Offer, OrderState } from '../../src/quickstart/customer.ts';
import { createFakeClock } from '../support/system.ts';

const names = ['a.example', '*.b.example'];
const file = { path: '/proof', content: 'x' };
const cname = { host: '_x.b.example', target: 'ca.example' };
const whole: readonly Offer[] = [
  { name: 'a.example', file },
  { name: '*.b.example', cname },
];
const processing: OrderState = { status: 'PENDING', verifiedNames: [] };

/** Reads an order that shows these one after the other; the last one stays. */
async function read(shown: readonly (readonly Offer[])[], state = processing, signal = new AbortController().signal) {
  const clock = createFakeClock();
  let reads = 0;
  const readOffers = async () => shown[Math.min(reads++, shown.length - 1)] ?? [];
  const waiting = awaitOffers({ customer: { readOrder: async () => state }, readOffers, names, clock, signal });
  waiting.catch(() => undefined);
  await clock.advance(5000);
  return { waiting, reads: () => reads };
}

describe("waiting for a vendor's challenges", () => {
  test('reads the order until each name has one', async () => {
    const { waiting, reads } = await read([[], [{ name: 'a.example', file }, { name: '*.b.example' }], whole]);
    assert.deepEqual(await waiting, whole);
    assert.equal(reads(), 3);
  });

  test('ends with the reason for an order that failed before', async () => {
    const { waiting } = await read([[]], { ...processing, status: 'FAILED', failure: 'no such product' });
    await assert.rejects(waiting, /^Error: the order is FAILED: no such product$/);
  });

  test('ends when it is interrupted', async () => {
    const { waiting } = await read([[]], processing, AbortSignal.abort(new Error('interrupted')));
    await assert.rejects(waiting, /interrupted/);
  });
});
