import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaultListSettings, endless, listEveryMs, listTimes, nextListAt } from '../../src/domain/crl-times.ts';

const at = (text: string) => new Date(`2026-${text}Z`);
const period = { from: at('06-01T00:00:00'), until: at('12-01T00:00:00') };
const list = { period, days: 7, backdateSeconds: 300 };
const day = 86_400_000;

describe('a list', () => {
  const rows = [
    // made, the list before it, begins, ends
    ['07-01T12:00:00.900', undefined, '07-01T11:55:00', '07-08T11:55:00'], // 7 days from where it begins
    ['06-01T00:01:00', undefined, '06-01T00:00:00', '06-08T00:00:00'], // no sooner than its authority
    ['07-01T12:00:00', '07-01T11:54:59', '07-01T11:55:00', '07-08T11:55:00'],
    ['07-01T12:00:00', '07-01T11:55:00', '07-01T11:55:01', '07-08T11:55:01'], // two within a second
    ['07-01T12:00:00', '07-01T11:59:00', '07-01T11:59:01', '07-08T11:59:01'], // the setting was shorter
    ['07-01T12:00:00', '07-01T12:00:00', '07-01T12:00:00', '07-08T12:00:00'], // never of the future
  ] as const;
  for (const [made, before, begins, ends] of rows) {
    test(`made at ${made} after one of ${before} begins at ${begins}`, () => {
      const times = { now: at(made), before: before && at(before), isLast: false };
      assert.deepEqual(listTimes(list, times), { thisUpdate: at(begins), nextUpdate: at(ends) });
    });
  }

  test('that is the last one has no end', () => {
    const last = listTimes(list, { now: at('11-30T23:00:00'), before: undefined, isLast: true });
    assert.deepEqual(last, { thisUpdate: at('11-30T22:55:00'), nextUpdate: endless });
  });

  test('is followed by the next a day later, of a root a sixth of its life later', () => {
    assert.equal(listEveryMs({ role: 'intermediate' }, defaultListSettings), day);
    assert.equal(listEveryMs({ role: 'root' }, defaultListSettings), 30 * day);
    assert.equal(listEveryMs({ role: 'root' }, { ...defaultListSettings, rootDays: 2 }), day);
  });

  test('is followed by one of the last day, and by one of the last hour', () => {
    const next = (made: string) => nextListAt(period, 30 * day, at(made)).toISOString();
    assert.equal(next('06-01T00:00:00'), '2026-07-01T00:00:00.000Z');
    assert.equal(next('11-15T00:00:00'), '2026-11-30T00:00:00.000Z');
    assert.equal(next('11-30T00:00:00'), '2026-11-30T23:00:00.000Z');
  });
});
