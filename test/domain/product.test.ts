import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Coverage, coverageEnd } from '../../src/domain/product.ts';

describe('coverageEnd', () => {
  const rows: readonly (readonly [from: string, count: number, unit: Coverage['unit'], end: string])[] = [
    ['2026-06-01T12:34:56.789Z', 90, 'days', '2026-08-30T12:34:56.789Z'],
    ['2026-02-28T23:59:59.999Z', 1, 'days', '2026-03-01T23:59:59.999Z'],
    ['2028-02-28T00:00:00.000Z', 1, 'days', '2028-02-29T00:00:00.000Z'],
    ['2026-06-15T08:00:00.000Z', 1, 'months', '2026-07-15T08:00:00.000Z'],
    ['2026-01-31T08:00:00.000Z', 1, 'months', '2026-02-28T08:00:00.000Z'], // the last day, not 3 March
    ['2028-01-31T08:00:00.000Z', 1, 'months', '2028-02-29T08:00:00.000Z'], // leap year
    ['2026-01-30T08:00:00.000Z', 1, 'months', '2026-02-28T08:00:00.000Z'],
    ['2026-01-28T08:00:00.000Z', 1, 'months', '2026-02-28T08:00:00.000Z'],
    ['2026-03-31T08:00:00.000Z', 1, 'months', '2026-04-30T08:00:00.000Z'],
    ['2026-10-31T08:00:00.000Z', 1, 'months', '2026-11-30T08:00:00.000Z'],
    ['2026-08-31T08:00:00.000Z', 6, 'months', '2027-02-28T08:00:00.000Z'], // over the year's end
    ['2026-12-31T23:59:59.000Z', 2, 'months', '2027-02-28T23:59:59.000Z'],
    ['2026-11-30T00:00:00.000Z', 15, 'months', '2028-02-29T00:00:00.000Z'],
    ['2026-06-01T00:00:00.000Z', 12, 'months', '2027-06-01T00:00:00.000Z'],
    ['2026-06-01T00:00:00.000Z', 1, 'years', '2027-06-01T00:00:00.000Z'],
    ['2026-06-01T00:00:00.000Z', 3, 'years', '2029-06-01T00:00:00.000Z'],
    ['2028-02-29T10:00:00.000Z', 1, 'years', '2029-02-28T10:00:00.000Z'],
    ['2028-02-29T10:00:00.000Z', 4, 'years', '2032-02-29T10:00:00.000Z'],
    ['2096-02-29T10:00:00.000Z', 4, 'years', '2100-02-28T10:00:00.000Z'], // 2100 is no leap year
    ['2026-12-31T00:00:00.000Z', 1, 'years', '2027-12-31T00:00:00.000Z'],
  ];
  for (const [from, count, unit, end] of rows) {
    test(`${count} ${unit} from ${from} end at ${end}`, () => {
      const begin = new Date(from);
      assert.equal(coverageEnd(begin, { unit, count }).toISOString(), end);
      assert.equal(begin.toISOString(), from, 'the beginning is left as it was');
    });
  }

  test('A later beginning never ends earlier.', () => {
    for (const coverage of [
      { unit: 'months', count: 1 },
      { unit: 'years', count: 1 },
    ] as const) {
      let before = 0;
      for (let day = 0; day < 1500; day++) {
        const end = coverageEnd(new Date(Date.UTC(2027, 0, 1 + day)), coverage).getTime();
        assert.ok(end >= before, `day ${day}`);
        before = end;
      }
    }
  });
});
