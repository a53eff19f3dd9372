/** The countries that a subject may name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryCodes, countryOf } from '../../src/domain/country.ts';

test('There are 249 officially assigned codes, in order, each once.', () => {
  assert.equal(countryCodes.length, 249);
  assert.deepEqual([...new Set(countryCodes)].toSorted(), countryCodes);
});

test('Every one of them has a name, so none is a slip.', () => {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  assert.deepEqual(
    countryCodes.filter((code) => names.of(code) === undefined),
    [],
  );
});

const rows = {
  cn: 'CN',
  ' de ': 'DE',
  XX: undefined,
  UK: undefined,
  EU: undefined,
  ZZ: undefined,
  AN: undefined,
  '': undefined,
};

for (const [text, code] of Object.entries(rows)) {
  test(`"${text}" is ${code ?? 'no country'}.`, () => assert.equal(countryOf(text), code));
}
