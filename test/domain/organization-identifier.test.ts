/** Identifiers of organizations in registers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOrganizationIdentifier } from '../../src/domain/organization-identifier.ts';

const good = {
  'NTRGB-12345678': ['NTR', 'GB', undefined, '12345678'],
  'NTRUS+CA-C 098-7654': ['NTR', 'US', 'CA', 'C 098-7654'],
  'NTRXG-5493001KJTIIGC8Y1R12': ['NTR', 'XG', undefined, '5493001KJTIIGC8Y1R12'], // a register of the whole world
  'VATEL-123456789': ['VAT', 'EL', undefined, '123456789'], // Greece, as tax authorities write it
  'VATXI-123456789': ['VAT', 'XI', undefined, '123456789'], // Northern Ireland
  'PSDBE-NBB-1234.567.890': ['PSD', 'BE', undefined, 'NBB-1234.567.890'],
} as const;

for (const [text, parts] of Object.entries(good)) {
  test(`${text} is one.`, () => {
    const found = parseOrganizationIdentifier(text);
    assert.deepEqual([found?.scheme, found?.country, found?.state, found?.reference], parts);
  });
}

const bad = [
  'HRB86891',
  'LEIXG-5493001KJTIIGC8Y1R12', // a scheme of certificates for mail
  'NTRUK-12345678', // the code is GB
  'NTREL-12345678', // EL is a word of tax authorities only
  'NTRZZ-1',
  'VATDE+BY-1', // no tax authority is of a state
  'PSDBE-12345', // without the authority
  'NTRDE-',
  'NTRDE- 1',
  'ntrde-1',
];

for (const text of bad) {
  test(`"${text}" is none.`, () => assert.equal(parseOrganizationIdentifier(text), undefined));
}
