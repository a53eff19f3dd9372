/** Places for checks of names in one process: shares of accounts and zones, turns, and that waiting can be given up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createCheckPlaces } from '../../../src/app/index.ts';
import { settle } from '../../support/system.ts';

const never = new AbortController().signal;

/** Work that runs until it is ended by name. */
function places(shares: { readonly places: number; readonly perAccount: number; readonly perZone: number }) {
  const checks = createCheckPlaces(shares);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    begun,
    /** `a1@z`: of account a, in zone z. */
    run(name: string, signal = never) {
      const [owner = '', zone = ''] = [name[0], name.split('@')[1]];
      return checks.run({ owner, zone }, signal, () => {
        begun.push(name);
        return new Promise<string>((resolve, reject) => {
          ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
        });
      });
    },
    async end(name: string, error?: Error) {
      (ends.get(name) ?? assert.fail(`${name} has not begun`))(error);
      await settle();
    },
  };
}

describe('places for checks', () => {
  it('go to who has the fewest, not to who came first', async () => {
    const { run, end, begun } = places({ places: 2, perAccount: 2, perZone: 9 });
    for (const name of ['a1@x', 'a2@x', 'a3@x', 'b1@y']) void run(name);
    await settle();
    assert.deepEqual(begun, ['a1@x', 'a2@x']);
    await end('a1@x');
    await end('a2@x');
    assert.deepEqual(begun, ['a1@x', 'a2@x', 'b1@y', 'a3@x']);
  });

  it('are shared out by account and by zone, and what waits for one holds up nobody', async () => {
    const { run, end, begun } = places({ places: 9, perAccount: 2, perZone: 3 });
    for (const name of ['a1@x', 'a2@x', 'a3@y', 'b1@x', 'c1@x', 'c2@z']) void run(name);
    await settle();
    assert.deepEqual(begun, ['a1@x', 'a2@x', 'b1@x', 'c2@z']);
    await end('a1@x');
    assert.deepEqual(begun.slice(4).toSorted(), ['a3@y', 'c1@x']);
  });

  it('come back when a check throws, and the error reaches who asked', async () => {
    const { run, end, begun } = places({ places: 1, perAccount: 1, perZone: 1 });
    const failing = assert.rejects(run('a1@x'), /broken/);
    void run('a2@x');
    await settle();
    await end('a1@x', new Error('broken'));
    await failing;
    assert.deepEqual(begun, ['a1@x', 'a2@x']);
  });

  it('are not waited for after an abort: the check says so itself, and takes none', async () => {
    const { run, end, begun } = places({ places: 1, perAccount: 1, perZone: 1 });
    void run('a1@x');
    const impatient = new AbortController();
    void run('b1@x', impatient.signal);
    void run('c1@x');
    await settle();
    impatient.abort();
    await settle();
    await end('b1@x');
    assert.deepEqual(begun, ['a1@x', 'b1@x']);
    await end('a1@x');
    assert.deepEqual(begun, ['a1@x', 'b1@x', 'c1@x']);
  });

  it('are never more than the shares, and never free while somebody waits who may have one', async () => {
    const shares = { places: 4, perAccount: 2, perZone: 3 };
    const who = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('x', 'y'));
    const step = fc.oneof(
      fc.record({ arrives: who }),
      fc.record({ ends: fc.nat(9) }),
      fc.record({ givesUp: fc.nat(9) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { run, end, begun } = places(shares);
        let waiting: { readonly name: string; readonly gone: AbortController }[] = [];
        const gone = new Set<string>();
        const ended = new Set<string>();
        const underWay = () => begun.filter((name) => !gone.has(name) && !ended.has(name));
        for (const [at, next] of steps.entries()) {
          if ('arrives' in next) {
            const [owner, zone] = next.arrives;
            const one = { name: `${owner}${at}@${zone}`, gone: new AbortController() };
            waiting.push(one);
            void run(one.name, one.gone.signal);
          } else if ('ends' in next) {
            const name = underWay()[next.ends];
            if (name !== undefined) {
              ended.add(name);
              await end(name);
            }
          } else {
            const one = waiting[next.givesUp];
            if (one !== undefined) gone.add(one.name);
            one?.gone.abort();
          }
          await settle();
          waiting = waiting.filter(({ name }) => !begun.includes(name));
          const busy = underWay();
          const ofOwner = (owner: string) => busy.filter((name) => name[0] === owner).length;
          const ofZone = (zone: string) => busy.filter((name) => name.endsWith(`@${zone}`)).length;
          assert.ok(busy.length <= shares.places);
          for (const name of busy) {
            assert.ok(ofOwner(name[0] ?? '') <= shares.perAccount, name);
            assert.ok(ofZone(name.slice(-1)) <= shares.perZone, name);
          }
          for (const { name } of waiting) {
            const mayBegin =
              busy.length < shares.places &&
              ofOwner(name[0] ?? '') < shares.perAccount &&
              ofZone(name.slice(-1)) < shares.perZone;
            assert.ok(!mayBegin, `${name} waits beside ${busy.join()}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
