import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monthAfter, monthText, parseMonth, startOfMonth } from '../../src/domain/month.ts';

describe('a month', () => {
  const texts: readonly (readonly [string, number | undefined])[] = [
    ['2026-11', 202611],
    ['1970-01', 197001],
    ['9999-12', 999912],
    ['1969-12', undefined],
    ['0000-01', undefined],
    ['0099-01', undefined],
    ['2026-13', undefined],
    ['2026-00', undefined],
    ['2026-1', undefined],
    ['', undefined],
  ];
  for (const [text, month] of texts) {
    it(`"${text}" is ${month ?? 'none'}`, () => {
      assert.equal(parseMonth(text), month);
    });
  }

  const sums: readonly (readonly [number, number, number])[] = [
    [202611, 1, 202612],
    [202612, 1, 202701],
    [202601, -1, 202512],
    [202611, -119, 201612],
    [197001, -119, 196002],
    [999912, 1, 1_000_001],
    [101, 0, 101],
  ];
  for (const [month, months, result] of sums) {
    it(`${monthText(month)} and ${months} is ${monthText(result)}`, () => {
      assert.equal(monthAfter(month, months), result);
    });
  }

  it('before the year 1 there is none, so that no loop over months goes on for ever', () => {
    assert.throws(() => monthAfter(1, -11), RangeError);
    assert.throws(() => monthAfter(101, -1), RangeError);
    assert.throws(() => monthAfter(-110, 1), RangeError);
  });

  it('begins in UTC', () => {
    assert.equal(startOfMonth(202611).toISOString(), '2026-11-01T00:00:00.000Z');
  });
});
