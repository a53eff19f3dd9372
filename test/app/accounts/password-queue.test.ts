/** Who waits for a place where passwords are hashed, who goes first, and who is told to come back. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPasswordQueue, type QueuePlace } from '../../../src/app/accounts/password-queue.ts';
import { until } from '../../support/system.ts';

/** A queue whose pieces of work end when they are told to. */
function createScene(size = { atOnce: 2, waiting: 4, waitingOfOne: 2 }) {
  const queue = createPasswordQueue(size);
  const running: { readonly name: string; end(): void }[] = [];
  const begun: string[] = [];
  const run = (name: string, place: Partial<QueuePlace> = {}) =>
    queue.run({ from: name, isKnown: false, ...place }, () => {
      begun.push(name);
      return new Promise<string>((resolve) => running.push({ name, end: () => resolve(name) }));
    });
  /** Ends the one that has run the longest, as soon as there is one. */
  async function endOne(): Promise<void> {
    await until(() => running.length > 0, 'something runs');
    running.shift()?.end();
  }
  async function endAll(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await endOne();
  }
  return { run, running, begun, endOne, endAll, queue };
}

const busy = { code: 'unavailable', reason: { key: 'passwordsBusy', params: { retryAfterSeconds: 5 } } };

test('A full line is refused, until there is a place again.', async () => {
  const { run, begun, endOne, endAll } = createScene();
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => run(name));
  await assert.rejects(run('g'), busy);
  await endOne();
  await until(() => begun.length === 3, 'a place is free');
  const late = run('h');
  await endAll(6);
  assert.deepEqual(await Promise.all([...all, late]), ['a', 'b', 'c', 'd', 'e', 'f', 'h']);
  assert.deepEqual(begun, ['a', 'b', 'c', 'd', 'e', 'f', 'h'], 'in the order in which they came');
});

test('One network takes only some of the places, so that others still get in.', async () => {
  const { run, endAll } = createScene();
  const all = ['a', 'b', 'c', 'd'].map((name) => run(name, { from: 'noisy' }));
  await assert.rejects(run('e', { from: 'noisy' }), busy);
  all.push(run('f', { from: 'quiet' }));
  await endAll(5);
  assert.equal((await Promise.all(all)).at(-1), 'f');
});

test('Who comes from a network where they signed in before goes first, however many strangers wait.', async () => {
  const { run, begun, endOne, endAll } = createScene();
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => run(name));
  await assert.rejects(run('stranger'), busy);
  all.push(run('owner', { isKnown: true }));
  await endOne();
  await until(() => begun.length === 3, 'a place is free');
  assert.deepEqual(begun, ['a', 'b', 'owner']);
  await endAll(6);
  await Promise.all(all);
});

test('Work that fails leaves its place to the next.', async () => {
  const { queue, run, endOne } = createScene({ atOnce: 1, waiting: 1, waitingOfOne: 1 });
  const failing = queue.run({ from: 'x', isKnown: false }, () => Promise.reject(new Error('broken')));
  const next = run('next');
  await assert.rejects(failing, /broken/);
  await endOne();
  assert.equal(await next, 'next');
});
