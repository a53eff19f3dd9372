/** How long an order is, and its certificates. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { orderLengthOf, type ValidityWords } from '../../../src/dialects/digicert/orders/validity.ts';
import { CertError } from '../../../src/domain/errors.ts';

const now = new Date('2026-06-01T12:00:00Z');
const fields = { years: 'validity_years', days: 'validity_days', until: 'custom_expiration_date' };

function lengthOf(words: Partial<Omit<ValidityWords, 'fields'>>) {
  return orderLengthOf({ years: undefined, days: undefined, until: undefined, ...words, fields }, now);
}

describe('the length of an order', () => {
  const rows: readonly (readonly [Parameters<typeof lengthOf>[0], number, object | null, object])[] = [
    [{ years: 1 }, 1, null, { years: 1 }],
    [{ years: 3 }, 3, null, { years: 3 }],
    [{ days: 90 }, 1, { days: 90 }, { days: 90 }],
    [{ days: 366 }, 1, { days: 366 }, { days: 366 }], // a leap year
    [{ days: 367 }, 2, { days: 367 }, { days: 367 }],
    [{ years: 2, days: 30 }, 1, { days: 30 }, { days: 30 }], // days outrank years
    [{ until: '2026-12-31' }, 1, { until: new Date('2026-12-31T23:59:59Z') }, { custom_expiration_date: '2026-12-31' }],
    [
      { until: '2027-12-31', days: 5, years: 1 }, // a date outranks both
      2,
      { until: new Date('2027-12-31T23:59:59Z') },
      { custom_expiration_date: '2027-12-31' },
    ],
    [
      { until: '2026-12-31T10:00:00.0000000+02:00' }, // Keyfactor
      1,
      { until: new Date('2026-12-31T08:00:00Z') },
      { custom_expiration_date: '2026-12-31' },
    ],
  ];
  for (const [words, periods, validity, shown] of rows) {
    test(`of ${JSON.stringify(words)}`, () => assert.deepEqual(lengthOf(words), { periods, validity, shown }));
  }

  test('is none where nothing was said', () => assert.equal(lengthOf({}), undefined));

  const refused: readonly (readonly [Parameters<typeof lengthOf>[0], RegExp])[] = [
    [{ years: 4 }, /^validity_years must be at most 3 years, not 4$/],
    [{ days: 1099 }, /^validity_days must be at most 3 years, not 1099$/],
    [{ until: '2029-12-31' }, /^custom_expiration_date must be at most 3 years, not "2029-12-31"$/],
    [{ until: '2026-05-31' }, /^custom_expiration_date must be a future date such as 2027-01-31, not "2026-05-31"$/],
    [{ until: '2026-02-31' }, /^custom_expiration_date must be a future date/],
    [{ until: 'soon' }, /^custom_expiration_date must be a future date such as 2027-01-31, not "soon"$/],
  ];
  for (const [words, message] of refused) {
    test(`of ${JSON.stringify(words)} is refused`, () => {
      assert.throws(
        () => lengthOf(words),
        (error) => error instanceof CertError && error.code === 'invalidField' && message.test(error.message),
      );
    });
  }
});
