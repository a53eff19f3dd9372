/** Long lists, made some items at a time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { inTurns } from '../../src/app/in-turns.ts';

describe('a list that is made in turns', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  for (const count of [0, 1, 50, 51, 100, 125]) {
    it(`of ${count} items has each of them once, in order`, async () => {
      const sizes: number[] = [];
      const made = await inTurns(numbers(count), async (some) => {
        sizes.push(some.length);
        return some.map((one) => one * 2);
      });
      assert.deepEqual(
        made,
        numbers(count).map((one) => one * 2),
      );
      assert.ok(sizes.every((size) => size <= 50));
    });
  }

  it('lets others have their turn between its pieces', async () => {
    const order: string[] = [];
    const list = inTurns(numbers(101), async (some) => {
      order.push(`piece of ${some.length}`);
      return some;
    });
    await setImmediate();
    order.push('another');
    await list;
    assert.deepEqual([order.length, order.at(-1)], [4, 'piece of 1']);
    assert.ok(order.indexOf('another') < 3);
  });

  it('fails where a piece fails', async () => {
    const make = (some: readonly number[]) =>
      some.includes(75) ? Promise.reject(new Error('no')) : Promise.resolve(some);
    await assert.rejects(inTurns(numbers(300), make), /^Error: no$/);
  });
});
