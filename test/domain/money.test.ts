import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currencyDecimals, formatMoney, toMajor } from '../../src/domain/money.ts';

const rows: readonly (readonly [minor: number, currency: string, major: number, text: string])[] = [
  [25_600, 'CNY', 256, '256.00 CNY'],
  [0, 'CNY', 0, '0.00 CNY'],
  [1, 'USD', 0.01, '0.01 USD'],
  [1999, 'EUR', 19.99, '19.99 EUR'],
  [-550, 'CNY', -5.5, '-5.50 CNY'], // a charge in the ledger
  [500, 'JPY', 500, '500 JPY'], // ISO 4217: no minor unit
  [500, 'KRW', 500, '500 KRW'],
  [500, 'VND', 500, '500 VND'],
  [Number.MAX_SAFE_INTEGER - 1, 'CNY', 90_071_992_547_409.9, '90071992547409.91 CNY'],
  [110, 'USD', 1.1, '1.10 USD'],
  [115, 'USD', 1.15, '1.15 USD'], // 1.15 is no binary fraction: it must not round to 1.14 or 1.16
];
for (const [minor, currency, major, text] of rows) {
  test(`${minor} minor units of ${currency} are ${text}`, () => {
    assert.equal(formatMoney({ minor, currency }), text);
    if (Math.abs(minor) < 1e12) assert.equal(toMajor(minor, currency), major);
  });
}

test('Every whole number of cents is shown as it is.', () => {
  for (let minor = 0; minor <= 20_000; minor++) {
    const cents = String(minor).padStart(3, '0');
    assert.equal(formatMoney({ minor, currency: 'CNY' }), `${cents.slice(0, -2)}.${cents.slice(-2)} CNY`);
    assert.equal(Math.round(toMajor(minor, 'CNY') * 10 ** currencyDecimals('CNY')), minor);
  }
});
