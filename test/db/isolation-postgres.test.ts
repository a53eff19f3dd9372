/**
 * Works of the real stores at random, many at once on two nodes: whatever they saw of each other, they could have run one after the
 * other (docs/isolation.md). `npm run test:postgres -- --histories 100 --seed 7` plays more, and others.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { type Play, type Played, play } from '../support/history/play.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';

const histories = Number(process.env.CERTMUX_TEST_HISTORIES ?? 3);
const firstSeed = Number(process.env.CERTMUX_TEST_SEED ?? 1);
const worksOfEach = 300;
const seeds = Array.from({ length: histories }, (_, i) => firstSeed + i);

describe('transactions of two nodes at once', () => {
  let opened: TempDatabase;
  let nodes: readonly Database[];
  before(async () => {
    const clock = createFakeClock();
    opened = await openTempDatabase({ clock });
    const random = createFakeRandomness(77);
    const other = await openDatabase({ path: opened.path, clock, random, log: createFakeLog() });
    nodes = [opened.database, other];
  });
  after(async () => {
    await nodes[1]?.close();
    await opened.remove();
  });

  for (const seed of seeds) {
    it(`have an order that explains what they saw (seed ${seed})`, async (t) => {
      const played = await play(nodes, { seed, works: worksOfEach });
      t.diagnostic(summaryOf(played));
      assert.deepEqual(played.faults, []);
      assert.ok(played.repeated > 0, 'some were in the way of others: otherwise nothing was shown');
    });
  }

  // Each with what must be found where nothing keeps them apart.
  const planted: readonly (readonly [what: string, kinds: NonNullable<Play['kinds']>, expected: RegExp])[] = [
    ['all works', [], /^no order of these transactions/],
    ['a lost update', ['changeSetting'], /^no order .*did not see changeSetting/s],
    ['write skew', ['leaveShift'], /^no order .*did not see leaveShift/s],
    ['a phantom', ['addContainer'], /two containers of account \d+ were counted as the same/],
    ['a charge that did not see another', ['charge'], /^no order .*did not see charge/s],
    ['orders above the limit', ['placeWithinLimit'], /\d orders of account \d+ wait, of 4 at most/],
    ['a second certificate', ['issue'], /^no order .*did not see issue/s],
    ['a certificate of a blocked key', ['issueForKey', 'blockKey'], /certificates of a blocked key are valid/],
    ['coverage that was paid for and is not there', ['extendCoverage'], /covered for \d+ days, and was extended/],
    ['half of what another did', ['addPair', 'lookAtPairs'], /^no order .*lookAtPairs \d+ saw addPair/s],
  ];
  for (const [what, kinds, expected] of planted) {
    it(`at READ COMMITTED have none, and the checker finds it: ${what}`, async (t) => {
      for (let seed = firstSeed; seed < firstSeed + triesOfEach; seed++) {
        const only = kinds.length > 0 ? { kinds } : {};
        const { faults } = await play(nodes, { seed, works: 100, isReadCommitted: true, ...only });
        const found = faults.find((fault) => expected.test(fault));
        if (found === undefined) continue;
        t.diagnostic(found);
        return;
      }
      assert.fail(`it was not found in ${triesOfEach} histories`);
    });
  }
});

/** By chance no two may meet in a short history. */
const triesOfEach = 10;

const summaryOf = ({ committed, repeated, refused }: Played) =>
  `${committed} committed, ${repeated} runs repeated, ${refused} refused`;
