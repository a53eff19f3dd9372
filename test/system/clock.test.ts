import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../../src/system/clock.ts';
import { createRandomness } from '../../src/system/random.ts';

const clock = createClock();

test('the steady clock never goes back', () => {
  const readings = Array.from({ length: 1000 }, () => clock.monotonicMs());
  assert.deepEqual(
    readings,
    readings.toSorted((one, other) => one - other),
  );
});

test('a sleep lasts at least as long as asked', async () => {
  const startedMs = clock.monotonicMs();
  await clock.sleep(20);
  assert.ok(clock.monotonicMs() - startedMs >= 19);
});

test('a negative delay is no delay', async () => {
  await clock.sleep(-5);
});

test("an aborted sleep rejects with the signal's own reason", async () => {
  const controller = new AbortController();
  const why = new Error('shutting down');
  const sleeping = clock.sleep(60_000, controller.signal);
  controller.abort(why);
  await assert.rejects(sleeping, why);
  await assert.rejects(clock.sleep(60_000, controller.signal), why);
});

test('a delay longer than a timer can hold does not end at once', async () => {
  const controller = new AbortController();
  let isOver = false;
  const sleeping = clock.sleep(2 ** 32, controller.signal).finally(() => {
    isOver = true;
  });
  await clock.sleep(20);
  assert.equal(isOver, false);
  controller.abort();
  await assert.rejects(sleeping);
});

test('random bytes are as many as asked, and differ', () => {
  const random = createRandomness();
  assert.equal(random.bytes(16).length, 16);
  assert.notDeepEqual(random.bytes(16), random.bytes(16));
});
