/**
 * Works of the real stores at random, many at once on two nodes: whatever they saw of each other, they could have run one after the
 * other (docs/isolation.md). `npm run test:postgres -- --histories 100 --seed 7` plays more, and others.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { type Played, play } from '../support/history/play.ts';
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

  it('at READ COMMITTED have none, and the checker says so', async (t) => {
    const played = await play(nodes, { seed: firstSeed, works: worksOfEach, isReadCommitted: true });
    t.diagnostic(summaryOf(played));
    for (const fault of played.faults) t.diagnostic(fault);
    const [circle = ''] = played.faults;
    assert.match(circle, /^no order of these transactions explains what they saw:\n(  .+ before .+: .+ did not see .+\n?){2,}/);
    assert.ok(played.faults.length > 1, 'what must never be was found as well');
  });
});

const summaryOf = ({ committed, repeated, refused }: Played) =>
  `${committed} committed, ${repeated} runs repeated, ${refused} refused`;
