import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serialFromText } from '../../src/domain/certificate.ts';

const rows: readonly (readonly [string, string | undefined])[] = [
  ['4bf7cf99', '4bf7cf99'],
  ['4B:F7:CF:99', '4bf7cf99'],
  [' 4b f7\ncf 99 ', '4bf7cf99'],
  ['00:8f:01', '8f01'], // the sign byte that DER writes
  ['A1B', '0a1b'], // a spreadsheet or bc dropped the zero
  [`00${'ff'.repeat(20)}`, 'ff'.repeat(20)],
  ['0', '00'],
  ['ff'.repeat(21), undefined], // RFC 5280 §4.1.2.2
  ['0x4bf7', undefined],
  ['zz', undefined],
  [':', undefined],
  ['', undefined],
];

describe('a serial that people paste', () => {
  for (const [text, serial] of rows) {
    it(`${JSON.stringify(text.slice(0, 20))} is ${serial ?? 'none'}`, () => {
      assert.equal(serialFromText(text), serial);
    });
  }
});
