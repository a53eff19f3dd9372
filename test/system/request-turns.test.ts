/** Turns: whose request begins in which round of the event loop. Rounds are made by hand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CertError } from '../../src/domain/errors.ts';
import type { Turn } from '../../src/domain/ports/request-turns.ts';
import { createRequestTurns } from '../../src/system/request-turns.ts';
import { createFakeClock } from '../support/system.ts';

function scene(maxWaiting = 10_000) {
  const clock = createFakeClock();
  const rounds: (() => void)[] = [];
  const add = (callback: () => void) => rounds.push(callback);
  const turns = createRequestTurns({ clock, maxWaiting, nextRound: add, later: add });
  const begun: string[] = [];
  const underWay: Turn[] = [];

  function send(owner: string, { cost = 1, times = 1, endsAtOnce = true } = {}): void {
    for (let n = 0; n < times; n++) {
      const turn = turns.waitFor(owner, cost);
      const begin = (mine: Turn) => {
        begun.push(owner);
        if (endsAtOnce) mine.end();
        else underWay.push(mine);
      };
      if (turn instanceof Promise) void turn.then(begin);
      else begin(turn);
    }
  }

  /** A round of the loop that takes so long. @returns who began in it */
  async function round(tookMs = 1): Promise<readonly string[]> {
    await clock.advance(tookMs);
    const before = begun.length;
    rounds.shift()?.();
    await setImmediate();
    return begun.slice(before);
  }

  return { turns, begun, underWay, send, round, isIdle: () => rounds.length === 0 };
}

/** Until only one request begins in a round. */
async function slow({ send, round }: ReturnType<typeof scene>, owner: string): Promise<void> {
  send(owner, { times: 256 });
  for (let n = 0; n < 10; n++) {
    await round(1000);
    send(owner, { times: 16 });
  }
}

const counted = (owners: readonly string[], owner: string) => owners.filter((one) => one === owner).length;

describe('turns of requests', () => {
  it('let a burst through at once that one round can do', () => {
    const { begun, send } = scene();
    send('one', { times: 32 });
    assert.equal(begun.length, 32);
  });

  it('keep what is more for the next rounds', async () => {
    const { begun, send, round } = scene();
    send('one', { times: 100 });
    assert.equal(begun.length, 32);
    assert.equal((await round()).length, 32);
    assert.ok((await round()).length > 32, 'a quick round lets more begin');
    await round();
    assert.equal(begun.length, 100);
  });

  it('stop turning when there is nothing to do, and keep nothing', async () => {
    const { send, round, isIdle } = scene();
    send('one');
    await round();
    await round();
    assert.ok(isIdle());
  });

  it('let one at a time begin where a round takes long, and never none', async () => {
    const one = scene();
    await slow(one, 'busy');
    assert.equal((await one.round(1000)).length, 1);
    assert.equal((await one.round(1000)).length, 1);
  });

  it('recover when rounds are quick again', async () => {
    const one = scene();
    await slow(one, 'busy');
    let last = 0;
    for (let n = 0; n < 12; n++) last = (await one.round(9)).length;
    assert.ok(last >= 3, `${last}`);
  });

  for (const owners of [1, 10, 100]) {
    it(`put a quiet owner before ${owners} that keep the machine busy`, async () => {
      const one = scene();
      await slow(one, 'busy 0');
      for (let n = 0; n < owners; n++) one.send(`busy ${n}`, { cost: 2, times: 20 });
      for (let n = 0; n < 5 * owners; n++) await one.round(1000);
      for (let n = 0; n < 5; n++) {
        one.send('quiet', { cost: 0.5 });
        assert.deepEqual(await one.round(1000), ['quiet'], `request ${n}`);
      }
    });
  }

  it('share equally between owners that send as much as they can', async () => {
    const one = scene();
    await slow(one, 'a');
    one.send('b', { times: 100 });
    one.send('c', { times: 100 });
    const began: string[] = [];
    // The first ones are what the others were behind.
    for (let n = 0; n < 40; n++) await one.round(1000);
    for (let n = 0; n < 60; n++) began.push(...(await one.round(1000)));
    for (const owner of ['a', 'b', 'c']) assert.equal(counted(began, owner), 20, owner);
  });

  it('let those begin less often whose requests cost more', async () => {
    const one = scene();
    await slow(one, 'cheap');
    one.send('dear', { cost: 4, times: 100 });
    const began: string[] = [];
    for (let n = 0; n < 20; n++) await one.round(1000);
    for (let n = 0; n < 50; n++) began.push(...(await one.round(1000)));
    assert.equal(counted(began, 'dear'), 10);
    assert.equal(counted(began, 'cheap'), 40);
  });

  it('count what follows from requests as well', async () => {
    const one = scene();
    await slow(one, 'plain');
    one.send('charged', { times: 100 });
    const began: string[] = [];
    for (let n = 0; n < 40; n++) await one.round(1000);
    for (let n = 0; n < 50; n++) {
      const [owner] = await one.round(1000);
      began.push(owner ?? '');
      if (owner === 'charged') one.turns.charge('charged', 3);
    }
    // A request that is charged three more costs four.
    assert.ok([10, 11].includes(counted(began, 'charged')), began.join());
  });

  it('keep nothing of what is charged where nobody waits', async () => {
    const { turns, send, round, isIdle } = scene();
    turns.charge('one', 1000);
    send('one');
    await round();
    await round();
    assert.ok(isIdle());
  });

  it('let no more begin than a few while those are under way, and go on when they end', async () => {
    const one = scene();
    await slow(one, 'busy');
    while (one.begun.length > 0 && (await one.round(1000)).length > 0);
    one.send('busy', { times: 10, endsAtOnce: false });
    for (let n = 0; n < 20; n++) await one.round(11);
    assert.equal(one.underWay.length, 4);
    one.underWay[0]?.end();
    one.underWay[0]?.end();
    for (let n = 0; n < 4; n++) await one.round(11);
    assert.equal(one.underWay.length, 5);
  });

  it('let quiet owners begin beside those that are under way, though not any number', async () => {
    const one = scene();
    await slow(one, 'busy');
    while (one.begun.length > 0 && (await one.round(1000)).length > 0);
    one.send('busy', { times: 20, endsAtOnce: false });
    for (let n = 0; n < 20; n++) await one.round(11);
    assert.equal(one.underWay.length, 4);
    for (let n = 0; n < 10; n++) one.send(`quiet ${n}`, { endsAtOnce: false });
    const began: string[] = [];
    for (let n = 0; n < 20; n++) began.push(...(await one.round(11)));
    assert.equal(one.underWay.length, 8);
    assert.equal(counted(one.begun, 'quiet 0'), 1);
    assert.equal(counted(began, 'busy'), 0);
  });

  it('do not count those any more that wait for something else', async () => {
    const one = scene();
    await slow(one, 'busy');
    while (one.begun.length > 0 && (await one.round(1000)).length > 0);
    one.send('busy', { times: 10, endsAtOnce: false });
    for (let n = 0; n < 20; n++) await one.round(11);
    assert.equal(one.underWay.length, 4);
    await one.round(500);
    for (let n = 0; n < 20; n++) await one.round(11);
    assert.equal(one.underWay.length, 8);
  });

  it('refuse an owner with too many in line, and nobody else', () => {
    const { turns, send } = scene(8);
    send('one', { times: 40 });
    assert.throws(
      () => turns.waitFor('one', 1),
      (thrown) =>
        thrown instanceof CertError && thrown.code === 'rateLimited' && thrown.reason.key === 'tooManyWaiting',
    );
    assert.ok(turns.waitFor('other', 1) instanceof Promise);
  });
});
