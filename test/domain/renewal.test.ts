import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reissueDue, renewalDue, successionDue } from '../../src/domain/order.ts';

const dayMs = 86_400_000;
const start = new Date('2026-06-01T00:00:00Z');
const day = (count: number) => new Date(start.getTime() + count * dayMs);
const dayOf = (date: Date | undefined) => (date === undefined ? undefined : (date.getTime() - start.getTime()) / dayMs);

describe('what lasts for a time is to be followed', () => {
  const rows: readonly (readonly [lifeDays: number, dueAfterDays: number])[] = [
    [6, 3], // half of less than ten days, as ARI has it
    [9, 4.5],
    [10, 20 / 3], // two thirds
    [45, 30],
    [47, 47 * (2 / 3)],
    [90, 60], // where two thirds and 30 days before the end meet
    [100, 70],
    [199, 169], // 30 days before the end
    [397, 367],
  ];
  for (const [lifeDays, dueAfterDays] of rows) {
    test(`${lifeDays} days: after ${dueAfterDays}`, () => {
      const due = dayOf(successionDue(start, day(lifeDays)));
      assert.ok(due !== undefined && Math.abs(due - dueAfterDays) < 1e-6, String(due));
    });
  }

  test('Never before half of it, never after its end.', () => {
    for (let life = 1; life < 400; life++) {
      const due = dayOf(successionDue(start, day(life))) ?? assert.fail();
      assert.ok(due >= life / 2 && due < life, `${life} days: after ${due}`);
    }
  });
});

describe('a certificate', () => {
  const certificate = { notBefore: start, notAfter: day(199) };
  const rows = [
    ['of a year', 365, null, 169],
    ['of a coverage that ends with it', 199, null, undefined],
    ['of a coverage that ends hours later', 199.9, null, undefined],
    ['of a coverage that ends a day later', 200, null, 169],
    ['of days that were asked for', 365, { days: 199 }, 169],
    ['that was wanted no longer', 365, { until: day(199) }, undefined],
    ['that was wanted for longer than it may be', 365, { until: day(300) }, 169],
  ] as const;
  for (const [what, coverageDays, validity, dueDay] of rows) {
    test(`${what} is ${dueDay === undefined ? 'the last' : 'reissued'}`, () => {
      assert.equal(dayOf(reissueDue(certificate, { coverageUntil: day(coverageDays), validity })), dueDay);
    });
  }
});

describe('an order', () => {
  const order = {
    isAutoRenewed: true,
    renewedBy: null,
    renewalMark: null,
    coverageFrom: start,
    coverageUntil: day(365),
  } as const;
  const rows = [
    ['renews itself 30 days before its end', {}, 335],
    ['does not unless that was asked for', { isAutoRenewed: false }, undefined],
    ['is renewed once', { renewedBy: 'ord_other' as never }, undefined],
    ['was renewed elsewhere', { renewalMark: 'renewed' }, undefined],
    ['has not begun', { coverageFrom: null, coverageUntil: null }, undefined],
  ] as const;
  for (const [what, change, dueDay] of rows) {
    test(what, () => assert.equal(dayOf(renewalDue({ ...order, ...change })), dueDay));
  }
});
