/** Numbers that are good once, in one thread and in several. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createNumberMemory, openCountedNumbers } from '../../src/system/index.ts';
import { createFakeRandomness } from '../support/system.ts';

const memory = () => createNumberMemory(createFakeRandomness(3));

describe('one-time numbers', () => {
  it('are taken once each, however many lie between', () => {
    const numbers = openCountedNumbers(memory());
    const all = Array.from({ length: 200_000 }, () => numbers.next());
    const some = all.filter((number) => number % 7 === 0);
    for (const number of some) assert.equal(numbers.take(number), true);
    for (const number of some) assert.equal(numbers.take(number), false);
    for (const number of all.filter((one) => one % 7 === 1)) assert.equal(numbers.take(number), true);
  });

  it('were handed out before they come back', () => {
    const numbers = openCountedNumbers(memory());
    assert.equal(numbers.take(0), false);
    const first = numbers.next();
    assert.equal(numbers.take(first + 1), false);
    assert.equal(numbers.take(first), true);
  });

  it('are good among the newest 16 million, and their places are free again after that', () => {
    const numbers = openCountedNumbers(memory());
    const [old, kept] = [numbers.next(), numbers.next()];
    assert.equal(numbers.take(old), true);
    for (let n = 0; n < 16_000_000; n++) numbers.next();
    assert.equal(numbers.take(kept), true);
    for (let n = 0; n < 1_000_000; n++) numbers.next();
    // More than there are places: the number that now has the place of the first is good, and the first is not again.
    const heirs = Array.from({ length: 70_000 }, () => numbers.next());
    assert.equal(numbers.take(old), false);
    assert.ok(heirs.every((number) => numbers.take(number)));
  });

  it('are the same numbers in every thread, and each is taken by one of them', async () => {
    const shared = memory();
    const code = new URL('../support/one-time-numbers-thread.ts', import.meta.url);
    const taken = await Promise.all(
      Array.from({ length: 3 }, () => {
        const worker = new Worker(code, { workerData: shared });
        return new Promise<readonly number[]>((resolve, reject) => {
          worker.once('message', resolve).once('error', reject);
        });
      }),
    );
    const all = taken.flat();
    assert.equal(all.length, 10_000);
    assert.equal(new Set(all).size, 10_000);
  });
});
