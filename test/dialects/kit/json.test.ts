/** JSON from strangers: as JSON.parse reads it, up to a depth and a number of values. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseJson, replyJson } from '../../../src/dialects/kit/json.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { assertLinear } from '../../support/growth.ts';

function refusal(text: string) {
  try {
    parseJson(text, 'params');
  } catch (thrown) {
    assert.ok(thrown instanceof CertError, String(thrown));
    return thrown.reason;
  }
  return undefined;
}

test('whatever JSON.parse understands is understood the same way', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(parseJson(text, 'body'), JSON.parse(text));
    }),
  );
});

describe('the limits', () => {
  const rows: readonly (readonly [what: string, text: string, key: string | undefined])[] = [
    ['32 levels', '['.repeat(32) + ']'.repeat(32), undefined],
    ['33 levels', '['.repeat(33) + ']'.repeat(33), 'jsonTooDeep'],
    ['33 levels of objects', '{"a":'.repeat(33), 'jsonTooDeep'],
    ['a megabyte of brackets', '['.repeat(1 << 20), 'jsonTooDeep'],
    ['10,000 values', `[${'1,'.repeat(9_998)}1]`, undefined],
    ['10,001 values and the list', `[${'1,'.repeat(10_000)}1]`, 'jsonTooManyValues'],
    ['many empty objects', `[${'{},'.repeat(6000)}{}]`, 'jsonTooManyValues'],
    ['brackets and commas inside strings', JSON.stringify(`${'[{,'.repeat(20_000)}"\\"`), undefined],
    ['a string that ends in a backslash', '["\\\\", [[]]]', undefined],
    ['a string without an end', '["\\', 'malformedJson'],
    ['closing brackets only', ']]]]', 'malformedJson'],
  ];
  for (const [what, text, key] of rows) test(what, () => assert.equal(refusal(text)?.key, key));

  test('are named together with the field', () => {
    assert.deepEqual(refusal('['.repeat(33))?.params, { field: 'params', limit: 32 });
    assert.deepEqual(refusal(`[${'1,'.repeat(10_000)}1]`)?.params, { field: 'params', limit: 10_000 });
  });
});

test('a reply that is no JSON is undefined', () => {
  assert.equal(replyJson('<html>'), undefined);
  assert.equal(replyJson('['.repeat(100)), undefined);
  assert.deepEqual(replyJson('[1]'), [1]);
});

describe('the time grows with the length of', () => {
  const rows: readonly (readonly [what: string, make: (count: number) => string])[] = [
    ['a string of backslashes', (count) => `["${'\\\\'.repeat(count / 2)}"]`],
    ['a string of escaped quotes', (count) => `["${'\\"'.repeat(count / 2)}"]`],
    ['backslashes and no quote', (count) => `["${'\\'.repeat(count)}`],
    ['blanks', (count) => ' '.repeat(count)],
    ['digits', (count) => '1'.repeat(count)],
    ['opening brackets', (count) => '['.repeat(count)],
    ['empty strings', (count) => '""'.repeat(count / 2)],
  ];
  for (const [what, make] of rows) {
    test(what, () =>
      assertLinear(100_000, make, (text) => {
        assert.doesNotThrow(() => refusal(text));
      }),
    );
  }
});
