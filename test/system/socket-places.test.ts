/** The most sockets that are open at the same time: who waits, in which order, and that waiting can be given up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSocketPlaces } from '../../src/system/socket-places.ts';
import { settle } from '../support/system.ts';

const never = new AbortController().signal;

function sockets(limit: number) {
  const places = createSocketPlaces(limit);
  const log: string[] = [];
  const take = async (name: string, signal = never) => {
    const giveBack = await places.take(signal);
    log.push(name);
    return giveBack;
  };
  return { take, log };
}

describe('places for sockets', () => {
  it('are so many and no more; who waits comes in turn', async () => {
    const { take, log } = sockets(2);
    const giveBack = await take('a');
    await take('b');
    const [c, d] = [take('c'), take('d')];
    await settle();
    assert.deepEqual(log, ['a', 'b']);
    giveBack();
    (await c)();
    await d;
    assert.deepEqual(log, ['a', 'b', 'c', 'd']);
  });

  it('are given back once, however often somebody says so', async () => {
    const { take, log } = sockets(1);
    const giveBack = await take('a');
    giveBack();
    giveBack();
    await take('b');
    void take('c');
    await settle();
    assert.deepEqual(log, ['a', 'b']);
  });

  it('are not waited for after an abort, and nobody behind loses one by it', async () => {
    const { take, log } = sockets(1);
    const giveBack = await take('a');
    const impatient = new AbortController();
    const left = take('left', impatient.signal);
    const next = take('next');
    impatient.abort();
    // It has none to give back.
    (await left)();
    await settle();
    assert.deepEqual(log, ['a', 'left']);
    giveBack();
    await next;
    void take('last');
    await settle();
    assert.deepEqual(log, ['a', 'left', 'next']);
  });

  it('are not taken by what is aborted already', async () => {
    const { take, log } = sockets(1);
    await take('aborted', AbortSignal.abort());
    await take('a');
    assert.deepEqual(log, ['aborted', 'a']);
  });
});
