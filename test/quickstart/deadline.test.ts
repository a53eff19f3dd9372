import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDeadline } from '../../src/quickstart/deadline.ts';
import { createFakeClock } from '../support/system.ts';

const never = new AbortController().signal;

test('work that ends in time is not disturbed, and leaves no timer', async () => {
  const clock = createFakeClock();
  assert.equal(await withDeadline({ clock, limitMs: 1000, signal: never }, async () => 7), 7);
  assert.equal(clock.sleeping, 0);
});

test('work that does not listen is given up after the limit', async () => {
  const clock = createFakeClock();
  let told: AbortSignal | undefined;
  const work = withDeadline({ clock, limitMs: 3000, signal: never }, (signal) => {
    told = signal;
    return new Promise(() => undefined);
  });
  work.catch(() => undefined);
  await clock.advance(2999);
  assert.equal(told?.aborted, false);
  await clock.advance(1);
  await assert.rejects(work, /^Error: gave up after 3 s$/);
  assert.equal(told?.aborted, true);
  assert.equal(clock.sleeping, 0);
});

test('an interruption ends the work with its own reason, and later work before it begins', async () => {
  const clock = createFakeClock();
  const interruption = new AbortController();
  const deadline = { clock, limitMs: 1000, signal: interruption.signal };
  const work = withDeadline(deadline, () => new Promise(() => undefined));
  interruption.abort(new Error('interrupted'));
  await assert.rejects(work, /^Error: interrupted$/);
  await assert.rejects(
    withDeadline(deadline, async () => assert.fail('begun')),
    /^Error: interrupted$/,
  );
  assert.equal(clock.sleeping, 0);
});
