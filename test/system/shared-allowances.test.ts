/** Allowances in shared memory: what they allow, in one thread and in several, and what happens when their memory is full. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createAllowance } from '../../src/domain/allowance.ts';
import type { Allowance, Rate } from '../../src/domain/ports/allowances.ts';
import { createAllowanceMemory, openSharedAllowances } from '../../src/system/index.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

const memory = () => createAllowanceMemory(createFakeRandomness(3));

/** The same steps have the same outcome in the memory of one thread and in that of several. */
const kinds: readonly [string, (clock: ReturnType<typeof createFakeClock>, rate: Rate) => Allowance][] = [
  ['of one thread', (clock, rate) => createAllowance({ clock, ...rate, maxKeys: 100 })],
  ['of several', (clock, rate) => openSharedAllowances(memory(), clock).open('test', rate)],
];

for (const [where, create] of kinds) {
  describe(`an allowance in the memory ${where}`, () => {
    it('allows its burst at once, then one at a time', async () => {
      const clock = createFakeClock();
      const allowance = create(clock, { burst: 3, everyMs: 1000 });
      assert.deepEqual(
        [1, 2, 3, 4, 5].map(() => allowance.tryTake('a')),
        [0, 0, 0, 1000, 1000],
      );
      assert.equal(allowance.waitMs('a'), 1000);
      assert.equal(allowance.waitMs('b'), 0);
      await clock.advance(999);
      assert.equal(allowance.tryTake('a'), 1);
      await clock.advance(1);
      assert.deepEqual([allowance.tryTake('a'), allowance.tryTake('a')], [0, 1000]);
      await clock.advance(60_000);
      assert.deepEqual(
        [1, 2, 3, 4].map(() => allowance.tryTake('a')),
        [0, 0, 0, 1000],
      );
    });

    it('counts what is taken beyond it, takes back, and forgets', () => {
      const allowance = create(createFakeClock(), { burst: 1, everyMs: 1000 });
      for (let n = 0; n < 3; n++) allowance.take('a');
      assert.equal(allowance.waitMs('a'), 3000);
      allowance.giveBack('a');
      assert.equal(allowance.waitMs('a'), 2000);
      allowance.forget('a');
      assert.equal(allowance.tryTake('a'), 0);
      allowance.giveBack('unknown');
      assert.deepEqual([allowance.tryTake('unknown'), allowance.tryTake('unknown')], [0, 1000]);
    });
  });
}

describe('shared allowances', () => {
  it('are the same for all that open them by one name, and others by another', () => {
    const shared = memory();
    const clock = createFakeClock();
    const rate = { burst: 1, everyMs: 1000 };
    const open = (name: string) => openSharedAllowances(shared, clock).open(name, rate);
    const [first, other, second] = [open('a'), open('b'), open('a')];
    assert.equal(first.tryTake('key'), 0);
    assert.equal(second.tryTake('key'), 1000);
    assert.equal(other.tryTake('key'), 0);
    for (let n = 0; n < 6; n++) open(`name ${n}`);
    assert.throws(() => open('one too many'), /no table left/);
  });

  it('hold what fits exactly, also for rates that are no whole milliseconds', async () => {
    const clock = createFakeClock();
    const allowance = openSharedAllowances(memory(), clock).open('test', { burst: 300, everyMs: 10_000 / 300 });
    const takes = (times: number) =>
      Array.from({ length: times }, () => allowance.tryTake('a')).filter((ms) => ms === 0).length;
    assert.equal(takes(400), 300);
    await clock.advance(10_000);
    assert.ok(Math.abs(takes(400) - 300) <= 1);
  });

  it('forget those that owe the least when they are full', () => {
    const clock = createFakeClock();
    const allowance = openSharedAllowances(memory(), clock).open('test', { burst: 5, everyMs: 60_000 });
    for (let n = 0; n < 5; n++) assert.equal(allowance.tryTake('used up'), 0);
    // Twice as many as there are places.
    for (let n = 0; n < 262_144; n++) allowance.tryTake(`invented ${n}`);
    assert.equal(allowance.tryTake('used up'), 60_000);
    assert.equal(allowance.tryTake('invented 0'), 0);
  });

  it('let through as much as they may where threads take at once', async () => {
    const rate = { burst: 1000, everyMs: 3_600_000 };
    const absent = new Int32Array(new SharedArrayBuffer(4)).fill(3);
    const workerData = { memory: memory(), rate, rounds: 500, absent };
    const code = new URL('../support/shared-allowances-thread.ts', import.meta.url);
    const taken = await Promise.all(
      Array.from({ length: 3 }, () => {
        const worker = new Worker(code, { workerData });
        return new Promise<readonly number[]>((resolve, reject) => {
          worker.once('message', resolve).once('error', reject);
        });
      }),
    );
    // 1500 tries of each key.
    for (let key = 0; key < 100; key++) {
      assert.equal(
        taken.reduce((sum, ofThread) => sum + (ofThread[key] ?? 0), 0),
        1000,
      );
    }
  });
});
