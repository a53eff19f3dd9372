/** Who gets the free places: in rows of what waits and what is under way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Contender, chosenInTurn, type UnderWay } from '../../src/domain/fair-share.ts';

/** `a1@dead 5`: a job of account a in the zone dead, due at second 5. */
function contender(text: string): Contender & { readonly name: string } {
  const [, owner = '', rest = '', zone = null, seconds = '0'] = /^([a-z])(\d*)(?:@(\w+))?(?: (\d+))?$/.exec(text) ?? [];
  return { name: `${owner}${rest}`, owner, zone, runAt: new Date(Number(seconds) * 1000) };
}

const list = (text: string) => (text === '' ? [] : text.split(', ').map(contender));

interface Row {
  readonly why: string;
  readonly due: string;
  readonly underWay?: string;
  readonly places?: number;
  readonly chosen: string;
  readonly crowded?: string;
}

const rows: readonly Row[] = [
  { why: 'nothing is due', due: '', chosen: '' },
  { why: 'one account: what has waited the longest first', due: 'a1 3, a2 1, a3 2', chosen: 'a2 a3 a1' },
  {
    why: 'accounts take turns, however long the first one waits',
    due: 'a1 1, a2 2, a3 3, b1 9',
    chosen: 'a1 b1 a2 a3',
  },
  { why: 'who has the least under way is first', due: 'a1 1, b1 2', underWay: 'a, a', places: 1, chosen: 'b1' },
  { why: 'no account has more than its share', due: 'a1 1, a2 2, a3 3, a4 4', chosen: 'a1 a2 a3' },
  { why: 'what is under way counts', due: 'a1 1, a2 2, b1 3', underWay: 'a, a', chosen: 'b1 a1' },
  { why: 'an account whose share is taken gets nothing', due: 'a1 1, b1 2', underWay: 'a, a, a', chosen: 'b1' },
  { why: 'no more than there are places', due: 'a1 1, b1 2, c1 3', places: 2, chosen: 'a1 b1' },
  { why: 'there is no place', due: 'a1 1', places: 0, chosen: '' },
  {
    why: 'no zone has more than its share, whoever they are',
    due: 'a1@z 1, b1@z 2, c1@z 3',
    chosen: 'a1 b1',
    crowded: 'c1',
  },
  {
    why: 'what is under way in a zone counts, and what stands behind it is not held up',
    due: 'a1@z 1, a2@y 2',
    underWay: 'b@z, c@z',
    chosen: 'a2',
    crowded: 'a1',
  },
  { why: 'no zone is no common zone', due: 'a1 1, b1 2, c1 3, d1 4', chosen: 'a1 b1 c1 d1' },
];

describe('free places', () => {
  for (const { why, due, underWay = '', places = 9, chosen, crowded = '' } of rows) {
    it(why, () => {
      const busy: readonly UnderWay[] = list(underWay);
      const choice = chosenInTurn(list(due), busy, { places, perAccount: 3, perZone: 2 });
      const names = (these: readonly { readonly name: string }[]) => these.map(({ name }) => name).join(' ');
      assert.deepEqual([names(choice.chosen), names(choice.crowded)], [chosen, crowded]);
    });
  }

  it('are divided evenly among many accounts that each wait with many', () => {
    const due = Array.from({ length: 500 }, (_, i) => ({ owner: `account ${i % 10}`, zone: null, runAt: new Date(i) }));
    const { chosen } = chosenInTurn(due, [], { places: 40, perAccount: 8, perZone: 16 });
    const counts = Object.values(Object.groupBy(chosen, ({ owner }) => owner)).map((all) => all?.length);
    assert.deepEqual(counts, Array(10).fill(4));
  });
});
