/** What is counted of the audit log, on every engine: counts are removed in pieces, and nothing is added meanwhile. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { CountedEvent, StatisticCount } from '../../src/domain/statistics.ts';
import { at, insertWorld } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

const day = 20_605;
const span = { from: day, until: day };

export function statisticSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`statistics on ${name}`, () => {
    let opened: Opened;
    beforeEach(async () => {
      opened = await openFresh();
      await opened.database.write((tx) => insertWorld(tx));
    });
    afterEach(() => opened.remove());

    const last = (sequence: number): CountedEvent => ({
      sequence,
      kind: 'order.placed',
      accountId: null,
      at,
      data: null,
    });
    const countOf = (series: StatisticCount['series'], key: string): StatisticCount => ({
      series,
      scope: 'all',
      day,
      key,
      total: 1,
      lastAt: at,
    });
    const add = (counts: readonly StatisticCount[], after: number, sequence: number) =>
      opened.database.write((tx) => tx.statistics.add(counts, { after, last: last(sequence) }));
    const clear = (limit: number) => opened.database.write((tx) => tx.statistics.clear(limit));
    const keysOf = async (series: StatisticCount['series']) =>
      (await opened.database.read.statistics.list(series, 'all', span)).map(({ key, total }) => `${key} ${total}`);
    const progress = () => opened.database.read.statistics.progress();

    it('are removed in pieces, and counted from the first event then', async () => {
      const keys = ['a', 'b', 'c', 'd', 'e'];
      const counts = [...keys.map((key) => countOf('issuance', key)), countOf('issuers', 'embedded')];
      assert.equal(await add(counts, 0, 7), true);
      assert.deepEqual(await progress(), { sequence: 7, at, isClearing: false });
      assert.equal(await clear(2), false, 'nobody has asked for it');
      assert.equal((await keysOf('issuance')).length, 5);

      await opened.database.write((tx) => tx.statistics.startOver());
      assert.deepEqual(await progress(), { sequence: 0, at: null, isClearing: true });
      assert.equal(await add([countOf('issuance', 'late')], 7, 8), false);
      assert.equal(await add([countOf('issuance', 'early')], 0, 1), false);
      assert.equal(await clear(2), true);
      assert.deepEqual([await keysOf('issuance'), await keysOf('issuers')], [['c 1', 'd 1', 'e 1'], []]);
      assert.equal(await clear(2), true);
      assert.equal(await clear(2), false);
      assert.deepEqual(
        [await keysOf('issuance'), await progress()],
        [[], { sequence: 0, at: null, isClearing: false }],
      );

      assert.equal(await add([countOf('issuance', 'a')], 7, 8), false, 'of a node that had read before');
      assert.equal(await add([countOf('issuance', 'a')], 0, 8), true);
      assert.equal(await add([countOf('issuance', 'a')], 0, 8), false, 'of a node that was slower');
      assert.deepEqual([await keysOf('issuance'), (await progress()).sequence], [['a 1'], 8]);
    });

    it('need no removal where nothing was counted', async () => {
      await opened.database.write((tx) => tx.statistics.startOver());
      assert.deepEqual(await progress(), { sequence: 0, at: null, isClearing: false });
      assert.equal(await clear(10), false);
    });
  });
}
