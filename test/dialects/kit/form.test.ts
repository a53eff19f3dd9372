/** Forms and queries: decoded as the WHATWG says, up to a number of fields, in time that grows with their length. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { maxFormFields, parseForm, queryEntries } from '../../../src/dialects/kit/form.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { assertLinear } from '../../support/growth.ts';

test('what is percent-encoded is decoded, and what is not stays', () => {
  assert.deepEqual(parseForm('a=%E4%B8%AD+b%2Bc&d&=x&&e=100%&f=%zz&g=1=2&h=%C4%E3'), [
    ['a', '中 b+c'],
    ['d', ''],
    ['', 'x'],
    ['e', '100%'],
    ['f', '%zz'],
    ['g', '1=2'],
    ['h', '\ufffd\ufffd'],
  ]);
});

// Without Unicode characters of which `%ff中` shows that Node's own decoder gets them wrong.
test('any text means what URLSearchParams makes of it', () => {
  const piece = fc.constantFrom('a', '=', '&', '+', '%', '%4', '%41', '%e4%b8%ad', '%ff', '[', ']', ' ', '#', '\0');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      // A leading question mark is not part of a query that was cut out of its URL.
      assert.deepEqual(parseForm(text), [...new URLSearchParams(text)]);
    }),
    { numRuns: 2000 },
  );
});

test('the query of a URL ends where the fragment begins', () => {
  assert.deepEqual(queryEntries('https://a.example/b?c=d&c=e?#f?g=h'), [
    ['c', 'd'],
    ['c', 'e?'],
  ]);
  assert.deepEqual(queryEntries('https://a.example/b'), []);
  assert.deepEqual(queryEntries('https://a.example/b?'), []);
});

test('more fields than the limit are refused, naming it', () => {
  assert.equal(parseForm('a&'.repeat(maxFormFields)).length, maxFormFields);
  assert.throws(
    () => parseForm('a&'.repeat(maxFormFields + 1)),
    (thrown) => {
      assert.ok(thrown instanceof CertError);
      assert.deepEqual(thrown.reason, { key: 'tooManyFields', params: { limit: maxFormFields } });
      return true;
    },
  );
});

describe('the time grows with the length of', () => {
  const rows: readonly (readonly [what: string, make: (count: number) => string])[] = [
    ['plus signs', (count) => `a=${'+'.repeat(count)}`],
    ['encoded bytes', (count) => '%41'.repeat(count / 3)],
    ['percent signs', (count) => '%'.repeat(count)],
    ['bytes that are no UTF-8', (count) => '%ff'.repeat(count / 3)],
    ['separators', (count) => '&'.repeat(count)],
    ['equals signs', (count) => '='.repeat(count)],
  ];
  for (const [what, make] of rows) test(what, () => assertLinear(100_000, make, parseForm));
});
